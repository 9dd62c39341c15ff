"""Tests of tracker.py: against the real server of TRACKER_URL and TRACKER_API_KEY, which has
to be a demo, and against a server that fails in ways that a real one does not on demand."""

from __future__ import annotations

import email.message
import http.server
import json
import os
import threading
import time
import typing
import unittest
from typing import Any, Callable, List, Tuple

import tracker as module
from tracker import (
    APIError, AWSResourceTrackerClient, Credentials, Failed, Invalid, NotFound, TimedOut, TooMany, Tracker, Unauthorized, Unavailable, Unreachable,
)

KEYS = Credentials("AKIAEXAMPLE", "example")


class RealServer(unittest.TestCase):
    def setUp(self) -> None:
        self.tracker = Tracker.from_env(credentials=KEYS)

    def test_version_is_that_of_the_api(self) -> None:
        document = self.tracker.request("GET", "/api/v1/openapi.json")
        self.assertEqual(module.__version__, document["info"]["version"])

    def test_types_name_fields_of_the_document(self) -> None:
        schemas = self.tracker.request("GET", "/api/v1/openapi.json")["components"]["schemas"]
        for ours, theirs in (("Resource", "Resource"), ("Finding", "Finding"), ("LiveFinding", "LiveFinding"), ("Job", "JobItem"), ("Plan", "PlanView"), ("PlanItem", "PlanItem"), ("ActionItem", "ActionItem")):
            named = typing.get_type_hints(getattr(module, ours))
            self.assertEqual(set(named) - set(schemas[theirs]["properties"]), set(), ours)

    def test_whoami_and_types(self) -> None:
        self.assertEqual(self.tracker.whoami()["tenant"], "default")
        self.assertIn("EC2_Instance", [t["type"] for t in self.tracker.types()])

    def test_scan_wait_and_read(self) -> None:
        job = self.tracker.wait(self.tracker.scan(types=["EC2_Instance", "EBS_Volume"]))
        self.assertEqual((job["state"], job["complete"]), ("succeeded", True))
        total = job["summary"]["total_resources"]
        pages = list(self.tracker.resources(job, limit=50))
        self.assertEqual((len(pages), len({r["resource_id"] for r in pages})), (total, total))
        self.assertEqual({r["state"] for r in self.tracker.resources(job, filter="type:EC2_Instance state:stopped")}, {"stopped"})
        self.assertEqual(len(self.tracker.result(job)["resources"]), total)
        self.assertTrue(self.tracker.coverage(job)["complete"])
        self.assertEqual({g["key"] for g in self.tracker.costs(job)["groups"]}, {"EC2_Instance", "EBS_Volume"})
        findings = list(self.tracker.findings(job, counted=True, min_saving=20, limit=5))
        self.assertTrue(findings and all(f["counted"] and (f["monthly_saving"] or 0) >= 20 for f in findings))
        self.assertIn(job["job_id"], [j["job_id"] for j in self.tracker.jobs()])

    def test_same_idempotency_key_is_same_job(self) -> None:
        jobs = [self.tracker.scan(types=["NAT_Gateway"], idempotency_key="python-twice")["job_id"] for _ in range(2)]
        self.assertEqual(jobs[0], jobs[1])

    def test_follow_to_the_end_and_resume(self) -> None:
        job = self.tracker.scan(types=["RDS_Instance"], single_flight=False)
        events = list(self.tracker.follow(job))
        self.assertEqual((events[0].event, events[-1].event, events[-1].data["state"]), ("job", "done", "succeeded"))
        cells = [c for e in events if e.event == "cells" for c in e.data["cells"]]
        again = list(self.tracker.follow(job, after=events[-1].id))
        self.assertTrue(cells)
        self.assertEqual([e.event for e in again if e.event == "cells"], [])

    def test_plan_apply_undo(self) -> None:
        select = {"filter": "type:EC2_Instance state:running tag:Environment=dev", "action": "stop", "regions": ["eu-west-1"]}
        plan = self.tracker.plan(select=select)
        items = list(self.tracker.plan_items(plan))
        self.assertEqual((plan["state"], [i["action"] for i in items]), ("planned", ["stop"]))
        done = self.tracker.wait_plan(self.tracker.apply(plan))
        self.assertEqual((done["state"], done["totals"]["by_state"]), ("succeeded", {"verified": 1}))
        self.assertEqual(list(self.tracker.follow_plan(plan))[-1].event, "done")
        undone = self.tracker.wait_plan(self.tracker.undo(plan, apply=True))
        self.assertEqual(undone["state"], "succeeded")
        self.assertIn(plan["plan_id"], [p["plan_id"] for p in self.tracker.plans()])
        with self.assertRaises(APIError):
            self.tracker.approve(plan)  # needs no approval, and has ended

    def test_plan_of_findings(self) -> None:
        job = self.tracker.wait(self.tracker.scan(types=["EBS_Volume"], regions=["us-east-1"]))
        plan = self.tracker.plan_findings(job, "unattached_volume")
        self.assertTrue(all(i["action"] == "delete" for i in self.tracker.plan_items(plan)))
        self.assertEqual(self.tracker.cancel_plan(plan)["state"], "cancelled")

    def test_trends(self) -> None:
        self.tracker.wait(self.tracker.scan(types=["EC2_Instance"]))
        trend = self.tracker.trend("region", from_="7d", top=3)
        self.assertEqual((trend["by"], len(trend["groups"]) <= 3), ("region", True))
        billed = self.tracker.billed("region", from_="7d")
        self.assertEqual((billed["source"], billed["billed"], billed["faults"]), ("none", [], []))
        self.assertIn(self.tracker.forecast()["total"]["method"], ("none", "flat", "damped_trend"))
        self.assertIsInstance(self.tracker.anomalies(from_="7d"), list)
        with self.assertRaises(Invalid):
            self.tracker.trend("tag:no-such-tag")

    def test_report(self) -> None:
        self.tracker.wait(self.tracker.scan(types=["EC2_Instance"]))
        while True:  # a scan comes into the history once it has ended
            try:
                report = self.tracker.report(days=3)
                break
            except NotFound:
                time.sleep(0.2)
        self.assertEqual(report["sections"][0]["name"], "cost")
        self.assertIn("<h2", self.tracker.report_text(days=3))
        self.assertIn("## Cost now", self.tracker.report_text("md"))
        with self.assertRaises(Invalid):
            self.tracker.report_text("pdf")

    def test_diff(self) -> None:
        self.tracker.wait(self.tracker.scan(types=["EC2_Instance"], single_flight=False))
        job = self.tracker.wait(self.tracker.scan(types=["EC2_Instance"], single_flight=False))
        while True:  # a scan comes into the history once it has ended
            try:
                diff = self.tracker.diff(to=job["job_id"], group_by="type", filter="type:EC2_Instance")
                break
            except NotFound:
                time.sleep(0.2)
        self.assertEqual((diff["group_by"], diff["to"]["job_id"]), (["type"], job["job_id"]))
        self.assertEqual(len(list(self.tracker.changes(to=job["job_id"], limit=1))), len(list(self.tracker.changes(to=job["job_id"]))))
        with self.assertRaises(Invalid):
            self.tracker.diff("1d", "2d")

    def test_inventory(self) -> None:
        self.tracker.wait(self.tracker.scan(types=["EC2_Instance"], regions=["us-east-1", "eu-west-1"]))
        deadline = time.monotonic() + 30
        while len(found := list(self.tracker.inventory(filter="type:EC2_Instance", sort="-cost,id", limit=1))) < 2:
            self.assertLess(time.monotonic(), deadline)  # a scan comes into the history after its end
            time.sleep(0.1)
        self.assertIn(None, [g["keys"][1] for g in self.tracker.inventory_groups("type,tag:no-such-tag")["groups"]])
        self.assertEqual([f["by"] for f in self.tracker.inventory_facets("type,region")["facets"]], [["type"], ["region"]])
        self.assertTrue(self.tracker.inventory_tags()["keys"])
        self.assertTrue(list(self.tracker.inventory_cells(standing="good,stale,unknown")))
        life = self.tracker.history(found[0])
        self.assertEqual(life["resource"]["resource_id"], found[0]["resource_id"])
        self.assertEqual(len(list(self.tracker.versions(life["resource_key"], limit=1))), len(life["versions"]))
        with self.assertRaises(NotFound):
            self.tracker.history("x")

    def test_live_findings(self) -> None:
        self.tracker.wait(self.tracker.scan(types=["EBS_Volume"], regions=["us-east-1", "eu-west-1"]))
        deadline = time.monotonic() + 30
        while not (found := list(self.tracker.live_findings(rule="unattached_volume", limit=2))):
            self.assertLess(time.monotonic(), deadline)  # a scan comes into the history after its end
            time.sleep(0.1)
        self.assertEqual({f["state"] for f in found}, {"open"})
        told = self.tracker.acknowledge(found[0], "kept for a restore", until="2999-01-01T00:00:00Z")
        self.assertEqual((told["state"], told["acknowledgement"]["reason"]), ("acknowledged", "kept for a restore"))
        self.assertIn(told["finding_id"], [f["finding_id"] for f in self.tracker.live_findings("acknowledged")])
        self.tracker.unacknowledge(told["finding_id"])
        self.assertIn("unattached_volume", [g["key"] for g in self.tracker.finding_sums("rule")])
        with self.assertRaises(NotFound):
            self.tracker.acknowledge("nothing", "x")

    def test_schedules(self) -> None:
        made = self.tracker.add_schedule("nightly", cron="0 3 * * *", types=["EC2_Instance"], paused=True)
        name = made["schedule_id"]
        self.assertIn(name, [s["schedule_id"] for s in self.tracker.schedules()])
        self.assertEqual(self.tracker.put_schedule(name, "weekly", cron="0 3 * * 1", paused=True)["name"], "weekly")
        self.assertFalse(self.tracker.resume_schedule(name).get("paused", False))
        self.assertTrue(self.tracker.pause_schedule(name)["paused"])
        job = self.tracker.wait(self.tracker.run_schedule(name))
        self.assertIn(job["job_id"], [j["job_id"] for j in self.tracker.schedule_runs(name)])
        self.tracker.delete_schedule(name)
        with self.assertRaises(NotFound):
            self.tracker.schedule(name)

    def test_accounts(self) -> None:
        role = "arn:aws:iam::111122223333:role/tracker"
        self.tracker.add_account("python", role, description="of a test")
        self.assertEqual(self.tracker.put_account("python", role, description="changed")["description"], "changed")
        self.assertEqual(self.tracker.account("python")["role_arn"], role)
        self.assertIn("python", [a["name"] for a in self.tracker.accounts()])
        self.tracker.delete_account("python")
        with self.assertRaises(NotFound):
            self.tracker.forget_history("999999999999")

    def test_errors_name_the_fields(self) -> None:
        with self.assertRaises(Invalid) as caught:
            self.tracker.scan(types=["Nonsense"], regions=["nowhere"])
        self.assertEqual((caught.exception.status, sorted(e.location for e in caught.exception.errors)), (422, ["body.regions[0]", "body.types[0]"]))
        self.assertTrue(caught.exception.request_id)
        with self.assertRaises(Unauthorized):
            Tracker(self.tracker.url, "wrong").whoami()

    def test_a_failed_scan_raises(self) -> None:
        # No region of the demo is called so: nothing can be listed.
        job = self.tracker.scan(types=["EC2_Instance"], regions=["us-gov-west-1"])
        with self.assertRaises(Failed) as caught:
            self.tracker.wait(job)
        self.assertEqual(caught.exception.of["job_id"], job["job_id"])


class OlderClient(unittest.TestCase):
    """The six methods of the earlier service's client."""

    client: AWSResourceTrackerClient
    scanned: Any

    @classmethod
    def setUpClass(cls) -> None:
        cls.client = AWSResourceTrackerClient(os.environ["TRACKER_URL"] + "/api/v1", os.environ["TRACKER_API_KEY"])
        cls.scanned = cls.client.scan_resources("AKIAEXAMPLE", "example")

    def test_health_and_docs(self) -> None:
        self.assertEqual(self.client.health_check()["status"], "healthy")
        self.assertLessEqual({"scan", "filter", "action", "bulk_action"}, set(self.client.get_api_docs()["endpoints"]))

    def test_scan_and_filter(self) -> None:
        answer = self.scanned
        self.assertEqual((answer["success"], answer["data"]["summary"]["total_resources"]), (True, len(answer["data"]["resources"])))
        found = self.client.filter_resources(answer["data"]["resources"], {"resource_type": "Elastic_IP", "state": "unassociated"})
        self.assertEqual((found["success"], found["total"]), (True, len(found["resources"])))

    def test_action_is_verified_and_refusal_raises(self) -> None:
        stopped = self.client.perform_action("AKIAEXAMPLE", "example", self.instances()[0], "EC2_Instance", "us-east-1", "stop")
        self.assertEqual((stopped["success"], stopped["verification_status"], stopped["error"]), (True, "verified", None))
        with self.assertRaises(Invalid) as caught:
            self.client.perform_action("AKIAEXAMPLE", "example", "i-00000000000000000", "EC2_Instance", "us-east-1", "stop")
        self.assertEqual((caught.exception.body["success"], caught.exception.body["verification_status"]), (False, "failed"))

    def test_bulk_keeps_its_results(self) -> None:
        actions = [{"resource_id": i, "resource_type": "EC2_Instance", "region": "us-east-1", "action": "stop"} for i in (self.instances()[1], "i-00000000000000000")]
        answer = self.client.perform_bulk_action("AKIAEXAMPLE", "example", actions)
        self.assertEqual((answer["total_actions"], answer["successful"], answer["failed"]), (2, 1, 1))

    def instances(self) -> List[str]:
        running = {"resource_type": "EC2_Instance", "region": "us-east-1", "state": "running", "tags": {"Environment": "dev"}}
        return [r["resource_id"] for r in self.client.filter_resources(self.scanned["data"]["resources"], running)["resources"]]


Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


class FailingServer(unittest.TestCase):
    """A server that gives one answer after another."""

    def setUp(self) -> None:
        self.answers: List[Answer] = []
        self.asked: List[Tuple[str, email.message.Message]] = []
        test = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                test.asked.append((self.command + " " + self.path, self.headers))
                test.answers.pop(0)(self)

            do_POST = do_GET

            def log_message(self, *args: Any) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.tracker = Tracker(f"http://127.0.0.1:{self.server.server_port}/api/v1/", "key", timeout=5, attempts=3)

    @staticmethod
    def say(status: int, body: Any, **headers: str) -> Answer:
        def answer(h: http.server.BaseHTTPRequestHandler) -> None:
            h.send_response(status)
            for name, value in headers.items():
                h.send_header(name.replace("_", "-"), value)
            h.end_headers()
            h.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())
        return answer

    def test_429_is_asked_again_after_a_pause(self) -> None:
        self.answers = [self.say(429, {"error": "slow"}, Retry_After="0.01"), self.say(200, {"who": "me"})]
        self.assertEqual(self.tracker.whoami(), {"who": "me"})

    def test_429_for_ever_says_which_quota(self) -> None:
        self.answers = [self.say(429, {"error": "slow", "quota": {"name": "scans"}}, Retry_After="0.01")] * 3
        with self.assertRaises(TooMany) as caught:
            self.tracker.whoami()
        self.assertEqual((caught.exception.retry_after, caught.exception.quota), (0.01, {"name": "scans"}))

    def test_503_of_a_scan_is_asked_again_under_the_same_key(self) -> None:
        self.answers = [self.say(503, {"error": "full"}, Retry_After="0.01"), self.say(202, {"job_id": "1", "state": "queued"})]
        self.assertEqual(self.tracker.scan()["job_id"], "1")
        keys = {headers["Idempotency-Key"] for _, headers in self.asked}
        self.assertEqual((len(self.asked), len(keys)), (2, 1))

    def test_503_of_what_has_no_key_is_not(self) -> None:
        self.answers = [self.say(503, {"error": "full"})]
        with self.assertRaises(Unavailable):
            self.tracker.request("POST", "/x", {})

    def test_an_answer_that_breaks_off(self) -> None:
        self.answers = [self.say(200, b'{"who"', Content_Length="100"), self.say(200, {"who": "me"})]
        self.assertEqual(self.tracker.whoami(), {"who": "me"})

    def test_a_server_that_is_away(self) -> None:
        with self.assertRaises(Unreachable):
            Tracker("http://127.0.0.1:1", attempts=1).whoami()

    def test_a_redirect_does_not_get_the_key(self) -> None:
        self.answers = [self.say(302, {}, Location=self.tracker.url + "/elsewhere")]
        with self.assertRaises(APIError):
            self.tracker.whoami()
        self.assertEqual(len(self.asked), 1)

    def test_an_error_that_is_no_json(self) -> None:
        self.answers = [self.say(502, b"<html>")]
        with self.assertRaisesRegex(APIError, "502: Bad Gateway"):
            self.tracker.whoami()

    def test_a_broken_stream_is_resumed(self) -> None:
        first = b'retry: 1000\n\nevent: job\ndata: {"state":"running"}\n\nid: 7\nevent: cells\ndata: {"cells":\ndata: []}\n\n: heartbeat\n\n'
        self.answers = [self.say(200, first), self.say(200, b'event: done\ndata: {"state":"succeeded"}\n\n')]
        events = list(self.tracker.follow("1"))
        self.assertEqual([(e.id, e.event) for e in events], [("", "job"), ("7", "cells"), ("", "done")])
        self.assertEqual([headers.get("Last-Event-ID") for _, headers in self.asked], [None, "7"])

    def test_a_wait_ends(self) -> None:
        self.answers = [self.say(200, {"state": "running"})] * 9
        with self.assertRaises(TimedOut):
            self.tracker.wait("1", timeout=0.2)

    def test_secrets_are_not_printed(self) -> None:
        self.assertEqual(repr(Credentials("AKIA", "secret", "token")), "Credentials(access_key_id='AKIA', role_arn='', account='')")


if __name__ == "__main__":
    unittest.main()
