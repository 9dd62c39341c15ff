#!/usr/bin/env bash
# Tells a channel of Slack what could be saved: SLACK_WEBHOOK_URL is its incoming webhook.
set -euo pipefail
shopt -s inherit_errexit

job=$(tracker scan --services ec2 --wait=false)
tracker scan --watch "$job" >/dev/null
message=$(tracker findings --job "$job" --min-saving 20 -o json | jq -c '{text: (
  ["$\(map(.monthly_saving) | add // 0 | round) a month could be saved, such as:"] +
  [.[:5][] | "• \(.title): \(.resource_id) in \(.region), $\(.monthly_saving)"] | join("\n"))}')
curl -sS --fail -X POST "$SLACK_WEBHOOK_URL" -H 'Content-Type: application/json' -d "$message" >/dev/null
jq -r .text <<<"$message"
