#!/usr/bin/env bash
# Writes what an archive has besides programs: the completions of shells.
# usage: scripts/extras.sh DIRECTORY
set -euo pipefail
mkdir -p "$1"
tracker() { CGO_ENABLED=0 go run ./cmd/tracker "$@"; }
tracker completion bash >"$1/tracker.bash"
tracker completion zsh >"$1/_tracker"
tracker completion fish >"$1/tracker.fish"
