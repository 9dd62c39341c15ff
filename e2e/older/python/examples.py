"""
AWS Resource Tracker - Usage Examples

The client and the examples of the earlier service, written anew after what it
sent and expected. Run: python examples.py [1-5 ...]
"""

import os
import sys
from typing import Any, Dict, List, Optional

import requests


class AWSResourceTrackerClient:
    """Client for the AWS Resource Tracker API"""

    def __init__(self, base_url: str = "http://localhost:5000", api_key: Optional[str] = None):
        self.base_url = base_url.rstrip("/")
        self.session = requests.Session()
        self.session.headers.update({"Content-Type": "application/json"})
        if api_key:
            self.session.headers.update({"X-API-Key": api_key})

    def health_check(self) -> Dict[str, Any]:
        response = self.session.get(f"{self.base_url}/health")
        response.raise_for_status()
        return response.json()

    def scan_resources(self, access_key: str, secret_key: str, max_workers: int = 5) -> Dict[str, Any]:
        response = self.session.post(
            f"{self.base_url}/api/v1/scan",
            json={"access_key_id": access_key, "secret_access_key": secret_key, "max_workers": max_workers},
            timeout=600,
        )
        response.raise_for_status()
        return response.json()

    def filter_resources(self, resources: List[Dict[str, Any]], filters: Dict[str, Any]) -> Dict[str, Any]:
        response = self.session.post(f"{self.base_url}/api/v1/resources/filter", json={"resources": resources, "filters": filters})
        response.raise_for_status()
        return response.json()

    def perform_action(
        self, access_key: str, secret_key: str, resource_id: str, resource_type: str, region: str, action: str
    ) -> Dict[str, Any]:
        response = self.session.post(
            f"{self.base_url}/api/v1/resources/action",
            json={
                "access_key_id": access_key,
                "secret_access_key": secret_key,
                "resource_id": resource_id,
                "resource_type": resource_type,
                "region": region,
                "action": action,
            },
        )
        response.raise_for_status()
        return response.json()

    def perform_bulk_action(self, access_key: str, secret_key: str, actions: List[Dict[str, str]]) -> Dict[str, Any]:
        response = self.session.post(
            f"{self.base_url}/api/v1/resources/bulk-action",
            json={"access_key_id": access_key, "secret_access_key": secret_key, "actions": actions},
        )
        response.raise_for_status()
        return response.json()

    def get_api_docs(self) -> Dict[str, Any]:
        response = self.session.get(f"{self.base_url}/api/v1/docs")
        response.raise_for_status()
        return response.json()


BASE_URL = os.getenv("API_BASE_URL", "http://localhost:5000")
API_KEY = os.getenv("API_KEY", "key1")
ACCESS_KEY = os.getenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
SECRET_KEY = os.getenv("AWS_SECRET_ACCESS_KEY", "example")


def example_1_basic_scan() -> None:
    """Basic resource scan"""
    client = AWSResourceTrackerClient(BASE_URL, API_KEY)
    print(f"API status: {client.health_check()['status']}")
    result = client.scan_resources(ACCESS_KEY, SECRET_KEY, max_workers=8)
    if not result["success"]:
        print(f"Scan failed: {result['error']}")
        return
    data = result["data"]
    print(f"Regions scanned: {len(data['regions_scanned'])}")
    print(f"Total resources: {data['summary']['total_resources']}")
    for resource_type, count in data["summary"]["by_type"].items():
        print(f"  {resource_type}: {count}")
    for error in data["errors"]:
        print(f"  error {error['type']}: {error['message']}")


def example_2_filter_resources() -> None:
    """Resource filtering"""
    client = AWSResourceTrackerClient(BASE_URL, API_KEY)
    resources = client.scan_resources(ACCESS_KEY, SECRET_KEY)["data"]["resources"]
    for filters in (
        {"resource_type": "EC2_Instance", "state": "running"},
        {"region": "us-east-1"},
        {"tags": {"Environment": "dev"}},
    ):
        found = client.filter_resources(resources, filters)
        print(f"Filter {filters}: {found['total']} of {len(resources)}")


def example_3_stop_instance() -> None:
    """Stop an EC2 instance"""
    client = AWSResourceTrackerClient(BASE_URL, API_KEY)
    resources = client.scan_resources(ACCESS_KEY, SECRET_KEY)["data"]["resources"]
    running = client.filter_resources(
        resources, {"resource_type": "EC2_Instance", "state": "running", "tags": {"Environment": "dev"}}
    )["resources"]
    for instance in [{"resource_id": "i-00000000000000000", "region": "us-east-1"}, *reversed(running)]:
        try:
            result = client.perform_action(ACCESS_KEY, SECRET_KEY, instance["resource_id"], "EC2_Instance", instance["region"], "stop")
        except requests.HTTPError as e:
            print(f"Refused: {e.response.status_code} {e.response.json()['verification_status']}: {e.response.json()['message']}")
            continue
        print(f"Stop: {result['success']} {result['verification_status']}: {result['message']}")
        break


def example_4_bulk_cleanup() -> None:
    """Bulk cleanup of unused resources"""
    client = AWSResourceTrackerClient(BASE_URL, API_KEY)
    resources = client.scan_resources(ACCESS_KEY, SECRET_KEY)["data"]["resources"]
    unused = [r for r in resources if (r["resource_type"], r["state"]) == ("EBS_Volume", "available")][-2:]
    actions = [
        {"resource_id": r["resource_id"], "resource_type": r["resource_type"], "region": r["region"], "action": "delete"}
        for r in unused
    ]
    actions.append({"resource_id": "vol-00000000000000000", "resource_type": "EBS_Volume", "region": "us-east-1", "action": "delete"})
    result = client.perform_bulk_action(ACCESS_KEY, SECRET_KEY, actions)
    print(f"Bulk: {result['successful']}/{result['total_actions']} successful, {result['failed']} failed")
    for item in result["results"]:
        print(f"  {item['resource_id']}: {item['success']} {item['message']}")


def example_5_cost_analysis() -> None:
    """Cost analysis"""
    client = AWSResourceTrackerClient(BASE_URL, API_KEY)
    data = client.scan_resources(ACCESS_KEY, SECRET_KEY)["data"]
    costs = data["cost_summary"]
    print(f"Estimated monthly total: ${costs['estimated_monthly_total']:.2f}")
    for resource_type, cost in sorted(costs["by_resource_type"].items(), key=lambda item: -item[1]):
        print(f"  {resource_type}: ${cost:.2f}")
    dear = sorted((r for r in data["resources"] if r["estimated_cost_monthly"]), key=lambda r: -r["estimated_cost_monthly"])
    print(f"Dearest: {dear[0]['resource_id']} ${dear[0]['estimated_cost_monthly']:.2f}")
    print(f"Documented endpoints: {len(client.get_api_docs()['endpoints'])}")


EXAMPLES = [
    example_1_basic_scan,
    example_2_filter_resources,
    example_3_stop_instance,
    example_4_bulk_cleanup,
    example_5_cost_analysis,
]

if __name__ == "__main__":
    for number in sys.argv[1:] or ["1", "2", "3", "4", "5"]:
        print(f"=== Example {number} ===")
        EXAMPLES[int(number) - 1]()
