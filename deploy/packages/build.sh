#!/bin/sh
# Makes the .deb and the .rpm of programs that are built, in dist: build.sh BIN VERSION ARCH.
# BIN holds api, worker and tracker for this machine's architecture ARCH, in Go's words.
set -eu
cd "$(dirname "$0")/../.."

bin=$1
export VERSION="$2" ARCH="$3"
stage=dist/stage # where nfpm.yaml looks
mkdir -p "$stage"

cp "$bin/api" "$bin/worker" "$bin/tracker" "$stage"
"$bin/tracker" manual | gzip -9n >"$stage/tracker.1.gz"
"$bin/api" manual | gzip -9n >"$stage/resource-tracker-api.8.gz"
"$bin/worker" -manual | gzip -9n >"$stage/resource-tracker-worker.8.gz"
for shell in bash zsh fish; do
	"$bin/tracker" completion "$shell" >"$stage/tracker.$shell"
done
gzip -9nc CHANGELOG.md >"$stage/CHANGELOG.md.gz"
date=$(git log -1 --format=%cD)
printf 'resource-tracker (%s) stable; urgency=medium\n\n  * CHANGELOG.md.gz says what is new.\n\n -- %s  %s\n' \
	"$VERSION" "$(sed -n 's/^maintainer: //p' deploy/packages/nfpm.yaml)" "$date" | gzip -9n >"$stage/changelog.gz"
{
	echo 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/'
	echo 'Source: https://github.com/consolesensei/resource-tracker'
	echo
	echo 'Files: *'
	sed -n 's/^Copyright (c) /Copyright: /p' LICENSE
	echo 'License: MIT'
	sed -n '/^Permission is/,$p' LICENSE | sed 's/^$/./; s/^/ /'
} >"$stage/copyright"

for packager in deb rpm; do
	go run github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.2 package --config deploy/packages/nfpm.yaml --packager "$packager" --target dist
done
