package cloud

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

// iamAnswer is an answer of IAM in the form of its API reference.
func iamAnswer(op, result string) answer {
	return answer{body: fmt.Sprintf(`<%[1]sResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><%[1]sResult>%[2]s</%[1]sResult>`+
		`<ResponseMetadata><RequestId>r-iam</RequestId></ResponseMetadata></%[1]sResponse>`, op, result)}
}

// evaluation is what IAM finds of an action; missing are condition keys.
func evaluation(action, decision string, missing ...string) string {
	keys := ""
	for _, k := range missing {
		keys += "<member>" + k + "</member>"
	}
	return fmt.Sprintf(`<member><EvalActionName>%s</EvalActionName><EvalDecision>%s</EvalDecision><EvalResourceName>*</EvalResourceName>`+
		`<MatchedStatements/><MissingContextValues>%s</MissingContextValues></member>`, action, decision, keys)
}

func simulated(marker string, evaluations ...string) answer {
	end := "<IsTruncated>false</IsTruncated>"
	if marker != "" {
		end = "<IsTruncated>true</IsTruncated><Marker>" + marker + "</Marker>"
	}
	return iamAnswer("SimulatePrincipalPolicy", end+"<EvaluationResults>"+strings.Join(evaluations, "")+"</EvaluationResults>")
}

// caller is an answer to GetCallerIdentity.
func caller(arn string) answer {
	return answer{body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>` + arn +
		`</Arn><UserId>U</UserId><Account>222222222222</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`}
}

const aUser = "arn:aws:iam::222222222222:user/path/u"

func TestSimulate(t *testing.T) {
	noSettings(t)
	const (
		onVolume = `<member><EvalActionName>ec2:DeleteVolume</EvalActionName><EvalDecision>allowed</EvalDecision><ResourceSpecificResults>` +
			`<member><EvalResourceName>v-1</EvalResourceName><EvalResourceDecision>allowed</EvalResourceDecision></member>` +
			`<member><EvalResourceName>v-2</EvalResourceName><EvalResourceDecision>explicitDeny</EvalResourceDecision></member>` +
			`</ResourceSpecificResults></member>`
		denied = `<member><EvalActionName>a:A</EvalActionName><EvalDecision>explicitDeny</EvalDecision><OrganizationsDecisionDetail>` +
			`<AllowedByOrganizations>false</AllowedByOrganizations></OrganizationsDecisionDetail></member>`
	)
	for _, tt := range []struct {
		name   string
		answer answer
		want   []string
	}{
		{"all allowed", simulated("", evaluation("a:A", "allowed"), evaluation("a:B", "allowed")), nil},
		{"not allowed by any", simulated("", evaluation("a:B", "implicitDeny"), evaluation("a:A", "allowed")), []string{"a:B"}},
		{"forbidden", simulated("", evaluation("a:B", "explicitDeny"), evaluation("a:A", "implicitDeny")), []string{"a:A", "a:B"}},
		{"by the organisation", simulated("", denied), []string{"a:A"}},
		{"unless the address is known", simulated("", evaluation("a:A", "implicitDeny", "aws:SourceIp"), evaluation("a:B", "allowed", "aws:SourceIp")), nil},
		{"on one resource of two", simulated("", onVolume), []string{"ec2:DeleteVolume"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sim := &fake{reply: func(op string, _ int) answer {
				if op == "GetCallerIdentity" {
					return caller(aUser)
				}
				return tt.answer
			}}
			got, err := session(t, open(t, Options{Configure: sim.use}), someKeys).SimulateIn(t.Context(), "", []string{"a:A", "a:B"})
			if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
				t.Error(diff, err)
			}
		})
	}
}

func TestSimulateAsksInBatchesAndFollowsPages(t *testing.T) {
	noSettings(t)
	var actions []string
	for i := range simulationBatch + 1 {
		actions = append(actions, fmt.Sprintf("a:A%03d", i))
	}
	sim := &fake{reply: func(op string, n int) answer {
		switch {
		case op == "GetCallerIdentity":
			return caller(aUser)
		case n == 1:
			return simulated("more", evaluation("a:A000", "implicitDeny"))
		case n == 2:
			return simulated("", evaluation("a:A001", "implicitDeny"))
		}
		return simulated("", evaluation("a:A100", "implicitDeny"))
	}}
	s := session(t, open(t, Options{Configure: sim.use}), someKeys)
	const volume = "arn:aws:ec2:eu-west-1:222222222222:volume/vol-1"
	got, err := s.SimulateIn(t.Context(), "eu-west-1", actions, volume)
	if diff := cmp.Diff([]string{"a:A000", "a:A001", "a:A100"}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	want := []struct{ marker, first, last string }{{"", "a:A000", "a:A099"}, {"more", "a:A000", "a:A099"}, {"", "a:A100", ""}}
	for i, w := range want {
		form, err := url.ParseQuery(sim.bodies[1+i])
		if err != nil {
			t.Fatal(err)
		}
		fields := map[string]string{
			"PolicySourceArn": aUser, "Marker": w.marker, "ActionNames.member.1": w.first, "ActionNames.member.100": w.last, "ActionNames.member.101": "",
			"ResourceArns.member.1": volume, "ContextEntries.member.1.ContextKeyName": "aws:RequestedRegion",
			"ContextEntries.member.1.ContextKeyType": "string", "ContextEntries.member.1.ContextKeyValues.member.1": "eu-west-1",
		}
		for k, v := range fields {
			if form.Get(k) != v {
				t.Errorf("call %d: %s is %q, want %q", i+1, k, form.Get(k), v)
			}
		}
	}
}

func TestSimulateTellsWhoIsSimulated(t *testing.T) {
	noSettings(t)
	const (
		pathless = "arn:aws:iam::222222222222:role/reader"
		inPath   = "arn:aws:iam::222222222222:role/aws-reserved/sso.amazonaws.com/reader"
		assumed1 = "arn:aws:sts::222222222222:assumed-role/reader/session"
	)
	noSuch := queryError(404, "NoSuchEntity", "The role with name reader cannot be found.")
	for _, tt := range []struct {
		name, caller string
		creds        tracker.Credentials
		exists       string // the principal that IAM knows
		role         answer // to GetRole
		asked        []string
		outcome      tracker.Outcome
	}{
		{name: "user", caller: aUser, creds: someKeys, exists: aUser, asked: []string{aUser}},
		{name: "session of a role", caller: assumed1, creds: someKeys, exists: pathless, asked: []string{pathless}},
		{
			name: "session of a role in a path", caller: assumed1, creds: someKeys, exists: inPath, asked: []string{pathless, inPath},
			role: iamAnswer("GetRole", "<Role><Path>/</Path><RoleName>reader</RoleName><RoleId>R</RoleId><Arn>"+inPath+"</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate></Role>"),
		},
		{
			name: "session of a role that cannot be looked up", caller: assumed1, creds: someKeys, asked: []string{pathless},
			role: queryError(403, "AccessDenied", "no"), outcome: tracker.OutcomeDenied,
		},
		{name: "role that the session has assumed", creds: someRole, exists: roleARN, asked: []string{roleARN}},
		{name: "root user", caller: "arn:aws:iam::222222222222:root", creds: someKeys, outcome: tracker.OutcomeUnsupported},
		{name: "federated user", caller: "arn:aws:sts::222222222222:federated-user/f", creds: someKeys, outcome: tracker.OutcomeUnsupported},
		{name: "not allowed to ask", caller: aUser, creds: someKeys, exists: "denied", asked: []string{aUser}, outcome: tracker.OutcomeDenied},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sim := &fake{}
			var asked []string
			sim.reply = func(op string, n int) answer {
				switch op {
				case "GetCallerIdentity":
					return caller(tt.caller)
				case "AssumeRole":
					return assumed(n, 1<<40)
				case "GetRole":
					return tt.role
				}
				form, _ := url.ParseQuery(sim.bodies[len(sim.bodies)-1])
				asked = append(asked, form.Get("PolicySourceArn"))
				switch {
				case tt.exists == "denied":
					return queryError(403, "AccessDenied", "not authorized to perform: iam:SimulatePrincipalPolicy")
				case tt.exists != form.Get("PolicySourceArn"):
					return noSuch
				}
				return simulated("", evaluation("a:A", "implicitDeny"))
			}
			s := session(t, open(t, Options{Configure: sim.use}), tt.creds)
			denied, err := s.SimulateIn(t.Context(), tracker.Global, []string{"a:A"})
			if diff := cmp.Diff(tt.asked, asked); diff != "" {
				t.Error(diff)
			}
			if tt.outcome == "" {
				if diff := cmp.Diff([]string{"a:A"}, denied); diff != "" || err != nil {
					t.Error(diff, err)
				}
				return
			}
			if f := s.Explain(err, ""); f == nil || f.Outcome != tt.outcome || denied != nil {
				t.Errorf("%+v, %q", f, denied)
			}
		})
	}
}

func TestListenHearsWhatIsLetThrough(t *testing.T) {
	noSettings(t)
	sim := &fake{reply: func(op string, _ int) answer {
		switch {
		case strings.HasPrefix(op, "GET "):
			return answer{body: `<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>`}
		case op == "DescribeInstances":
			return answer{body: instances}
		}
		return queryError(403, "AccessDenied", "no")
	}}
	s := session(t, open(t, Options{Configure: sim.use}), someKeys)
	var heard []string
	ctx := Listen(t.Context(), func(action string) { heard = append(heard, action) })
	for _, call := range []func(context.Context) error{
		func(ctx context.Context) error { return describeInstances(ctx, s.Config("us-east-1")) },
		func(ctx context.Context) error { return describeDatabases(ctx, s.Config("us-east-1")) },
		func(ctx context.Context) error { return listBuckets(ctx, s.Config("us-east-1")) },
	} {
		_ = call(ctx) // one is denied
	}
	if diff := cmp.Diff([]string{"ec2:DescribeInstances", "s3:ListAllMyBuckets"}, heard); diff != "" {
		t.Error(diff)
	}
}
