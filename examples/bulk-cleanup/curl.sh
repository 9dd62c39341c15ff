#!/usr/bin/env bash
# Deletes unattached volumes, at most LIMIT of them: first as a plan to look at, then for good.
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

wait_plan() { # PLAN: prints it when it is neither planned nor applied any more
  local plan
  while :; do
    plan=$(api GET "/plans/$1")
    case $(jq -r .plan.state <<<"$plan") in
      planning | applying) sleep 1 ;;
      *) echo "$plan"; return ;;
    esac
  done
}

job=$(api POST /scan '{"services": ["ec2"]}' | jq -r .job_id)
wait_job "$job"
items=$(api GET "/jobs/$job/findings?rule=unattached_volume&counted=true&limit=${LIMIT:-2}" | jq -c '[.findings[].fix]')
[ "$items" != '[]' ] || { echo "nothing to clean up"; exit 0; }

plan=$(api POST /plans "{\"actions\": $items}" | jq -r .plan.plan_id)
planned=$(wait_plan "$plan")
jq -r '"saves $\(.plan.totals.monthly_saving) a month",
  (.items[] | "\(.region) \(.resource_id): \(.would)", (.refusals[] | "  refused: \(.message)"))' <<<"$planned"

api POST "/plans/$plan/apply" "$(jq -c '{digest: .plan.digest}' <<<"$planned")" >/dev/null
applied=$(wait_plan "$plan")
jq -r '.items[] | "\(.resource_id): \(.ledger.item_state)"' <<<"$applied"
[ "$(jq -r .plan.state <<<"$applied")" = succeeded ]
