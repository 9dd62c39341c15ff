"""Stops what runs of the environment test: a plan that somebody else approves (with
TRACKER_APPROVER_KEY, where the server wants that), that is applied and then undone by a plan of its own.
"""

import os
import sys

from tracker import Tracker

tracker = Tracker.from_env()


def carry_out(plan):
    for item in tracker.plan_items(plan):
        print(f"{item['action']} {item['resource_id']}: {item['would']}")
    if plan["approval"]["required"]:
        approver = Tracker(os.environ["TRACKER_URL"], os.environ["TRACKER_APPROVER_KEY"])
        print("approved by", approver.approve(plan)["approval"]["by"])
    plan = tracker.wait_plan(tracker.apply(plan))
    print(plan["state"], plan["totals"]["by_state"])
    if plan["state"] != "succeeded":
        sys.exit(f"the plan is {plan['state']}")


what = "type:EC2_Instance state:running tag:Environment=test -tag:aws:autoscaling:groupName"
stop = tracker.plan(select={"filter": what, "regions": ["us-east-1"], "action": "stop"})
carry_out(stop)
carry_out(tracker.undo(stop))
