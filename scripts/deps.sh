#!/usr/bin/env bash
# Makes sure that what the tests run against is there: redis-server, chromium, tmux, Node
# and moto_server. Installs them where it can, else says what to install and fails.
set -euo pipefail

if ! command -v redis-server >/dev/null || ! command -v redis-cli >/dev/null; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "The tests need redis-server and redis-cli, 6.2 or newer. On Debian: sudo apt-get install redis-server" >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  apt-get install -y -q --no-install-recommends redis-server
fi

if ! command -v chromium >/dev/null; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "The tests of pages need chromium on PATH. On Debian: sudo apt-get install chromium" >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  apt-get install -y -q --no-install-recommends chromium
fi

if ! command -v npm >/dev/null; then
  echo "The tests of the TypeScript client and of the dashboard need Node 20 and npm on PATH: https://nodejs.org" >&2
  exit 1
fi

if ! command -v tmux >/dev/null; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "The test of the command line's progress needs tmux on PATH. On Debian: sudo apt-get install tmux" >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  apt-get install -y -q --no-install-recommends tmux
fi

if ! moto_server -h >/dev/null 2>&1; then
  echo "moto_server is missing; trying pip install 'moto[server]==5.2.1'"
  pip install 'moto[server]==5.2.1' || true
  if ! moto_server -h >/dev/null 2>&1; then
    echo "The end-to-end tests need moto_server on PATH: pip install 'moto[server]==5.2.1'" >&2
    exit 1
  fi
fi
