#!/usr/bin/env bash
# Deletes unattached volumes, at most LIMIT of them: first as a plan to look at, then for good.
set -euo pipefail
shopt -s inherit_errexit

job=$(tracker scan --services ec2 --wait=false)
tracker scan --watch "$job" >/dev/null
mapfile -t ids < <(tracker findings --job "$job" --rule unattached_volume --limit "${LIMIT:-2}" -o json | jq -r '.[].resource_id')
[ ${#ids[@]} -gt 0 ] || { echo "nothing to clean up"; exit 0; }

plan=$(tracker plan delete "${ids[@]}" --job "$job" -o json | jq -r .plan.plan_id)
tracker plan show "$plan"
tracker apply "$plan" --yes
