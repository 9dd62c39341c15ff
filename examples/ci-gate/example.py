"""Fails a pipeline, with 5, when findings would save more than MAX_WASTE dollars a month, or with 3
when the scan did not see everything."""

import os
import sys

from tracker import Tracker

bound = float(os.environ.get("MAX_WASTE", "100"))
tracker = Tracker.from_env()
job = tracker.wait(tracker.scan(services=["ec2"]))
if not job["complete"]:
    print("the scan did not see everything:", job["errors"])
    sys.exit(3)
waste = sum(f["monthly_saving"] or 0 for f in tracker.findings(job, counted=True))
print(f"waste: ${waste:.2f} a month; allowed: ${bound:.2f}")
sys.exit(5 if waste > bound else 0)
