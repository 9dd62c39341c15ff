#!/usr/bin/env bash
# Tells a channel of Slack what has changed in a week: SLACK_WEBHOOK_URL is its incoming webhook.
set -euo pipefail
shopt -s inherit_errexit

since=${SINCE:-7d}
diff=$(curl -sS --fail-with-body -G "$TRACKER_URL/api/v1/diff" -H "X-API-Key: $TRACKER_API_KEY" --data-urlencode "from=$since" -d limit=5) || {
  echo "the server answers: $diff" >&2
  exit 1
}
message=$(jq -c --arg since "$since" '{text: (
  ["\(.summary | .added + .removed + .changed) resources have changed in \($since), $\(.summary.cost_difference | round) a month\(if .complete then "" else "; not all is known" end):"] +
  [.changes[] | "• \(.change): \(.resource_type) \(.resource_id) in \(.region) \(.fields | map(.field) | join(", "))"] | join("\n"))}' <<<"$diff")
curl -sS --fail -X POST "$SLACK_WEBHOOK_URL" -H 'Content-Type: application/json' -d "$message" >/dev/null
jq -r .text <<<"$message"
