"""Deletes unattached volumes, at most LIMIT of them: first as a plan to look at, then for good."""

import itertools
import os
import sys

from tracker import Tracker

tracker = Tracker.from_env()
job = tracker.wait(tracker.scan(services=["ec2"]))
found = tracker.findings(job, rule="unattached_volume", counted=True)
actions = [finding["fix"] for finding in itertools.islice(found, int(os.environ.get("LIMIT", "2")))]
if not actions:
    print("nothing to clean up")
    sys.exit()

plan = tracker.plan(actions)
print(f"saves ${plan['totals']['monthly_saving']:.2f} a month")
for item in tracker.plan_items(plan):
    print(f"{item['region']} {item['resource_id']}: {item['would']}")
    for refusal in item["refusals"]:
        print("  refused:", refusal["message"])

plan = tracker.wait_plan(tracker.apply(plan))
for item in tracker.plan_items(plan):
    print(f"{item['resource_id']}: {item['ledger']['item_state']}")
if plan["state"] != "succeeded":
    sys.exit(f"the plan is {plan['state']}")
