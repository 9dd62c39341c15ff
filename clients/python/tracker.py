"""Client of AWS Resource Tracker: one file, standard library only, Python 3.9 and later.

    from tracker import Credentials, Tracker

    tracker = Tracker.from_env()  # TRACKER_URL and TRACKER_API_KEY
    job = tracker.wait(tracker.scan(Credentials("AKIA...", "..."), types=["EC2_Instance"]))
    for resource in tracker.resources(job, filter="state:stopped"):
        print(resource["resource_id"], resource["estimated_cost_monthly"])

Keyword arguments that a method does not name go into the body or the query as they
are: the reference at /api/v1/docs of the server lists them. The client of the earlier
service, AWSResourceTrackerClient, is at the end of this file.
"""

from __future__ import annotations

import dataclasses
import http.client
import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from typing import Any, Callable, Dict, Iterator, List, Mapping, NamedTuple, NoReturn, Optional, Sequence, Type, TypedDict, Union

# The version of the API that this client was written for.
__version__ = "1.0.0"

JSON = Dict[str, Any]
Body = Union[JSON, List[Any], None]


class Resource(TypedDict):
    """One AWS thing as a scan saw it. A cost that is not known is None."""

    resource_id: str
    resource_name: Optional[str]
    resource_type: str
    account_id: str
    region: str
    arn: str
    state: str
    creation_date: Optional[str]
    tags: Dict[str, str]
    estimated_cost_monthly: Optional[float]
    cost: Optional[JSON]
    metadata: JSON


class ActionItem(TypedDict, total=False):
    """A change of one resource."""

    resource_id: str
    resource_type: str
    region: str
    account_id: str
    action: str
    params: JSON
    lift: List[str]


class Finding(TypedDict, total=False):
    """What could cost less. Of several findings about one resource one is counted."""

    finding_id: str
    rule: str
    title: str
    resource_key: str
    resource_id: str
    resource_name: Optional[str]
    resource_type: str
    account_id: str
    region: str
    monthly_saving: Optional[float]
    basis: str
    confidence: str
    counted: bool
    evidence: JSON
    risk: str
    fix: ActionItem


class LiveFinding(Finding, total=False):
    """A finding as it is known over scans. state: open, acknowledged or resolved."""

    state: str
    opened_at: str
    seen_at: str
    unconfirmed: bool
    reopened: int
    resolved_at: str
    resolution: str
    realised_saving: Optional[float]
    acknowledgement: JSON
    tags: Dict[str, str]


class Job(TypedDict, total=False):
    """A scan, or an access check. complete says that nothing was missed."""

    job_id: str
    kind: str
    state: str
    complete: bool
    reason: str
    request: JSON
    progress: JSON
    summary: JSON
    cost_summary: JSON
    links: Dict[str, str]
    created_at: str
    finished_at: Optional[str]


class PlanItem(ActionItem, total=False):
    """One change of a plan, with the resource as it was seen."""

    index: int
    resource_name: Optional[str]
    state: str
    would: str
    refusals: List[JSON]
    undo: str
    monthly_saving: Optional[float]
    ledger: JSON


class Plan(TypedDict, total=False):
    """A frozen list of changes. Applying takes its digest."""

    plan_id: str
    state: str
    digest: str
    reason: str
    author: str
    request: JSON
    totals: JSON
    approval: JSON
    links: Dict[str, str]
    created_at: str
    applied_at: Optional[str]
    finished_at: Optional[str]


class Event(NamedTuple):
    """A message of an event stream. id is empty where there is nothing to resume after."""

    id: str
    event: str
    data: JSON


class FieldError(NamedTuple):
    """What is wrong with one field of a request."""

    location: str
    message: str


class TrackerError(Exception):
    """Whatever goes wrong."""


class Unreachable(TrackerError):
    """The server did not answer. Whether it did what was asked is not known."""


class TimedOut(TrackerError):
    """A job or plan has not come as far as was waited for. It goes on."""


class Failed(TrackerError):
    """A job or plan has failed: it has found or changed nothing. of is how it ended."""

    def __init__(self, of: JSON) -> None:
        super().__init__(of.get("reason") or "failed")
        self.of = of


class APIError(TrackerError):
    """The server refused. errors names the fields at fault, body is the whole answer."""

    def __init__(self, status: int, body: JSON, retry_after: Optional[float] = None) -> None:
        message = body.get("error") or body.get("message") or body.get("detail") or http.client.responses.get(status, "error")
        super().__init__(f"{status}: {message}")
        self.status, self.body, self.message, self.retry_after = status, body, str(message), retry_after
        self.errors = [FieldError(str(e.get("location", "")), str(e.get("message", ""))) for e in body.get("errors") or [] if isinstance(e, dict)]
        self.details: Optional[str] = body.get("details")
        self.job_id: Optional[str] = body.get("job_id")
        self.request_id: Optional[str] = body.get("request_id")
        self.quota: Optional[JSON] = body.get("quota")


class Invalid(APIError):
    """The request is wrong, or an older route refused the action: 400, 413, 415, 422."""


class Unauthorized(APIError):
    """Nobody is known by this key or token: 401."""


class Forbidden(APIError):
    """The key may not do this: 403."""


class NotFound(APIError):
    """There is no such thing, or it is somebody else's: 404."""


class Conflict(APIError):
    """Not in this state: 409."""


class TooMany(APIError):
    """A quota or a rate is used up: 429. quota says which."""


class Unavailable(APIError):
    """The server cannot do it at the moment: 503."""


_ERRORS: Dict[int, Type[APIError]] = {
    400: Invalid, 413: Invalid, 415: Invalid, 422: Invalid, 401: Unauthorized, 403: Forbidden, 404: NotFound, 409: Conflict, 429: TooMany, 503: Unavailable,
}


@dataclasses.dataclass(frozen=True)
class Credentials:
    """What to enter AWS with: keys, keys and a role, or the name of a registered account."""

    access_key_id: str = ""
    secret_access_key: str = dataclasses.field(default="", repr=False)
    session_token: str = dataclasses.field(default="", repr=False)
    role_arn: str = ""
    external_id: str = dataclasses.field(default="", repr=False)
    account: str = ""

    @classmethod
    def from_env(cls) -> Credentials:
        """The keys of the environment, as AWS's own tools name them."""
        return cls(*(os.environ.get(name, "") for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")))

    def fields(self) -> JSON:
        return {k: v for k, v in dataclasses.asdict(self).items() if v}


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the API key to wherever it points."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


# What passes while a connection is made, used and read.
_NETWORK = (OSError, http.client.HTTPException)
_ENDED = ("succeeded", "partial", "failed", "cancelled", "expired")


class Tracker:
    """The API of a server. Safe to share between threads.

    timeout is for one answer, in seconds. attempts is how often a request is sent in all
    while the server answers 429 or 503, or not at all; only what is safe to send twice is.
    credentials are those of requests that are given none.
    """

    def __init__(
        self, url: str, api_key: str = "", *, token: str = "", credentials: Optional[Credentials] = None, timeout: float = 90, attempts: int = 4
    ) -> None:
        self.url = url.rstrip("/")
        if self.url.endswith("/api/v1"):
            self.url = self.url[: -len("/api/v1")]
        self.credentials, self.timeout, self.attempts = credentials or Credentials(), timeout, attempts
        self._headers = {"Accept": "application/json", "User-Agent": "tracker-python/" + __version__}
        if token:
            self._headers["Authorization"] = "Bearer " + token
        elif api_key:
            self._headers["X-API-Key"] = api_key
        self._opener = urllib.request.build_opener(_NoRedirects())

    @classmethod
    def from_env(cls, **options: Any) -> Tracker:
        """The server of TRACKER_URL and TRACKER_API_KEY."""
        return cls(os.environ["TRACKER_URL"], os.environ.get("TRACKER_API_KEY", ""), **options)

    # Requests

    def request(
        self, method: str, path: str, body: Body = None, query: Optional[Mapping[str, Any]] = None, *, idempotency_key: str = "", timeout: float = 0
    ) -> Any:
        """Sends any request, and answers what its answer carries."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return self._call(method, path, body, query, headers, timeout, lambda text: json.loads(text) if text.strip() else {})

    def text(self, path: str, query: Optional[Mapping[str, Any]] = None, *, timeout: float = 0) -> str:
        """Answers a GET of a path as it is, such as an export in CSV."""
        return self._call("GET", path, None, query, {"Accept": "*/*"}, timeout, bytes.decode)

    def _call(
        self, method: str, path: str, body: Body, query: Optional[Mapping[str, Any]], headers: Mapping[str, str], timeout: float, read: Callable[[bytes], Any]
    ) -> Any:
        idempotency_key = headers.get("Idempotency-Key", "")
        safe = method != "POST" or bool(idempotency_key)
        attempt = 1
        while True:
            try:
                with self._open(method, path, body, query, headers, timeout or self.timeout) as answer:
                    text = answer.read()
                return read(text)
            except APIError as e:
                # 429 has done nothing yet. 503 may have.
                if attempt >= self.attempts or not (e.status == 429 or e.status == 503 and safe):
                    raise
                pause = min(e.retry_after or 2.0 ** (attempt - 1), 60)
            except (*_NETWORK, ValueError) as e:
                if attempt >= self.attempts or not safe:
                    raise Unreachable(f"{method} {self.url}{path}: {e}") from e
                pause = 2.0 ** (attempt - 1)
            time.sleep(pause)
            attempt += 1

    def _open(self, method: str, path: str, body: Body, query: Optional[Mapping[str, Any]], headers: Mapping[str, str], timeout: float) -> Any:
        pairs = [(k, str(v).lower() if isinstance(v, bool) else v) for k, v in (query or {}).items() if v is not None]
        url = self.url + path + ("?" + urllib.parse.urlencode(pairs, doseq=True) if pairs else "")
        data = None if body is None else json.dumps(body).encode()
        req = urllib.request.Request(url, data, {**self._headers, **headers}, method=method)
        if data is not None:
            req.add_header("Content-Type", "application/json")
        try:
            return self._opener.open(req, timeout=timeout)
        except urllib.error.HTTPError as e:
            with e:
                _refuse(e)

    def _post(self, path: str, body: JSON, *, wait: Optional[int] = None, idempotency_key: str = "") -> Any:
        """A POST that may be sent again, since the server knows it by its key."""
        return self.request("POST", path, body, {"wait": wait}, idempotency_key=idempotency_key or str(uuid.uuid4()))

    def _pages(self, path: str, rows: str, **query: Any) -> Iterator[Any]:
        while True:
            page = self.request("GET", path, query=query)
            yield from page[rows]
            if not page.get("next_cursor"):
                return
            query["cursor"] = page["next_cursor"]

    def _with(self, credentials: Optional[Credentials], fields: Mapping[str, Any]) -> JSON:
        return {**(credentials or self.credentials).fields(), **fields}

    def whoami(self) -> JSON:
        """Who the key stands for, and what it may do."""
        return self.request("GET", "/api/v1/whoami")

    def health(self) -> JSON:
        return self.request("GET", "/health")

    def types(self) -> List[JSON]:
        """The types that can be scanned, with the permissions that they take."""
        return self.request("GET", "/api/v1/types")["types"]

    # Scans

    def scan(self, credentials: Optional[Credentials] = None, *, idempotency_key: str = "", **fields: Any) -> Job:
        """Starts a scan, and answers its job at once. fields are types, regions, filter, metrics, ..."""
        return self._post("/api/v1/scan", self._with(credentials, fields), wait=0, idempotency_key=idempotency_key)

    def job(self, job: Union[Job, str]) -> Job:
        return self.request("GET", _job(job))

    def jobs(self) -> Iterator[Job]:
        """All jobs, newest first."""
        return self._pages("/api/v1/jobs", "jobs")

    def wait(self, job: Union[Job, str], timeout: float = 600) -> Job:
        """Waits for the end of a job. One that is partial names in coverage() what it has not seen; Failed is raised."""
        return self._until(lambda: self.job(job), lambda j: j["state"] in _ENDED, timeout)

    def follow(self, job: Union[Job, str], *, after: str = "", patience: float = 300) -> Iterator[Event]:
        """The events of a job as they happen, until it has ended: job, cells and done.

        A stream that breaks is resumed. patience is how many seconds the server may be away.
        """
        return self._follow(_job(job) + "/events", after, patience)

    def cancel(self, job: Union[Job, str]) -> Job:
        return self.request("DELETE", _job(job))

    def retry(self, job: Union[Job, str], credentials: Optional[Credentials] = None) -> Job:
        """Scans the failed cells again."""
        return self.request("POST", _job(job) + "/retry", self._with(credentials, {}))

    def coverage(self, job: Union[Job, str]) -> JSON:
        """What a scan has seen, and each cell that it has not."""
        return self.request("GET", _job(job) + "/coverage")

    def result(self, job: Union[Job, str]) -> JSON:
        """The whole result in one. resources() needs less memory."""
        return self.request("GET", _job(job) + "/result")

    def resources(self, job: Union[Job, str, None] = None, *, limit: int = 1000, **query: Any) -> Iterator[Resource]:
        """What a scan has found, or the newest one that has ended. query: filter, resource_type, region, state, tag, ..."""
        return self._pages("/api/v1/resources" if job is None else _job(job) + "/resources", "resources", limit=limit, **query)

    def findings(self, job: Union[Job, str], *, limit: int = 1000, **query: Any) -> Iterator[Finding]:
        """What could cost less. query: rule, counted, min_saving, filter."""
        return self._pages(_job(job) + "/findings", "findings", limit=limit, **query)

    def live_findings(self, state: str = "open", *, limit: int = 1000, **query: Any) -> Iterator[LiveFinding]:
        """What is found in all accounts, since when, and what became of it. state: open, acknowledged, resolved, all.
        query: rule, account_id, region, resource_type, tag, min_saving, resolved_since, sort."""
        return self._pages("/api/v1/findings", "findings", state=state, limit=limit, **query)

    def finding_sums(self, group_by: str, state: str = "open", **query: Any) -> List[JSON]:
        """Sums of such findings by rule, account, region, type, confidence, resolution, month or tag:KEY."""
        return self.request("GET", "/api/v1/findings", query={"group_by": group_by, "state": state, **query})["groups"]

    def acknowledge(self, finding: Union[Finding, str], reason: str, until: Optional[str] = None) -> LiveFinding:
        """Says why a finding stays as it is; until (such as 2026-12-31T00:00:00Z) is when it counts again by itself."""
        body = {k: v for k, v in (("reason", reason), ("until", until)) if v is not None}
        return self.request("POST", _acknowledgement(finding), body)["finding"]

    def unacknowledge(self, finding: Union[Finding, str]) -> None:
        self.request("DELETE", _acknowledgement(finding))

    def costs(self, job: Union[Job, str], group_by: str = "type") -> JSON:
        """What the resources cost a month, by type, region, account, service, state, basis or tag:KEY."""
        return self.request("GET", _job(job) + "/costs", query={"group_by": group_by})

    # Trends

    def trend(self, by: str = "type", **query: Any) -> JSON:
        """What there was and what it cost, by day. query: from_ (from), to, interval, top, key."""
        return self.request("GET", "/api/v1/trend", query={"by": by, **_from(query)})

    def diff(self, from_: str = "", to: str = "", **query: Any) -> JSON:
        """What has changed from one time or scan to another: the first page, with the summary and what is not known. query: filter, changes, group_by, ..."""
        return self.request("GET", "/api/v1/diff", query={"from": from_, "to": to, **query})

    def changes(self, from_: str = "", to: str = "", *, limit: int = 1000, **query: Any) -> Iterator[JSON]:
        """All changes that diff() answers the first of."""
        return self._pages("/api/v1/diff", "changes", **{"from": from_, "to": to}, limit=limit, **query)

    def inventory(self, *, limit: int = 1000, **query: Any) -> Iterator[Resource]:
        """What there is, or was at a time, over all scans, each with what is stale of it. query: at, filter, sort, max_age, ..."""
        return self._pages("/api/v1/inventory", "resources", limit=limit, **query)

    def inventory_cells(self, *, limit: int = 1000, **query: Any) -> Iterator[JSON]:
        """How much is known of each account, region and type. query: standing (good, stale, unknown), at, filter, max_age."""
        return self._pages("/api/v1/inventory/coverage", "cells", limit=limit, **query)

    def inventory_groups(self, by: str, **query: Any) -> JSON:
        """Counts and costs by up to three things at once, such as account,type; a key is None without the tag. query: at, filter, top, ..."""
        return self.request("GET", "/api/v1/inventory/groups", query={"by": by, **query})

    def inventory_facets(self, facet: str, **query: Any) -> JSON:
        """Counts and costs by one thing after the other, such as type,tag:team. query: at, filter, top, ..."""
        return self.request("GET", "/api/v1/inventory/facets", query={"facet": facet, **query})

    def inventory_tags(self, **query: Any) -> JSON:
        """The keys of tags, with how many resources carry each. query: at, filter, top, ..."""
        return self.request("GET", "/api/v1/inventory/tags", query=query)

    def history(self, resource: Union[Resource, str], **query: Any) -> JSON:
        """One resource's life: the newest versions, and what was found, planned and done about it. A key is
        account_id/region/resource_type/resource_id. query: limit, max_age, audit_before."""
        return self.request("GET", _history(resource), query=query)

    def versions(self, resource: Union[Resource, str], *, limit: int = 1000, **query: Any) -> Iterator[JSON]:
        """All versions that history() answers the first of."""
        return self._pages(_history(resource), "versions", limit=limit, **query)

    def forecast(self, by: str = "none", **query: Any) -> JSON:
        """What this month costs, until today and to its end, with an interval. query: top, key."""
        return self.request("GET", "/api/v1/forecast", query={"by": by, **query})

    def budgets(self) -> List[JSON]:
        """What months may cost, and how each budget stands in this one."""
        return self.request("GET", "/api/v1/budgets")["budgets"]

    def budget(self, budget_id: str) -> JSON:
        return self.request("GET", _budget(budget_id))

    def add_budget(self, name: str, monthly_amount: float, **fields: Any) -> JSON:
        """fields: filter, thresholds (such as [{"percent": 80, "of": "actual"}])."""
        return self.request("POST", "/api/v1/budgets", {"name": name, "monthly_amount": monthly_amount, **fields})

    def put_budget(self, budget_id: str, name: str, monthly_amount: float, **fields: Any) -> JSON:
        """Replaces a budget. What is absent is reset."""
        return self.request("PUT", _budget(budget_id), {"name": name, "monthly_amount": monthly_amount, **fields})

    def delete_budget(self, budget_id: str) -> None:
        self.request("DELETE", _budget(budget_id))

    def report(self, **query: Any) -> JSON:
        """What a manager is told: cost, trend, changes, waste, coverage, as sections of figures. query: days, from_ (from), to, filter."""
        return self.request("GET", "/api/v1/reports/summary", query=_from(query))

    def report_text(self, format: str = "html", **query: Any) -> str:
        """The same as a text: html, md, csv, csv-excel."""
        return self.text("/api/v1/reports/summary", {"format": format, **_from(query)})

    def billed(self, by: str = "account", **query: Any) -> JSON:
        """What AWS billed, beside the estimate, by account, day, region or service. query: from_ (from), to."""
        return self.request("GET", "/api/v1/billed", query={"by": by, **_from(query)})

    def anomalies(self, by: str = "type", **query: Any) -> List[JSON]:
        """The days on which cost left its band, with what made it. query: from_ (from), to, min_step, min_percent, limit."""
        return self.request("GET", "/api/v1/anomalies", query={"by": by, **_from(query)})["anomalies"]

    # Plans

    def plan(
        self, actions: Optional[Sequence[ActionItem]] = None, *, select: Optional[JSON] = None, credentials: Optional[Credentials] = None,
        idempotency_key: str = "", timeout: float = 120, **fields: Any
    ) -> Plan:
        """Plans changes by name (actions) or by filter (select), and waits until it is planned. Nothing is changed."""
        chosen: JSON = {k: v for k, v in (("actions", list(actions) if actions else None), ("select", select)) if v}
        return self._planned(self._post("/api/v1/plans", self._with(credentials, {**chosen, **fields}), idempotency_key=idempotency_key), timeout)

    def plan_findings(
        self, job: Union[Job, str], rule: str, credentials: Optional[Credentials] = None, *, idempotency_key: str = "", timeout: float = 120, **fields: Any
    ) -> Plan:
        """Plans what repairs the counted findings of a rule."""
        path = f"{_job(job)}/findings/{_quote(rule)}/plan"
        return self._planned(self._post(path, self._with(credentials, fields), idempotency_key=idempotency_key), timeout)

    def _planned(self, answer: JSON, timeout: float) -> Plan:
        plan: Plan = answer["plan"]
        if plan["state"] != "planning":
            return plan
        return self._until(lambda: self.get_plan(plan), lambda p: p["state"] != "planning", timeout)

    def get_plan(self, plan: Union[Plan, str]) -> Plan:
        return self.request("GET", _plan(plan), query={"limit": 1})["plan"]

    def plans(self) -> Iterator[Plan]:
        """All plans, newest first."""
        return self._pages("/api/v1/plans", "plans")

    def plan_items(self, plan: Union[Plan, str], **query: Any) -> Iterator[PlanItem]:
        """The items of a plan. query: item_state."""
        return self._pages(_plan(plan), "items", **query)

    def approve(self, plan: Plan) -> Plan:
        """Agrees to somebody else's plan, exactly as it was read."""
        return self.request("POST", _plan(plan) + "/approve", {"digest": plan["digest"]})["plan"]

    def apply(self, plan: Plan, *, idempotency_key: str = "", **fields: Any) -> Plan:
        """Carries a plan out, exactly as it was read. fields: after_seconds, other keys. wait_plan waits for the end."""
        return self._post(_plan(plan) + "/apply", {"digest": plan["digest"], **fields}, idempotency_key=idempotency_key)["plan"]

    def wait_plan(self, plan: Union[Plan, str], timeout: float = 600) -> Plan:
        """Waits until a plan has ended, or is held and wants a decision."""
        return self._until(lambda: self.get_plan(plan), lambda p: p["state"] in (*_ENDED, "held"), timeout)

    def follow_plan(self, plan: Union[Plan, str], *, after: str = "", patience: float = 300) -> Iterator[Event]:
        """The events of a plan as they happen, until it has ended: plan, audit and done."""
        return self._follow(_plan(plan) + "/events", after, patience)

    def resume_plan(self, plan: Union[Plan, str], credentials: Optional[Credentials] = None) -> Plan:
        """Goes on with a plan that is held."""
        return self._post(_plan(plan) + "/resume", self._with(credentials, {}))["plan"]

    def cancel_plan(self, plan: Union[Plan, str]) -> Plan:
        return self.request("POST", _plan(plan) + "/cancel", {})["plan"]

    def undo(self, plan: Union[Plan, str], credentials: Optional[Credentials] = None, *, apply: bool = False, timeout: float = 120) -> Plan:
        """Plans the inverse of what a plan has changed; with apply, carries it out too."""
        return self._planned(self._post(_plan(plan) + "/undo", self._with(credentials, {"apply": apply})), timeout)

    # Schedules

    def schedules(self) -> Iterator[JSON]:
        return self._pages("/api/v1/schedules", "schedules")

    def schedule(self, schedule_id: str) -> JSON:
        return self.request("GET", _schedule(schedule_id))

    def add_schedule(self, name: str, *, idempotency_key: str = "", **fields: Any) -> JSON:
        """Scans, or carries a plan, again and again. fields: cron or every_seconds, account, types, regions, plan, ..."""
        return self._post("/api/v1/schedules", {"name": name, **fields}, idempotency_key=idempotency_key)

    def put_schedule(self, schedule_id: str, name: str, **fields: Any) -> JSON:
        return self.request("PUT", _schedule(schedule_id), {"name": name, **fields})

    def delete_schedule(self, schedule_id: str) -> None:
        self.request("DELETE", _schedule(schedule_id))

    def pause_schedule(self, schedule_id: str) -> JSON:
        return self.request("POST", _schedule(schedule_id) + "/pause")

    def resume_schedule(self, schedule_id: str) -> JSON:
        return self.request("POST", _schedule(schedule_id) + "/resume")

    def run_schedule(self, schedule_id: str, *, idempotency_key: str = "") -> Job:
        """Starts a run now, and answers its job."""
        return self.request("POST", _schedule(schedule_id) + "/run", idempotency_key=idempotency_key or str(uuid.uuid4()))

    def schedule_runs(self, schedule_id: str) -> List[Job]:
        return self.request("GET", _schedule(schedule_id) + "/runs")["runs"]

    # Accounts

    def accounts(self) -> Iterator[JSON]:
        """The registered accounts, which requests name in place of keys."""
        return self._pages("/api/v1/accounts", "accounts")

    def account(self, name: str) -> JSON:
        return self.request("GET", _account(name))["account"]

    def add_account(self, name: str, role_arn: str, **fields: Any) -> JSON:
        return self.request("POST", "/api/v1/accounts", {"name": name, "role_arn": role_arn, **fields})["account"]

    def put_account(self, name: str, role_arn: str, **fields: Any) -> JSON:
        return self.request("PUT", _account(name), {"role_arn": role_arn, **fields})["account"]

    def delete_account(self, name: str) -> None:
        self.request("DELETE", _account(name))

    def forget_history(self, account_id: str) -> None:
        """Deletes what the history knows of an AWS account, within seconds."""
        self.request("DELETE", "/api/v1/inventory/accounts/" + _quote(account_id))

    def set_up_account(self, name: str, **query: Any) -> JSON:
        """The role of an account, to be made in AWS."""
        return self.request("GET", _account(name) + "/setup", query=query)

    def check_account(self, name: str) -> Job:
        """Starts a check of what the role of an account is allowed."""
        return self._post(_account(name) + "/check", {}, wait=0)

    # Waiting and following

    def _until(self, look: Any, reached: Any, timeout: float) -> Any:
        end, pause = time.monotonic() + timeout, 0.1
        while True:
            now = look()
            if now["state"] == "failed":
                raise Failed(now)
            if reached(now):
                return now
            left = end - time.monotonic()
            if left <= 0:
                raise TimedOut(f"still {now['state']} after {timeout:g} s")
            time.sleep(min(pause, left))
            pause = min(pause * 1.5, 2)

    def _follow(self, path: str, last: str, patience: float) -> Iterator[Event]:
        seen, pause = time.monotonic(), 1.0
        while True:
            headers = {"Accept": "text/event-stream", **({"Last-Event-ID": last} if last else {})}
            wait = 0.0
            try:
                # The server is never silent for longer than 15 s.
                with self._open("GET", path, None, None, headers, 45) as stream:
                    for event in _events(stream):
                        last, pause, seen = event.id or last, 1.0, time.monotonic()
                        yield event
                        if event.event == "done":
                            return
                why: Exception = EOFError("the stream ended")
            except APIError as e:
                if e.status not in (429, 503):
                    raise
                why, wait = e, e.retry_after or 0
            except (*_NETWORK, ValueError) as e:
                why = e
            if time.monotonic() - seen > patience:
                raise Unreachable(f"{self.url}{path}: no event for {patience:g} s: {why}") from why
            time.sleep(max(pause, min(wait, 60)))
            pause = min(pause * 2, 10)


def _from(query: JSON) -> JSON:
    """A query in which from_, as from is a word of Python, is from."""
    return {"from" if k == "from_" else k: v for k, v in query.items()}


def _events(stream: Any) -> Iterator[Event]:
    """Reads server-sent events."""
    fields: Dict[str, str] = {}
    for raw in stream:
        line = raw.decode().rstrip("\r\n")
        if line:
            name, _, value = line.partition(":")
            value = value[1:] if value.startswith(" ") else value
            fields[name] = fields["data"] + "\n" + value if name == "data" and "data" in fields else value
            continue
        if "data" in fields:
            yield Event(fields.get("id", ""), fields.get("event", "message"), json.loads(fields["data"]))
        fields = {}


def _refuse(e: urllib.error.HTTPError) -> NoReturn:
    """Raises what an answer that is no success says."""
    try:
        body = json.loads(e.read())
    except _NETWORK + (ValueError,):
        body = {}
    try:
        after: Optional[float] = float(e.headers.get("Retry-After", ""))
    except ValueError:
        after = None
    raise _ERRORS.get(e.code, APIError)(e.code, body if isinstance(body, dict) else {}, after) from None


def _quote(part: str) -> str:
    return urllib.parse.quote(part, safe="")


def _job(job: Union[Job, str]) -> str:
    return "/api/v1/jobs/" + _quote(job if isinstance(job, str) else job["job_id"])


def _acknowledgement(finding: Union[Finding, str]) -> str:
    return f"/api/v1/findings/{_quote(finding if isinstance(finding, str) else finding['finding_id'])}/acknowledgement"


def _history(resource: Union[Resource, str]) -> str:
    key = resource if isinstance(resource, str) else "/".join(resource[m] for m in ("account_id", "region", "resource_type", "resource_id"))
    return f"/api/v1/inventory/{_quote(key)}/history"


def _plan(plan: Union[Plan, str]) -> str:
    return "/api/v1/plans/" + _quote(plan if isinstance(plan, str) else plan["plan_id"])


def _budget(budget_id: str) -> str:
    return "/api/v1/budgets/" + _quote(budget_id)


def _schedule(schedule_id: str) -> str:
    return "/api/v1/schedules/" + _quote(schedule_id)


def _account(name: str) -> str:
    return "/api/v1/accounts/" + _quote(name)


class AWSResourceTrackerClient:
    """The client of the earlier service, with its methods and answers, on any server of today.

    What the server refuses raises APIError, a refused action among it. A scan is waited for
    as long as it was, 600 seconds, and asked about again and again rather than held open.
    """

    def __init__(self, base_url: str = "http://localhost:5000", api_key: Optional[str] = None) -> None:
        self.tracker = Tracker(base_url, api_key or "")

    def health_check(self) -> JSON:
        return self.tracker.health()

    def scan_resources(self, access_key: str, secret_key: str, max_workers: int = 5) -> JSON:
        job = self.tracker.wait(self.tracker.scan(Credentials(access_key, secret_key), max_workers=max_workers))
        return {"success": True, "data": self.tracker.result(job)}

    def filter_resources(self, resources: Sequence[Union[Resource, JSON]], filters: JSON) -> JSON:
        return self.tracker.request("POST", "/api/v1/resources/filter", {"resources": list(resources), "filters": filters})

    def perform_action(self, access_key: str, secret_key: str, resource_id: str, resource_type: str, region: str, action: str) -> JSON:
        change = {"resource_id": resource_id, "resource_type": resource_type, "region": region, "action": action}
        return self._act("action", {**Credentials(access_key, secret_key).fields(), **change})

    def perform_bulk_action(self, access_key: str, secret_key: str, actions: Sequence[Union[ActionItem, JSON]]) -> JSON:
        return self._act("bulk-action", {**Credentials(access_key, secret_key).fields(), "actions": list(actions)})

    def _act(self, route: str, body: JSON) -> JSON:
        """Changes at once. What is not read back from AWS within a minute is pending."""
        return self.tracker._post("/api/v1/resources/" + route, body, wait=60)

    def get_api_docs(self) -> JSON:
        return self.tracker.request("GET", "/api/v1/docs")
