package e2e

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestRegisteredAccounts registers two accounts and scans both by their names, with the
// workers' own identity. Then the tenant may work in one of them only: of the other
// nothing is asked but whose the credentials are, nor of an account of a request's keys.
func TestRegisteredAccounts(t *testing.T) {
	t.Parallel()
	const one, two, region = "111111111111", "222222222222", "eu-west-1"
	m, err := startMoto()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.kill)
	role := func(account string) string { return "arn:aws:iam::" + account + ":role/tracker" }
	for _, account := range []string{one, two} {
		cfg := m.config(region)
		cfg.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), role(account)))
		if _, err := ec2.NewFromConfig(cfg).CreateVolume(t.Context(), &ec2.CreateVolumeInput{AvailabilityZone: aws.String(region + "a"), Size: aws.Int32(1)}); err != nil {
			t.Fatal(err)
		}
	}
	p := newProxy(t, m.url, func(context.Context, call) fault { return fault{} })
	s := newStack(t, p.url, "ALLOW_SERVER_CREDENTIALS=true", "AWS_ACCESS_KEY_ID=AKIASERVER0000000000", "AWS_SECRET_ACCESS_KEY=own",
		"SERVER_PRINCIPAL_ARN=arn:aws:iam::999999999999:role/server")
	c, admin := s.client(apiKey), s.client(operatorKey)

	const path = "/api/v1/accounts"
	type answered struct{ Account tracker.RegisteredAccount }
	external := map[string]string{}
	for name, account := range map[string]string{"one": one, "two": two} {
		a := decoded[answered](admin, name, admin.do(http.MethodPost, path, map[string]any{"name": name, "role_arn": role(account), "regions": []string{region}}), http.StatusCreated)
		external[name] = a.Account.ExternalID
	}
	setup := get[struct{ Template string }](admin, path+"/one/setup?types=EBS_Volume")
	for _, want := range []string{external["one"], "arn:aws:iam::999999999999:role/server", "Default: tracker", "ec2:DescribeVolumes"} {
		if !strings.Contains(setup.Template, want) {
			t.Errorf("the template lacks %s:\n%s", want, setup.Template)
		}
	}

	both := map[string]any{"types": []string{"EBS_Volume"}, "accounts": []any{map[string]any{"account": "one"}, map[string]any{"account": "two"}}, "single_flight": false}
	found := func(id string) map[string]int {
		n := map[string]int{}
		for _, r := range c.ndjson(id) {
			n[r.AccountID]++
		}
		return n
	}
	job := c.finished(c.submit(both).ID)
	if diff := gocmp.Diff(map[string]int{one: 1, two: 1}, found(job.ID)); diff != "" || job.State != tracker.JobSucceeded {
		t.Fatalf("%s because %q: %s", job.State, job.Reason, diff)
	}
	for name, account := range map[string]string{"one": one, "two": two} {
		assumed := 0
		for _, call := range p.seen() {
			if call.Action == "AssumeRole" && strings.Contains(call.Body, account) && strings.Contains(call.Body, "ExternalId="+external[name]) {
				assumed++
			}
		}
		if assumed == 0 {
			t.Errorf("the role of %s was not assumed with its external ID", name)
		}
	}
	c.do(http.MethodGet, "/api/v1/jobs", nil)
	c.do(http.MethodGet, "/api/v1/audit", nil)
	c.do(http.MethodGet, path, nil)

	a := admin.do(http.MethodPut, "/api/v1/tenants/default/allowed-accounts", map[string]any{"accounts": []string{one}})
	if a.status != http.StatusOK {
		t.Fatal(a.status, string(a.body))
	}
	before := len(p.seen())
	job = c.finished(c.submit(both).ID)
	if diff := gocmp.Diff(map[string]int{one: 1}, found(job.ID)); diff != "" || job.State != tracker.JobPartial {
		t.Errorf("%s because %q: %s", job.State, job.Reason, diff)
	}
	own := c.finished(c.submit(with(with(valid(), "types", []string{"EBS_Volume"}), "regions", []string{region})).ID)
	if own.State != tracker.JobFailed || !strings.Contains(own.Reason, tracker.AccountNotAllowed) {
		t.Errorf("with keys of another account: %s because %q", own.State, own.Reason)
	}
	volumes := 0
	for _, call := range p.seen()[before:] {
		switch {
		case call.Service == "sts":
		case call.Action == "DescribeVolumes":
			volumes++
		default:
			t.Errorf("called %s %s", call.Service, call.Action)
		}
	}
	if volumes != 1 {
		t.Errorf("volumes were listed %d times", volumes)
	}
	denied := 0
	for _, cell := range c.coverage(job.ID).Cells {
		if cell.Error != nil && cell.AccountID == two && cell.Error.Code == tracker.AccountNotAllowed {
			denied++
		}
	}
	if denied != 1 {
		t.Errorf("%d cells say why", denied)
	}

	printed := s.printed()
	printed["the API's answers to those who do not manage"] = c.answered()
	for place, text := range printed {
		for _, id := range external {
			if strings.Contains(text, id) {
				t.Error("an external ID is in", place)
			}
		}
	}
	if a := c.do(http.MethodPost, "/api/v1/scan", map[string]any{"role_arn": role("333333333333")}); a.status != http.StatusUnprocessableEntity {
		t.Error("a role of no registered account:", a.status, fmt.Sprintf("%.200s", a.body))
	}
}
