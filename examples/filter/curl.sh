#!/usr/bin/env bash
# Lists what a filter selects: volumes that nothing uses. FILTER is another one.
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

filter=${FILTER:-type:EBS_Volume state:available}
job=$(api POST /scan '{"services": ["ec2"]}' | jq -r .job_id)
wait_job "$job"
cursor=
while
  page=$(api GET "/jobs/$job/resources?limit=100&filter=$(jq -rn --arg f "$filter" '$f | @uri')&cursor=$cursor")
  jq -r '.resources[] | [.resource_id, .region, .state, (.estimated_cost_monthly // "unknown")] | @tsv' <<<"$page"
  cursor=$(jq -r '.next_cursor // empty | @uri' <<<"$page")
  [ -n "$cursor" ]
do :; done
