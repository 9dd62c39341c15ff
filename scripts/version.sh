#!/usr/bin/env bash
# Says whether the source is that of a version, and prints version=VERSION for the jobs of a
# release.
# usage: scripts/version.sh VERSION
set -euo pipefail
cd "$(dirname "$0")/.."
version=$1

[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] || { echo "$version is no version such as 1.2.3" >&2; exit 1; }
source=$(sed -n 's/^\tsource = "\(.*\)"$/\1/p' tracker/version.go)
# A candidate such as 1.2.3-rc.1 is made from the source of 1.2.3.
if [ "${version%%-*}" != "$source" ]; then
  echo "the source is version $source (tracker/version.go), not $version" >&2
  exit 1
fi
if [ "$version" = "$source" ] && ! grep -q "^## $version\b" CHANGELOG.md; then
  echo "CHANGELOG.md has no section $version" >&2
  exit 1
fi
echo "version=$version"
