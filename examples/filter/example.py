"""Lists what a filter selects: volumes that nothing uses. FILTER is another one."""

import os

from tracker import Tracker

tracker = Tracker.from_env()
job = tracker.wait(tracker.scan(services=["ec2"]))
for resource in tracker.resources(job, filter=os.environ.get("FILTER", "type:EBS_Volume state:available")):
    cost = resource["estimated_cost_monthly"]
    print(resource["resource_id"], resource["region"], resource["state"], "unknown" if cost is None else f"${cost:.2f}")
