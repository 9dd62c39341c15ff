#!/usr/bin/env bash
# Plays somebody who has never seen the project: clones it, runs the first lines of its
# README, and says after how many seconds the first table stands on the screen.
# usage: scripts/stranger.sh [REPOSITORY]
set -euo pipefail
set -m # the service has a process group of its own, which an interrupt reaches whole
repository=${1:-$(cd "$(dirname "$0")/.." && pwd)}
home=$(mktemp -d)
server=
# An interrupt lets the service stop its Redis.
trap 'if [ -n "$server" ]; then kill -INT -- "-$server" 2>/dev/null || true; wait "$server" || true; fi; rm -rf "$home"' EXIT

begun=$SECONDS
# The checkout may be somebody else's, as in CI.
printf '[safe]\n\tdirectory = *\n' >"$home/gitconfig"
GIT_CONFIG_GLOBAL=$home/gitconfig git clone -q --depth 1 "file://$repository" "$home/clone"
cd "$home/clone"

# The commands of the README's consoles, in their order.
mapfile -t commands < <(awk '/^```/ { console = ($0 == "```console"); next } console && sub(/^\$ /, "")' README.md)
echo "+ ${commands[0]}"
PORT=0 DATA_DIR="$home/data" ${commands[0]} </dev/null >"$home/server" 2>&1 &
server=$!
until grep -q '^export TRACKER_URL=' "$home/server"; do
  kill -0 "$server" 2>/dev/null || { cat "$home/server" >&2; exit 1; }
  sleep 0.2
done
echo "the service answers after $((SECONDS - begun)) s"

pasted=$(grep '^export TRACKER_URL=' "$home/server")
eval "$pasted"
first=$(sed -n '/^export TRACKER_URL=/{n;p;q}' "$home/server")
echo "+ $first"
[ "$first" = "${commands[2]}" ] || { echo "the README goes on with: ${commands[2]}" >&2; exit 1; }
$first 2>/dev/null | tee "$home/table"
grep -q '^TYPE ' "$home/table"
echo "the first table stands after $((SECONDS - begun)) s"
