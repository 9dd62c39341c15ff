#!/bin/sh
# Makes the .deb and the .rpm of programs that are built: build.sh BIN VERSION ARCH OUT.
# BIN holds api, worker and tracker for this machine's architecture ARCH, in Go's words.
set -eu
cd "$(dirname "$0")/../.."

bin=$1 VERSION=$2 ARCH=$3 out=$4
STAGE=$(mktemp -d)
trap 'rm -rf "$STAGE"' EXIT
export STAGE VERSION ARCH

cp "$bin/api" "$bin/worker" "$bin/tracker" "$STAGE"
"$bin/tracker" manual | gzip -9n >"$STAGE/tracker.1.gz"
"$bin/api" manual | gzip -9n >"$STAGE/resource-tracker-api.8.gz"
"$bin/worker" -manual | gzip -9n >"$STAGE/resource-tracker-worker.8.gz"
for shell in bash zsh fish; do
	"$bin/tracker" completion "$shell" >"$STAGE/tracker.$shell"
done
gzip -9nc CHANGELOG.md >"$STAGE/changelog.gz"
{
	echo 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/'
	echo 'Source: https://github.com/consolesensei/resource-tracker'
	echo
	echo 'Files: *'
	sed -n 's/^Copyright (c) /Copyright: /p' LICENSE
	echo 'License: MIT'
	sed -n '/^Permission is/,$p' LICENSE | sed 's/^$/./; s/^/ /'
} >"$STAGE/copyright"

mkdir -p "$out"
for packager in deb rpm; do
	go run github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.2 package --config deploy/packages/nfpm.yaml --packager "$packager" --target "$out"
done
