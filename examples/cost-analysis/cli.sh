#!/usr/bin/env bash
# Sums what resources cost a month at list prices, by type and by the tag Team.
set -euo pipefail
shopt -s inherit_errexit

job=$(tracker scan --services ec2 --wait=false)
tracker scan --watch "$job" >/dev/null
tracker costs --job "$job"
tracker costs --job "$job" --group-by tag:Team
