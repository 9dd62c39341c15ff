#!/usr/bin/env bash
# Stops one running instance of dev, and waits until AWS shows it stopped. REGION is where.
set -euo pipefail
shopt -s inherit_errexit

region=${REGION:-us-east-1}
job=$(tracker scan --types EC2_Instance --regions "$region" --wait=false)
tracker scan --watch "$job" >/dev/null
id=$(tracker resources --job "$job" --filter 'state:running tag:Environment=dev -tag:aws:autoscaling:groupName' --limit 1 -o json | jq -r '.[0].resource_id // empty')
[ -n "$id" ] || { echo "no instance of dev runs in $region" >&2; exit 1; }

plan=$(tracker plan stop "$id" --job "$job" -o json | jq -r .plan.plan_id)
tracker plan show "$plan"
tracker apply "$plan" --yes # without --yes it asks
