"""Stops one running instance of dev, and waits until AWS shows it stopped. REGION is where."""

import os
import sys

from tracker import Tracker

region = os.environ.get("REGION", "us-east-1")
tracker = Tracker.from_env()
job = tracker.wait(tracker.scan(types=["EC2_Instance"], regions=[region]))
found = tracker.resources(job, limit=1, filter="state:running tag:Environment=dev -tag:aws:autoscaling:groupName")
instance = next(found, None) or sys.exit(f"no instance of dev runs in {region}")

plan = tracker.plan([{**{k: instance[k] for k in ("resource_id", "resource_type", "region")}, "action": "stop"}])
for item in tracker.plan_items(plan):
    print(f"{item['region']} {item['resource_id']}: {item['would']}")
    for refusal in item["refusals"]:
        print("  refused:", refusal["message"])

plan = tracker.wait_plan(tracker.apply(plan))
for item in tracker.plan_items(plan):
    print(f"{item['resource_id']}: {item['ledger']['item_state']}")
if plan["state"] != "succeeded":
    sys.exit(f"the plan is {plan['state']}")
