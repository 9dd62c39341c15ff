package simulator_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/consolesensei/resource-tracker/internal/aws/organizations"
	"github.com/consolesensei/resource-tracker/internal/aws/organizations/types"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

func roleOf(account string) string { return "arn:aws:iam::" + account + ":role/path/Scanner" }

func assume(t *testing.T, a *simulator.Account, in *sts.AssumeRoleInput) (aws.Config, error) {
	t.Helper()
	in.RoleSessionName = aws.String("test")
	out, err := sts.NewFromConfig(patient(a.Config(home))).AssumeRole(t.Context(), in)
	if err != nil {
		return aws.Config{}, err
	}
	c := out.Credentials
	cfg := aws.Config{Region: home, Credentials: credentials.NewStaticCredentialsProvider(*c.AccessKeyId, *c.SecretAccessKey, *c.SessionToken)}
	a.Install(&cfg)
	return patient(cfg), nil
}

func identity(t *testing.T, cfg aws.Config) (account, arn string) {
	t.Helper()
	out, err := sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil {
		t.Fatal(err)
	}
	return *out.Account, *out.Arn
}

func TestRoleSessionsLeadToOtherAccounts(t *testing.T) {
	a := simulator.New(simulator.Options{Resources: 2000})
	if account, _ := identity(t, a.Config(home)); account != a.ID() {
		t.Errorf("the account calls itself %s", account)
	}
	id := a.Members()[0]
	cfg, err := assume(t, a, &sts.AssumeRoleInput{RoleArn: aws.String(roleOf(id))})
	if err != nil {
		t.Fatal(err)
	}
	account, arn := identity(t, cfg)
	if account != id || arn != "arn:aws:sts::"+id+":assumed-role/Scanner/test" {
		t.Errorf("identity %s, %s", account, arn)
	}
	member := a.Member(id)
	volumes := all(t, listVolumes, cfg, 0)
	if got, want := len(volumes[0]), member.Count("EBS_Volume", home); got != want || want == a.Count("EBS_Volume", home) {
		t.Errorf("%d volumes, the member has %d", got, want)
	}
	if got := member.Total(); got != 500 {
		t.Errorf("the member has %d resources", got)
	}
	if account, _ := identity(t, member.Config(home)); account != id {
		t.Errorf("Member installs keys of %s", account)
	}
}

func TestRolesThatCannotBeAssumed(t *testing.T) {
	a := simulator.New(simulator.Options{ExternalID: "shared"})
	good, id := roleOf(a.Members()[0]), aws.String("shared")
	a.Inject(simulator.Fault{Kind: simulator.Denied, Role: roleOf(a.Members()[1])})
	suspended := suspendedAccount(t, a)
	for name, row := range map[string]struct {
		in   sts.AssumeRoleInput
		code string
	}{
		"good":               {sts.AssumeRoleInput{RoleArn: &good, ExternalId: id}, ""},
		"no external ID":     {sts.AssumeRoleInput{RoleArn: &good}, "AccessDenied"},
		"wrong external ID":  {sts.AssumeRoleInput{RoleArn: &good, ExternalId: aws.String("other")}, "AccessDenied"},
		"no trust":           {sts.AssumeRoleInput{RoleArn: aws.String(roleOf(a.Members()[1])), ExternalId: id}, "AccessDenied"},
		"suspended account":  {sts.AssumeRoleInput{RoleArn: aws.String(roleOf(suspended)), ExternalId: id}, "AccessDenied"},
		"not a role":         {sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::1:user/someone-else"), ExternalId: id}, "ValidationError"},
		"too long a session": {sts.AssumeRoleInput{RoleArn: &good, ExternalId: id, DurationSeconds: aws.Int32(100_000)}, "ValidationError"},
	} {
		if _, err := assume(t, a, &row.in); code(err) != row.code {
			t.Errorf("%s: %v, want %q", name, err, row.code)
		}
	}
}

func suspendedAccount(t *testing.T, a *simulator.Account) string {
	t.Helper()
	out, err := organizations.NewFromConfig(a.Config(home)).ListAccounts(t.Context(), &organizations.ListAccountsInput{})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Accounts) != len(a.Members())+2 {
		t.Errorf("%d accounts beside %d active members", len(out.Accounts), len(a.Members()))
	}
	for _, account := range out.Accounts {
		if account.State == types.AccountStateSuspended {
			return *account.Id
		}
	}
	t.Fatal("no account is suspended")
	return ""
}

func TestSessionsExpire(t *testing.T) {
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	a := simulator.New(simulator.Options{Session: time.Minute, Clock: func() time.Time { return now }})
	cfg, err := assume(t, a, &sts.AssumeRoleInput{RoleArn: aws.String(roleOf(a.Members()[0]))})
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(59 * time.Second)
	if err := probe(t.Context(), cfg, "ec2"); err != nil {
		t.Errorf("too early: %v", err)
	}
	now = now.Add(time.Second)
	if err := probe(t.Context(), cfg, "ec2"); code(err) != "RequestExpired" {
		t.Errorf("too late: %v", err)
	}
	cfg.Credentials = credentials.NewStaticCredentialsProvider("ASIASIMMADEUP", "x", "made-up")
	if err := probe(t.Context(), cfg, "logs"); code(err) != "UnrecognizedClientException" {
		t.Errorf("made-up session: %v", err)
	}
}

// TestSessionsAreGoodInOtherProcesses: two simulators with equal options stand
// for two processes.
func TestSessionsAreGoodInOtherProcesses(t *testing.T) {
	o := simulator.Options{Seed: 3}
	a, b := simulator.New(o), simulator.New(o)
	cfg, err := assume(t, a, &sts.AssumeRoleInput{RoleArn: aws.String(roleOf(a.Members()[0]))})
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := aws.Config{Region: home, Credentials: cfg.Credentials}
	b.Install(&elsewhere)
	if account, _ := identity(t, elsewhere); account != a.Members()[0] {
		t.Errorf("account %s", account)
	}
}

func TestOrganizationsIsTheManagementAccounts(t *testing.T) {
	a := simulator.New(simulator.Options{})
	member := patient(a.Member(a.Members()[0]).Config(home))
	if err := probe(t.Context(), member, "organizations"); code(err) != "AccessDeniedException" {
		t.Error(err)
	}
	out, err := organizations.NewFromConfig(member).DescribeOrganization(t.Context(), &organizations.DescribeOrganizationInput{})
	if err != nil || *out.Organization.MasterAccountId != a.ID() {
		t.Error(out, err)
	}
	if n := len(a.Tallies()); n != 2 || a.Calls()["organizations:ListAccounts"] != 1 {
		t.Errorf("calls: %v", a.Tallies())
	}
	for api := range a.Tallies() {
		if api.Region != tracker.Global {
			t.Errorf("%+v is not global", api)
		}
	}
}
