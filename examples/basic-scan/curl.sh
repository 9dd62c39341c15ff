#!/usr/bin/env bash
# Scans the account and says what there is, by type, and what could not be seen.
set -euo pipefail
shopt -s inherit_errexit

api() { # METHOD PATH [BODY]
  local answer
  answer=$(curl -sS --fail-with-body -X "$1" "$TRACKER_URL/api/v1$2" -H "X-API-Key: $TRACKER_API_KEY" \
    -H 'Content-Type: application/json' ${3:+-d "$3"}) || { echo "$1 $2: $answer" >&2; return 1; }
  echo "$answer"
}

wait_job() { # JOB
  local state
  while :; do
    state=$(api GET "/jobs/$1" | jq -r .state)
    case $state in
      succeeded | partial) return ;;
      failed | cancelled) echo "the scan has $state" >&2; return 1 ;;
    esac
    sleep 1
  done
}

job=$(api POST /scan '{"services": ["ec2"]}' | jq -r .job_id)
wait_job "$job"
api GET "/jobs/$job" | jq -r '
  "\(.state): \(.summary.total_resources) resources, about $\(.cost_summary.estimated_monthly_total | round) a month",
  (.summary.by_type | to_entries[] | "\(.key)\t\(.value)"),
  (.errors[] | "not seen: \(.outcome) \(.message)")'
