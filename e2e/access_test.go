package e2e

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/internal/aws/iam"
	"github.com/consolesensei/resource-tracker/tracker"
)

// accessReport is the answer to an access check.
type accessReport struct {
	JobID     string              `json:"job_id"`
	State     tracker.JobState    `json:"state"`
	AccountID string              `json:"account_id"`
	ARN       string              `json:"arn"`
	Method    tracker.CheckMethod `json:"method"`
	Accounts  []tracker.Caller    `json:"accounts"`
	Total     int                 `json:"cells_total"`
	Allowed   int                 `json:"allowed"`
	Denied    []deniedCell        `json:"would_be_denied"`
	Failed    []deniedCell        `json:"would_fail"`
	Policy    json.RawMessage     `json:"policy"`
}

type deniedCell struct {
	tracker.Cell
	Outcome tracker.Outcome `json:"outcome"`
	API     string          `json:"api"`
	Missing []string        `json:"missing_permissions"`
}

func (c *client) checkAccess(request map[string]any) accessReport {
	c.t.Helper()
	const path = "/api/v1/access-check?wait=60"
	return decoded[accessReport](c, path, c.do(http.MethodPost, path, request), http.StatusOK)
}

// TestAccessCheckSaysWhatIsMissing lets moto check policies for real: what the
// check says is missing is what makes the scan complete, once it is granted.
func TestAccessCheckSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	m, err := startMoto()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.kill)
	client := iam.NewFromConfig(m.config("us-east-1"))
	name := aws.String("reader")
	user, err := client.CreateUser(t.Context(), &iam.CreateUserInput{UserName: name})
	if err != nil {
		t.Fatal(err)
	}
	grant := func(policyName, document string) {
		t.Helper()
		_, err := client.PutUserPolicy(t.Context(), &iam.PutUserPolicyInput{UserName: name, PolicyName: &policyName, PolicyDocument: &document})
		if err != nil {
			t.Fatal(err)
		}
	}
	grant("first", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ec2:DescribeInstances","sts:GetCallerIdentity"],"Resource":"*"}]}`)
	made, err := client.CreateAccessKey(t.Context(), &iam.CreateAccessKeyInput{UserName: name})
	if err != nil {
		t.Fatal(err)
	}
	m.enforce(t)

	st := newStack(t, m.url)
	c := st.client(apiKey)
	reader := keys(*made.AccessKey.AccessKeyId, *made.AccessKey.SecretAccessKey)
	request := with(with(reader, "regions", []string{"eu-west-1"}), "types", []tracker.Type{"EC2_Instance", "EBS_Volume", "RDS_Instance", "IAM_User"})

	report := c.checkAccess(request)
	if report.State != tracker.JobPartial || report.AccountID != motoAccount || report.ARN != *user.User.Arn || report.Method != tracker.CheckProbe ||
		report.Total != 4 || report.Allowed != 1 || len(report.Failed) > 0 {
		t.Errorf("%+v", report)
	}
	if len(report.Accounts) != 1 || !strings.Contains(report.Accounts[0].Reason, "iam:SimulatePrincipalPolicy") {
		t.Errorf("why IAM could not be asked: %+v", report.Accounts)
	}
	cell := func(region string, typ tracker.Type) tracker.Cell {
		return tracker.Cell{AccountID: motoAccount, Region: region, Type: typ}
	}
	want := []deniedCell{
		{cell("eu-west-1", "EBS_Volume"), tracker.OutcomeDenied, "ec2:DescribeVolumes", []string{"ec2:DescribeVolumes"}},
		{cell("eu-west-1", "RDS_Instance"), tracker.OutcomeDenied, "rds:DescribeDBInstances", []string{"rds:DescribeDBInstances"}},
		{cell("global", "IAM_User"), tracker.OutcomeDenied, "iam:GetAccountAuthorizationDetails", []string{"iam:GetAccountAuthorizationDetails"}},
	}
	if diff := gocmp.Diff(want, report.Denied); diff != "" {
		t.Error(diff)
	}
	if again := get[accessReport](c, "/api/v1/access-check/"+report.JobID); gocmp.Diff(report, again) != "" {
		t.Error("it is answered otherwise later:", gocmp.Diff(report, again))
	}
	if a := c.do(http.MethodGet, "/api/v1/resources", nil); a.status != http.StatusNotFound {
		t.Errorf("it is taken for the newest scan: %d %s", a.status, a.body)
	}
	if n, err := st.redisClient().Exists(t.Context(), "rt:{"+report.JobID+"}:x").Result(); n != 0 || err != nil {
		t.Errorf("its credentials are still there: %v", err)
	}

	m.enforceAfter(t, 1)
	grant("missing", string(report.Policy))
	if report = c.checkAccess(request); report.State != tracker.JobSucceeded || report.Allowed != 4 || string(report.Policy) != "null" {
		t.Errorf("with what was missing: %+v", report)
	}
	if job := c.scan(request); job.State != tracker.JobSucceeded {
		t.Errorf("the scan ended %s: %s", job.State, job.Reason)
	}

	t.Run("region list denied", func(t *testing.T) {
		report := c.checkAccess(with(reader, "types", []tracker.Type{"EC2_Instance"}))
		if report.ARN != *user.User.Arn || len(report.Denied) != 1 || !slices.Equal(report.Denied[0].Missing, []string{"ec2:DescribeRegions"}) {
			t.Errorf("%+v", report)
		}
	})
	t.Run("wrong secret", func(t *testing.T) {
		// moto refuses it in a form that AWS does not have, and does not say why.
		report := c.checkAccess(with(keys(*made.AccessKey.AccessKeyId, "wrong"), "regions", []string{"eu-west-1"}))
		if report.ARN != "" || report.Allowed != 0 || len(report.Denied) != 1 || report.Denied[0].API != "sts:GetCallerIdentity" || string(report.Policy) != "null" {
			t.Errorf("%+v", report)
		}
	})
}

// TestAccessCheckAsksIAM has a simulated account without queues, whose look-up of
// queues only IAM's simulation can know to be denied.
func TestAccessCheckAsksIAM(t *testing.T) {
	t.Parallel()
	options := filepath.Join(t.TempDir(), "options.json")
	if err := os.WriteFile(options, []byte(`{"faults":[{"kind":"denied","service":"sqs","operation":"GetQueueAttributes","region":"eu-west-1"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	port := freePort()
	server := start(t, []string{"PORT=" + strconv.Itoa(port), "DATA_DIR=" + t.TempDir(), "VALID_API_KEYS=" + apiKey}, t.TempDir(),
		filepath.Join(bin, "api"), "-demo-options", options)
	if err := server.answers(localURL(port)+"/ready", time.Minute); err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, url: localURL(port), key: apiKey}
	report := c.checkAccess(with(with(valid(), "types", []tracker.Type{"SQS_Queue", "EBS_Volume"}), "regions", []string{"eu-west-1", "us-east-1"}))
	want := []deniedCell{{
		Cell:    tracker.Cell{AccountID: report.AccountID, Region: "eu-west-1", Type: "SQS_Queue"},
		Outcome: tracker.OutcomeDenied, Missing: []string{"sqs:GetQueueAttributes"},
	}}
	if diff := gocmp.Diff(want, report.Denied); diff != "" || report.Method != tracker.CheckSimulation || report.Allowed != 3 || report.Total != 4 {
		t.Errorf("%+v: %s", report, diff)
	}
}
