#!/usr/bin/env bash
# Prints the section of a version in CHANGELOG.md, and for a candidate what is unreleased.
# usage: scripts/notes.sh VERSION
set -euo pipefail
cd "$(dirname "$0")/.."
section=$1
case $section in *-*) section=Unreleased ;; esac
awk -v heading="## $section" '
  /^## / { within = ($0 == heading || index($0, heading " ") == 1); next }
  within' CHANGELOG.md
