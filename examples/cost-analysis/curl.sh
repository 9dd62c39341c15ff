#!/usr/bin/env bash
# Sums what resources cost a month at list prices, by type and by the tag Team.
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
for group in type tag:Team; do
  api GET "/jobs/$job/costs?group_by=$group" | jq -r '
    "by \(.group_by): $\(.estimated_monthly_total | round) a month, and \(.resources_with_unknown_cost) resources of unknown cost",
    (.groups[:5][] | "  \(.key // "without")\t\(.estimated_monthly_total * 100 | round / 100)")'
done
