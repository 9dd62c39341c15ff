"""Tells a channel of Slack what has changed in a week: SLACK_WEBHOOK_URL is its incoming webhook."""

import json
import os
import urllib.request

from tracker import Tracker

since = os.environ.get("SINCE", "7d")
diff = Tracker.from_env().diff(since, limit=5)
total = diff["summary"]
count = total["added"] + total["removed"] + total["changed"]
lines = [f"{count} resources have changed in {since}, ${total['cost_difference']:.0f} a month{'' if diff['complete'] else '; not all is known'}:"]
for c in diff["changes"]:
    lines.append(f"• {c['change']}: {c['resource_type']} {c['resource_id']} in {c['region']} {', '.join(f['field'] for f in c['fields'])}")
text = "\n".join(lines)
print(text)
request = urllib.request.Request(os.environ["SLACK_WEBHOOK_URL"], json.dumps({"text": text}).encode(), {"Content-Type": "application/json"})
urllib.request.urlopen(request, timeout=30).close()
