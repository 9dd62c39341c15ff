#!/usr/bin/env bash
# Stops what runs of the environment test: a plan that somebody else approves (with TRACKER_APPROVER_KEY, where
# the server wants that), that is applied and then undone by a plan of its own.
set -euo pipefail
shopt -s inherit_errexit

api() { # METHOD PATH [BODY]
  local answer
  answer=$(curl -sS --fail-with-body -X "$1" "$TRACKER_URL/api/v1$2" -H "X-API-Key: $TRACKER_API_KEY" \
    -H 'Content-Type: application/json' ${3:+-d "$3"}) || { echo "$1 $2: $answer" >&2; return 1; }
  echo "$answer"
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

carry_out() { # PLAN
  local planned digest
  planned=$(wait_plan "$1")
  digest=$(jq -c '{digest: .plan.digest}' <<<"$planned")
  jq -r '.items[] | "\(.action) \(.resource_id): \(.would)"' <<<"$planned"
  if [ "$(jq .plan.approval.required <<<"$planned")" = true ]; then
    TRACKER_API_KEY=$TRACKER_APPROVER_KEY api POST "/plans/$1/approve" "$digest" | jq -r '"approved by \(.plan.approval.by)"'
  fi
  api POST "/plans/$1/apply" "$digest" >/dev/null
  wait_plan "$1" | jq -r '"\(.plan.state): \(.plan.totals.by_state)", if .plan.state == "succeeded" then empty else error("see the items") end'
}

plan=$(api POST /plans '{"select": {"filter": "type:EC2_Instance state:running tag:Environment=test -tag:aws:autoscaling:groupName",
  "regions": ["us-east-1"], "action": "stop"}}' | jq -r .plan.plan_id)
carry_out "$plan"
undo=$(api POST "/plans/$plan/undo" '{}' | jq -r .plan.plan_id)
carry_out "$undo"
