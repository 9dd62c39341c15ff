#!/usr/bin/env bash
# Stops what runs of the environment test: a plan that somebody else approves (with TRACKER_APPROVER_KEY, where
# the server wants that), that is applied and then undone by a plan of its own.
set -euo pipefail
shopt -s inherit_errexit

carry_out() { # PLAN
  local digest
  tracker plan show "$1"
  digest=$(tracker plan show "$1" -o json | jq -r .plan.digest)
  if [ "$(tracker plan show "$1" -o json | jq .plan.approval.required)" = true ]; then
    TRACKER_API_KEY=$TRACKER_APPROVER_KEY tracker approve "$1" --digest "$digest"
  fi
  tracker apply "$1" --digest "$digest"
}

plan=$(tracker plan stop --regions us-east-1 -o json \
  --filter 'type:EC2_Instance state:running tag:Environment=test -tag:aws:autoscaling:groupName' | jq -r .plan.plan_id)
carry_out "$plan"
undo=$(tracker undo "$plan" -o json | jq -r .plan.plan_id)
carry_out "$undo"
