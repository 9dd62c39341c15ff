"""Sums what resources cost a month at list prices, by type and by the tag Team."""

from tracker import Tracker

tracker = Tracker.from_env()
job = tracker.wait(tracker.scan(services=["ec2"]))
for group in ("type", "tag:Team"):
    costs = tracker.costs(job, group)
    print(f"by {group}: ${costs['estimated_monthly_total']:.0f} a month, and {costs['resources_with_unknown_cost']} resources of unknown cost")
    for g in costs["groups"][:5]:
        print(f"  {g['key'] or 'without':20} {g['estimated_monthly_total']:10.2f}")
