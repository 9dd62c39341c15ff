#!/usr/bin/env bash
# Fails a pipeline, with 5, when findings would save more than MAX_WASTE dollars a month, or with 3
# when the scan did not see everything.
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
answer=$(api GET "/jobs/$job/findings?counted=true&limit=1")
jq -r --arg max "${MAX_WASTE:-100}" '"waste: $\(.summary.monthly_saving * 100 | round / 100) a month; allowed: $\($max)"' <<<"$answer"
[ "$(jq .complete <<<"$answer")" = true ] || exit 3
jq -e --argjson max "${MAX_WASTE:-100}" '.summary.monthly_saving <= $max' <<<"$answer" >/dev/null || exit 5
