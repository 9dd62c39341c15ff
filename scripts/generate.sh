#!/bin/sh
# Writes anew what is generated and committed.
set -eu
cd "$(dirname "$0")/.."
export CGO_ENABLED=0

# The clients of AWS's large services. The test in internal/aws/generate says when they are stale.
go run ./internal/aws/generate

# The rest is generated from the API's document.
document=$(mktemp)
trap 'rm -f "$document"' EXIT

# The Go client. Its test in clients/go says when it is stale.
go run ./clients/go/internal/generate >"$document"
go tool -modfile=tools.mod oapi-codegen -config clients/go/internal/generate/config.yaml \
  -o clients/go/client.gen.go "$document"

# The types of the TypeScript client. Its tests in clients/typescript say when they are stale.
npm --prefix clients/typescript ci --no-audit --no-fund --prefer-offline
go run ./cmd/api openapi >"$document"
npm --prefix clients/typescript run --silent generate <"$document"
