#!/usr/bin/env bash
# Lists what a filter selects: volumes that nothing uses. FILTER is another one.
set -euo pipefail
shopt -s inherit_errexit

job=$(tracker scan --services ec2 --wait=false)
tracker scan --watch "$job" >/dev/null
tracker resources --job "$job" --filter "${FILTER:-type:EBS_Volume state:available}" --columns id,region,state,cost
