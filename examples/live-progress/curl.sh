#!/usr/bin/env bash
# Follows a scan as it happens. A stream that breaks off is resumed after the last event that came.
set -euo pipefail
shopt -s inherit_errexit

auth=(-H "X-API-Key: $TRACKER_API_KEY")
job=$(curl -sS --fail -X POST "$TRACKER_URL/api/v1/scan" "${auth[@]}" -H 'Content-Type: application/json' \
  -d '{"services": ["ec2"], "single_flight": false}' | jq -r .job_id)

last= closed=0
until [ "${event:-}" = done ]; do
  while IFS= read -r line; do
    case $line in
      id:*) last=${line#id: } ;;
      event:*) event=${line#event: } ;;
      data:*)
        case $event in
          cells)
            closed=$((closed + $(jq '.cells | length' <<<"${line#data: }")))
            echo "$closed cells closed"
            ;;
          job) jq -r '"the scan is \(.state)"' <<<"${line#data: }" ;;
          done) jq -r '"it has seen everything: \(.complete)"' <<<"${line#data: }" ;;
        esac
        ;;
    esac
  done < <(curl -sSN --fail --max-time 300 "$TRACKER_URL/api/v1/jobs/$job/events" "${auth[@]}" ${last:+-H "Last-Event-ID: $last"})
  [ "${event:-}" = done ] || sleep 1
done
