package api_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestSelection(t *testing.T) {
	type types = []tracker.Type
	account := `,"accounts":[{"role_arn":"` + role + `","regions":["eu-west-1","us-east-1"]}]`
	for _, tc := range []struct {
		name, body string
		want       tracker.ScanRequest
	}{
		{"everything", ``, tracker.ScanRequest{}},
		{"empty lists", `,"types":[],"services":[],"exclude_types":[],"exclude_services":[],"exclude_regions":[],"tags":{}`, tracker.ScanRequest{}},
		{"a service", `,"services":["ec2"]`, tracker.ScanRequest{Types: types{"EC2_Instance"}}},
		{"services and a type", `,"services":["s3","ec2"],"types":["IAM_User","S3_Bucket"]`, tracker.ScanRequest{Types: types{"EC2_Instance", "IAM_User", "S3_Bucket"}}},
		{"all but a type", `,"exclude_types":["IAM_User"]`, tracker.ScanRequest{Types: types{"EC2_Instance", "S3_Bucket"}, ExcludeTypes: types{"IAM_User"}}},
		{"all but services", `,"exclude_services":["iam","s3"]`, tracker.ScanRequest{Types: types{"EC2_Instance"}, ExcludeTypes: types{"IAM_User", "S3_Bucket"}}},
		{"a type but another", `,"types":["IAM_User"],"exclude_types":["S3_Bucket"]`, tracker.ScanRequest{Types: types{"IAM_User"}, ExcludeTypes: types{"S3_Bucket"}}},
		{"one of both", `,"types":["IAM_User"],"services":["s3"],"exclude_services":["s3"]`, tracker.ScanRequest{Types: types{"IAM_User"}, ExcludeTypes: types{"S3_Bucket"}}},
		{"all regions but one", `,"exclude_regions":["us-east-1","us-east-1"]`, tracker.ScanRequest{ExcludeRegions: []string{"us-east-1"}}},
		{"one of two regions", `,"regions":["us-east-1","eu-west-1"],"exclude_regions":["us-east-1"]`, tracker.ScanRequest{Regions: []string{"eu-west-1"}, ExcludeRegions: []string{"us-east-1"}}},
		{"an account's regions but one", account + `,"exclude_regions":["us-east-1"]`, tracker.ScanRequest{
			Accounts: []tracker.AccountRef{{RoleARN: role, Regions: []string{"eu-west-1"}}}, ExcludeRegions: []string{"us-east-1"},
		}},
		{"a region newer than the list", `,"regions":["nz-north-1","ap-southeast-8"]`, tracker.ScanRequest{Regions: []string{"ap-southeast-8", "nz-north-1"}}},
		{"excluded from those named though new", `,"regions":["nz-north-1","eu-west-1"],"exclude_regions":["nz-north-1"]`, tracker.ScanRequest{Regions: []string{"eu-west-1"}, ExcludeRegions: []string{"nz-north-1"}}},
		{"tags", `,"tags":{"env":"prod","a=b":""}`, tracker.ScanRequest{Tags: map[string]string{"env": "prod", "a=b": ""}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for _, path := range []string{"/api/v1/scan", "/scan-resources"} {
				d := open(t, &fake{})
				if a := d.call("POST", path, credentials(tc.body)); a.code != 202 {
					t.Fatal(a.code, a.body)
				}
				got := d.fake.submissions[0].Request
				if len(got.Tags) == 0 {
					got.Tags = nil
				}
				tc.want.Findings = true
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", path, diff)
				}
			}
		})
	}
}

func TestSelectionsAreRefused(t *testing.T) {
	account := `,"accounts":[{"role_arn":"` + role + `","regions":["eu-west-1"]}]`
	long := strings.Repeat("ä", 257)
	for _, tc := range []struct{ name, body, text string }{
		{"unknown service", `,"services":["s3","ec3"]`, "body.services[1]: unknown service; did you mean ec2?"},
		{"service in capitals", `,"services":["IAM"]`, "body.services[0]: unknown service; did you mean iam?"},
		{"service like none", `,"services":["quantumledger"]`, "body.services[0]: unknown service; GET /api/v1/types lists them"},
		{"unknown excluded type", `,"exclude_types":["S3_Buckets"]`, "body.exclude_types[0]: unknown resource type; did you mean S3_Bucket?"},
		{"unknown excluded service", `,"exclude_services":["ian"]`, "body.exclude_services[0]: unknown service; did you mean iam?"},
		{
			"several", `,"types":["EC2"],"exclude_services":["s4"],"exclude_regions":["moon"]`,
			"body.types[0]: unknown resource type; GET /api/v1/types lists them; body.exclude_services[0]: unknown service; did you mean s3?; " +
				"body.exclude_regions[0]: not a region name such as eu-west-1",
		},
		{"every type", `,"exclude_types":["EC2_Instance","IAM_User","S3_Bucket"]`, "body.exclude_types: nothing is left to scan: every type is excluded"},
		{"every service", `,"exclude_services":["ec2","iam","s3"]`, "body.exclude_services: nothing is left to scan: every type is excluded"},
		{"the only type", `,"types":["IAM_User"],"exclude_services":["iam"]`, "body.exclude_services: nothing is left to scan: every type is excluded"},
		{"the only service", `,"services":["iam"],"exclude_types":["IAM_User"]`, "body.exclude_types: nothing is left to scan: every type is excluded"},
		{"unknown excluded region", `,"exclude_regions":["eu-west-1","global"]`, "body.exclude_regions[1]: not a region name such as eu-west-1"},
		{"misspelt region", `,"regions":["us-east-1","eu-wset-1"]`, "body.regions[1]: unknown region; did you mean eu-west-1?"},
		{"misspelt excluded region", `,"exclude_regions":["eu-wset-1"]`, "body.exclude_regions[0]: unknown region; did you mean eu-west-1?"},
		{"excluded region that is not known", `,"exclude_regions":["nz-north-1"]`, "body.exclude_regions[0]: unknown region; did you mean eu-north-1?"},
		{"excluded region like none", `,"exclude_regions":["atlantis-deep-sea-1"]`, "body.exclude_regions[0]: not a region name such as eu-west-1"},
		{"the only region", `,"regions":["eu-west-1"],"exclude_regions":["eu-west-1"]`, "body.regions: nothing is left to scan: every region is excluded"},
		{"an account's only region", account + `,"exclude_regions":["eu-west-1"]`, "body.accounts[0].regions: nothing is left to scan: every region is excluded"},
		{"tag without key", `,"tags":{"":"x"}`, "body.tags: a tag needs a key"},
		{"long key", `,"tags":{"` + long + `":"x"}`, "body.tags: a tag's key has at most 128 characters"},
		{"long value", `,"tags":{"x":"` + long + `"}`, "body.tags.x: expected length <= 256"},
		{"tag that is a number", `,"tags":{"x":5}`, "body.tags.x: expected string"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := open(t, &fake{}, func(o *api.Options) { o.ServerCredentials = true })
			for path, body := range map[string]string{
				"/api/v1/scan":      credentials(tc.body),
				"/api/v1/schedules": `{"name":"nightly","every_seconds":3600` + tc.body + `}`,
			} {
				if a := d.call("POST", path, body); a.code != 422 || a.json(t)["error"] != tc.text {
					t.Errorf("%s: %d %s", path, a.code, a.body)
				}
			}
			if len(d.fake.submissions)+len(d.fake.schedules) > 0 {
				t.Error("was submitted")
			}
		})
	}
}

func TestSelectionOfASchedule(t *testing.T) {
	d := open(t, &fake{}, func(o *api.Options) { o.ServerCredentials = true })
	a := d.call("POST", "/api/v1/schedules", `{"name":"nightly","every_seconds":3600,"services":["ec2","s3"],"exclude_types":["S3_Bucket"],
		"exclude_regions":["us-east-1"],"tags":{"env":"prod"}}`)
	if a.code != 201 {
		t.Fatal(a.code, a.body)
	}
	want := tracker.ScanRequest{
		Types: []tracker.Type{"EC2_Instance"}, ExcludeTypes: []tracker.Type{"S3_Bucket"}, ExcludeRegions: []string{"us-east-1"}, Tags: map[string]string{"env": "prod"}, Findings: true,
	}
	if diff := cmp.Diff(want, d.fake.schedules[0].Request); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
