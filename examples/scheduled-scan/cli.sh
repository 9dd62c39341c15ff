#!/usr/bin/env bash
# Schedules a scan for every morning, runs it now, and takes the schedule away again unless KEEP is set.
set -euo pipefail
shopt -s inherit_errexit

schedule=$(tracker schedules add "every morning" --cron '0 6 * * *' --time-zone Europe/Berlin --services ec2 -o json | jq -r .schedule_id)
[ -n "${KEEP:-}" ] || trap 'tracker schedules delete "$schedule"' EXIT

job=$(tracker schedules run "$schedule" -o json | jq -r .job_id)
tracker scan --watch "$job" >/dev/null
tracker schedules show "$schedule"
