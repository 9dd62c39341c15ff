#!/usr/bin/env bash
# Writes what an archive has besides programs: manual pages, and the completions of shells.
# usage: scripts/extras.sh DIRECTORY
set -euo pipefail
mkdir -p "$1"
export CGO_ENABLED=0
tracker() { go run ./cmd/tracker "$@"; }
tracker manual >"$1/tracker.1"
go run ./cmd/api manual >"$1/resource-tracker-api.8"
go run ./cmd/worker -manual >"$1/resource-tracker-worker.8"
tracker completion bash >"$1/tracker.bash"
tracker completion zsh >"$1/_tracker"
tracker completion fish >"$1/tracker.fish"
