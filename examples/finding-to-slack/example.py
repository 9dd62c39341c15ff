"""Tells a channel of Slack what could be saved: SLACK_WEBHOOK_URL is its incoming webhook."""

import json
import os
import urllib.request

from tracker import Tracker

tracker = Tracker.from_env()
job = tracker.wait(tracker.scan(services=["ec2"]))
findings = list(tracker.findings(job, counted=True))
saving = sum(f["monthly_saving"] or 0 for f in findings)
lines = [f"${saving:.0f} a month could be saved, such as:"]
for f in [f for f in findings if (f["monthly_saving"] or 0) >= 20][:5]:
    lines.append(f"• {f['title']}: {f['resource_id']} in {f['region']}, ${f['monthly_saving']:.2f}")
text = "\n".join(lines)
print(text)
request = urllib.request.Request(os.environ["SLACK_WEBHOOK_URL"], json.dumps({"text": text}).encode(), {"Content-Type": "application/json"})
urllib.request.urlopen(request, timeout=30).close()
