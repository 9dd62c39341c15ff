"""Schedules a scan for every morning, runs it now, and takes the schedule away again unless KEEP is set."""

import os

from tracker import Tracker

tracker = Tracker.from_env()
schedule = tracker.add_schedule("every morning", cron="0 6 * * *", time_zone="Europe/Berlin", services=["ec2"])
try:
    for at in schedule["next_runs"]:
        print("will run at", at)
    tracker.wait(tracker.run_schedule(schedule["schedule_id"]))
    for run in tracker.schedule_runs(schedule["schedule_id"]):
        print(f"ran at {run['created_at']}: {run['state']}, {run['summary']['total_resources']} resources")
finally:
    if not os.environ.get("KEEP"):
        tracker.delete_schedule(schedule["schedule_id"])
