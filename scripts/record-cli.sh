#!/usr/bin/env bash
# Records in tmux how the command line shows a scan of the demo: with 80 and with 160 columns, and with 100 columns while
# the server is killed and started again in the middle. Each capture of a pane is a text file in OUT.
#
#   scripts/record-cli.sh BIN OUT   BIN has the programs api and tracker
set -euo pipefail
bin=$(cd "$1" && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
work=$(mktemp -d)
port=${PORT:-5099}
server=
tm() { tmux -L "record-$$" -f /dev/null "$@"; }
finish() {
  tm kill-server 2>/dev/null || true
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

# serve LATENCY: a demo whose calls take so long, so that there is progress to see.
serve() {
  echo "{\"latency\": \"$1\", \"resources\": 400}" >"$work/options.json"
  PORT=$port DATA_DIR=$work/data LOG_LEVEL=error "$bin/api" -demo -demo-options "$work/options.json" >>"$out/server.log" 2>&1 &
  server=$!
  for _ in $(seq 600); do
    curl -sf "http://127.0.0.1:$port/ready" >/dev/null && return
    sleep 0.1
  done
  echo "the server does not start: $out/server.log" >&2
  exit 1
}

# capture NAME COLUMNS LINES: records until the scan has ended. With `kill` the server dies in the middle.
capture() {
  local name=$1 columns=$2 lines=$3 dies=${4:-} n=0 pane
  mkdir -p "$out/$name"
  tm -u new-session -d -s "$name" -x "$columns" -y "$lines" bash --norc --noprofile
  tm send-keys -t "$name" "tracker scan --services ec2,rds,elasticloadbalancing,lambda,s3; echo exit code \$?" Enter
  for _ in $(seq 1200); do
    n=$((n + 1))
    pane=$(tm capture-pane -p -t "$name")
    printf '%s\n' "$pane" >"$out/$name/$(printf %04d "$n").txt"
    if grep -q '^exit code' <<<"$pane"; then
      return
    fi
    if [ "$dies" = kill ] && grep -qE ' [1-9][0-9] % of' <<<"$pane"; then
      dies=
      kill -9 "$server"
      wait "$server" 2>/dev/null || true
      for _ in $(seq 14); do # as long as it takes to be missed
        sleep 0.5
        n=$((n + 1))
        tm capture-pane -p -t "$name" >"$out/$name/$(printf %04d "$n").txt"
      done
      serve 5s # what is left takes longer than the longest pause before the server is asked again, 8 s
    fi
    sleep 0.2
  done
  echo "$name: the scan does not end" >&2
  exit 1
}

serve 700ms
# What the shells in tmux have: the key is not on the screen.
export TRACKER_URL=http://127.0.0.1:$port PATH=$bin:$PATH LC_ALL=C.UTF-8
TRACKER_API_KEY=$(cat "$work/data/api-key")
export TRACKER_API_KEY
capture 80 80 24
capture 160 160 50
capture killed 100 30 kill
for name in 80 160 killed; do
  echo "$name: $(find "$out/$name" -name '*.txt' | wc -l) captures"
done
