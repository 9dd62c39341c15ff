#!/usr/bin/env bash
# Tells a channel of Slack what has changed in a week: SLACK_WEBHOOK_URL is its incoming webhook.
set -euo pipefail
shopt -s inherit_errexit

since=${SINCE:-7d}
code=0
changes=$(tracker diff --from "$since" -o json) || code=$? # 3: of some cells it is not known
[[ $code == 0 || $code == 3 ]] || exit "$code"
message=$(jq -c --arg since "$since" --arg code "$code" '{text: (
  ["\(length) resources have changed in \($since), $\(map(.cost_difference) | add // 0 | round) a month\(if $code == "3" then "; not all is known" else "" end):"] +
  [sort_by(-((.cost_difference // 0) | fabs))[:5][] | "• \(.change): \(.resource_type) \(.resource_id) in \(.region) \(.differs)"] | join("\n"))}' <<<"$changes")
curl -sS --fail -X POST "$SLACK_WEBHOOK_URL" -H 'Content-Type: application/json' -d "$message" >/dev/null
jq -r .text <<<"$message"
