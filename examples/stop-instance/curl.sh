#!/usr/bin/env bash
# Stops one running instance of dev, and waits until AWS shows it stopped. REGION is where.
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

region=${REGION:-us-east-1}
job=$(api POST /scan '{"types": ["EC2_Instance"], "regions": ["'"$region"'"]}' | jq -r .job_id)
wait_job "$job"
filter=$(jq -rn '"state:running tag:Environment=dev -tag:aws:autoscaling:groupName" | @uri')
item=$(api GET "/jobs/$job/resources?limit=1&filter=$filter" |
  jq -c '.resources[0] // empty | {resource_id, resource_type, region, action: "stop"}')
[ -n "$item" ] || { echo "no instance of dev runs in $region" >&2; exit 1; }

plan=$(api POST /plans "{\"actions\": [$item]}" | jq -r .plan.plan_id)
planned=$(wait_plan "$plan")
jq -r '.items[] | "\(.resource_id): \(.would)", (.refusals[] | "refused: \(.message)")' <<<"$planned"

api POST "/plans/$plan/apply" "$(jq -c '{digest: .plan.digest}' <<<"$planned")" >/dev/null
applied=$(wait_plan "$plan")
jq -r '.items[] | "\(.resource_id): \(.ledger.item_state)"' <<<"$applied"
[ "$(jq -r .plan.state <<<"$applied")" = succeeded ]
