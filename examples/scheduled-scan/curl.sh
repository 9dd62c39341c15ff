#!/usr/bin/env bash
# Schedules a scan for every morning, runs it now, and takes the schedule away again unless KEEP is set.
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

schedule=$(api POST /schedules '{"name": "every morning", "cron": "0 6 * * *", "time_zone": "Europe/Berlin", "services": ["ec2"]}')
id=$(jq -r .schedule_id <<<"$schedule")
[ -n "${KEEP:-}" ] || trap 'api DELETE "/schedules/$id" >/dev/null' EXIT
jq -r '.next_runs[] | "will run at \(.)"' <<<"$schedule"

job=$(api POST "/schedules/$id/run" | jq -r .job_id)
wait_job "$job"
api GET "/schedules/$id/runs" | jq -r '.runs[] | "ran at \(.created_at): \(.state), \(.summary.total_resources) resources"'
