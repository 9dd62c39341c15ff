#!/usr/bin/env bash
# Tells a channel of Slack what could be saved: SLACK_WEBHOOK_URL is its incoming webhook.
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
message=$(api GET "/jobs/$job/findings?counted=true&min_saving=20&limit=5" | jq -c '{text: (
  ["$\(.summary.monthly_saving | round) a month could be saved, such as:"] +
  [.findings[] | "• \(.title): \(.resource_id) in \(.region), $\(.monthly_saving)"] | join("\n"))}')
curl -sS --fail -X POST "$SLACK_WEBHOOK_URL" -H 'Content-Type: application/json' -d "$message" >/dev/null
jq -r .text <<<"$message"
