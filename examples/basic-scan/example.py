"""Scans the account and says what there is, by type, and what could not be seen."""

from tracker import Tracker

tracker = Tracker.from_env()
job = tracker.wait(tracker.scan(services=["ec2"]))
print(f"{job['state']}: {job['summary']['total_resources']} resources, about ${job['cost_summary']['estimated_monthly_total']:.0f} a month")
for kind, count in sorted(job["summary"]["by_type"].items()):
    print(kind, count)
for failure in job["errors"]:
    print("not seen:", failure["outcome"], failure["message"])
