#!/usr/bin/env bash
# Makes sure that what the tests run against is there. Installs it where it can, else says
# what to install and fails.
set -euo pipefail

# need PROGRAM PACKAGE WHOSE: a program on PATH, and the package of Debian that has it.
need() {
  if command -v "$1" >/dev/null; then
    return
  fi
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "$3 need $1 on PATH. On Debian: sudo apt-get install $2" >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  apt-get install -y -q --no-install-recommends "$2"
}

need redis-server redis-server "The tests"
need redis-cli redis-server "The tests"
[ -n "$(ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null)" ] || need initdb postgresql "The tests of the history"
# The browser without a window takes a third less of the processor. Where it is not to be had, the other one does.
(need chromium-headless-shell chromium-headless-shell "The tests of pages") 2>/dev/null || need chromium chromium "The tests of pages"
need tmux tmux "The test of the command line's progress"
need caddy caddy "The test of the proxy"
need curl curl "The examples"
need jq jq "The examples"
need python3 python3 "The tests of the Python client"

if ! command -v npm >/dev/null; then
  echo "The tests of the TypeScript client and of the web pages need Node 20 and npm on PATH: https://nodejs.org" >&2
  exit 1
fi

if ! moto_server -h >/dev/null 2>&1; then
  echo "moto_server is missing; trying pip install 'moto[server]==5.2.1'"
  pip install 'moto[server]==5.2.1' || true
  if ! moto_server -h >/dev/null 2>&1; then
    echo "The end-to-end tests need moto_server on PATH: pip install 'moto[server]==5.2.1'" >&2
    exit 1
  fi
fi
