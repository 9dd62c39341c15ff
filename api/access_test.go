package api_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/tracker"
)

func granting(o *api.Options) {
	o.Policy = func(permissions []string) json.RawMessage {
		return json.RawMessage(`{"Action":"` + strings.Join(permissions, " ") + `"}`)
	}
}

// checked is an access check of alice's that has ended.
func checked(state tracker.JobState, cells ...tracker.CellReport) *fake {
	f := &fake{}
	j := f.add(alice, "check-1", state)
	j.Kind, j.Reason = tracker.KindAccessCheck, "the reason"
	j.Callers = []tracker.Caller{{AccountID: "1", ARN: "arn:aws:iam::1:user/u", Method: tracker.CheckSimulation}}
	j.Progress = tracker.Progress{CellsTotal: len(cells), CellsClosed: len(cells), ByOutcome: map[tracker.Outcome]int{}}
	for _, c := range cells {
		j.Progress.ByOutcome[c.Outcome]++
	}
	f.cells["check-1"] = cells
	return f
}

func tried(region string, t tracker.Type, f *tracker.Failure) tracker.CellReport {
	c := tracker.CellReport{Cell: tracker.Cell{AccountID: "1", Region: region, Type: t}, Outcome: tracker.OutcomeOK, Error: f}
	if f != nil {
		c.Outcome = f.Outcome
	}
	return c
}

var (
	deniedList = &tracker.Failure{Outcome: tracker.OutcomeDenied, Code: "AccessDenied", API: "ec2:DescribeInstances", Message: "no", Missing: []string{"ec2:DescribeInstances"}}
	deniedOrg  = &tracker.Failure{Outcome: tracker.OutcomeDeniedSCP, Code: "AccessDenied", API: "s3:ListBuckets", Message: "no", Missing: []string{"s3:ListAllMyBuckets"}}
	simulated  = &tracker.Failure{Outcome: tracker.OutcomeDenied, Message: "by simulation", Missing: []string{"iam:ListUserTags"}}
	notOptedIn = &tracker.Failure{Outcome: tracker.OutcomeNotOptedIn, Code: "AuthFailure", API: "ec2:DescribeInstances", Message: "off"}
	badCreds   = &tracker.Failure{Outcome: tracker.OutcomeBadCreds, Code: "InvalidClientTokenId", API: "sts:GetCallerIdentity", Message: "no"}
)

func TestAccessReport(t *testing.T) {
	f := checked(tracker.JobPartial,
		tried("eu-west-1", "EC2_Instance", nil), tried("us-east-1", "EC2_Instance", deniedList), tried("af-south-1", "EC2_Instance", notOptedIn),
		tried("global", "IAM_User", simulated), tried("global", "S3_Bucket", deniedOrg))
	a := open(t, f, granting).call("GET", "/api/v1/access-check/check-1", "")
	const want = `{"success":true,"job_id":"check-1","state":"partial","account_id":"1","arn":"arn:aws:iam::1:user/u","method":"probe+simulation",
		"accounts":[{"account_id":"1","arn":"arn:aws:iam::1:user/u","method":"probe+simulation"}],
		"cells_total":5,"allowed":1,
		"would_be_denied":[
			{"account_id":"1","region":"global","resource_type":"IAM_User","outcome":"denied","missing_permissions":["iam:ListUserTags"],"message":"by simulation"},
			{"account_id":"1","region":"global","resource_type":"S3_Bucket","outcome":"denied_scp","api":"s3:ListBuckets","missing_permissions":["s3:ListAllMyBuckets"],"message":"s3:ListBuckets: AccessDenied: no"},
			{"account_id":"1","region":"us-east-1","resource_type":"EC2_Instance","outcome":"denied","api":"ec2:DescribeInstances","missing_permissions":["ec2:DescribeInstances"],"message":"ec2:DescribeInstances: AccessDenied: no"}],
		"would_fail":[{"account_id":"1","region":"af-south-1","resource_type":"EC2_Instance","outcome":"not_opted_in","api":"ec2:DescribeInstances","missing_permissions":[],"message":"ec2:DescribeInstances: AuthFailure: off"}],
		"policy":{"Action":"ec2:DescribeInstances iam:ListUserTags"},
		"links":{"self":"/api/v1/jobs/check-1","events":"/api/v1/jobs/check-1/events","result":"/api/v1/access-check/check-1","coverage":"/api/v1/jobs/check-1/coverage"}}`
	if diff := cmp.Diff(answer{body: want}.json(t), a.json(t)); diff != "" || a.code != 200 {
		t.Error(a.code, diff)
	}
}

func TestAccessReportOfManyAccounts(t *testing.T) {
	f := checked(tracker.JobSucceeded, tried("global", "IAM_User", nil))
	f.jobs[0].Callers = append(f.jobs[0].Callers, tracker.Caller{AccountID: "2", ARN: "arn:aws:iam::2:root", Method: tracker.CheckProbe, Reason: "root"})
	v := open(t, f, granting).call("GET", "/api/v1/access-check/check-1", "").json(t)
	if v["account_id"] != nil || v["method"] != "probe" || len(v["accounts"].([]any)) != 2 || v["policy"] != nil || v["allowed"] != 1.0 {
		t.Error(v)
	}
}

func TestAccessCheckIsSubmittedAsAScanIs(t *testing.T) {
	const selection = `,"services":["ec2"],"regions":["eu-west-1"],"accounts":[{"role_arn":"` + role + `"}]`
	d := open(t, &fake{})
	check, scan := d.call("POST", "/api/v1/access-check", credentials(selection)), d.call("POST", "/api/v1/scan", credentials(selection))
	if check.code != 202 || scan.code != 202 || check.header.Get("Location") != "/api/v1/jobs/new-1" {
		t.Fatal(check.code, check.header, check.body, scan.body)
	}
	if l := check.json(t)["links"].(map[string]any); l["result"] != "/api/v1/access-check/new-1" || l["resources"] != nil {
		t.Error(check.body)
	}
	got, want := d.fake.submissions[0], d.fake.submissions[1]
	if got.Kind != tracker.KindAccessCheck || want.Kind != tracker.KindScan {
		t.Errorf("kinds %q and %q", got.Kind, want.Kind)
	}
	got.Kind = want.Kind
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if a := d.call("POST", "/api/v1/access-check", credentials(`,"types":["EC2_Instances"]`)); a.code != 422 {
		t.Error(a.code, a.body)
	}
	if a := d.call("POST", "/api/v1/access-check", `{}`); a.code != 400 {
		t.Error(a.code, a.body)
	}
}

func TestWaitingForAnAccessCheck(t *testing.T) {
	for _, tc := range []struct {
		name  string
		state tracker.JobState
		cell  tracker.CellReport
		code  int
		text  any
	}{
		{"all allowed", tracker.JobSucceeded, tried("global", "IAM_User", nil), 200, nil},
		{"all denied", tracker.JobFailed, tried("us-east-1", "EC2_Instance", deniedList), 200, nil},
		{"region off", tracker.JobFailed, tried("af-south-1", "EC2_Instance", notOptedIn), 200, nil},
		{"dead credentials", tracker.JobFailed, tried("*", "*", badCreds), 422, "the reason"},
		{"cancelled", tracker.JobCancelled, tried("global", "IAM_User", nil), 409, "the access check was cancelled"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := checked(tracker.JobRunning, tc.cell)
				f.jobs[0].ID, f.cells["new-1"] = "new-1", f.cells["check-1"]
				time.AfterFunc(time.Second, func() { f.happen("new-1", tc.state, nil) })
				a := open(t, f).call("POST", "/api/v1/access-check", credentials(""), "Prefer", "wait=60")
				v := a.json(t)
				if a.code != tc.code || v["error"] != tc.text || v["job_id"] != "new-1" || a.header.Get("Location") != "/api/v1/jobs/new-1" {
					t.Error(a.code, a.header, a.body)
				}
				if applied := a.header.Get("Preference-Applied"); tc.code == 200 && applied != "wait" {
					t.Errorf("applied %q", applied)
				}
			})
		})
	}
}

// What an access check is not, it does not look like.
func TestAccessChecksAndScansAreToldApart(t *testing.T) {
	for _, tc := range []struct {
		name, method, target, body string
		state                      tracker.JobState
		code                       int
	}{
		{"its resources", "GET", "/api/v1/jobs/check-1/resources", "", tracker.JobSucceeded, 409},
		{"its result", "GET", "/api/v1/jobs/check-1/result", "", tracker.JobSucceeded, 409},
		{"its resources, filtered", "POST", "/api/v1/resources/filter", `{"job_id":"check-1"}`, tracker.JobSucceeded, 409},
		{"its answer while it runs", "GET", "/api/v1/access-check/check-1", "", tracker.JobRunning, 409},
		{"its answer", "GET", "/api/v1/access-check/check-1", "", tracker.JobSucceeded, 200},
		{"itself", "GET", "/api/v1/jobs/check-1", "", tracker.JobSucceeded, 200},
		{"its coverage", "GET", "/api/v1/jobs/check-1/coverage", "", tracker.JobSucceeded, 200},
		{"a scan's answer", "GET", "/api/v1/access-check/scan-1", "", tracker.JobSucceeded, 404},
		{"no job's answer", "GET", "/api/v1/access-check/job-9", "", tracker.JobSucceeded, 404},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := checked(tc.state, tried("global", "IAM_User", nil))
			f.add(alice, "scan-1", tracker.JobSucceeded)
			if a := open(t, f).call(tc.method, tc.target, tc.body); a.code != tc.code {
				t.Error(a.code, a.body)
			}
		})
	}
	if a := open(t, checked(tracker.JobSucceeded)).call("GET", "/api/v1/access-check/check-1", "", "X-API-Key", other); a.code != 404 {
		t.Error("somebody else's:", a.code, a.body)
	}
}
