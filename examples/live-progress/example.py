"""Follows a scan as it happens. A stream that breaks off is resumed by the client."""

from tracker import Tracker

tracker = Tracker.from_env()
closed = 0
for event in tracker.follow(tracker.scan(services=["ec2"], single_flight=False)):
    if event.event == "cells":
        closed += len(event.data["cells"])
        print(closed, "cells closed")
    elif event.event == "job":
        print("the scan is", event.data["state"])
    else:
        print("it has seen everything:", event.data["complete"])
