package e2e

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/internal/aws/iam"
	"github.com/consolesensei/resource-tracker/internal/policy"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/tracker"
)

// motoNames are the actions that moto, which names them by the service that a
// request is signed for, spells unlike IAM.
var motoNames = map[string]string{"tag:GetResources": "tagging:GetResources"}

// unjudged is what moto's checks of policies cannot tell, and why.
type unjudged struct {
	Types   map[tracker.Type]string `json:"types"`
	Actions map[string]string       `json:"actions"` // taking them out changes nothing
}

// TestGeneratedPolicy scans with exactly what `api iam-policy` prints: that is
// enough. With an action less, the cells that need it are denied and name it, and
// no others are: so each action is needed.
func TestGeneratedPolicy(t *testing.T) {
	a := cataloguedAccount(t)
	known := readJSON[unjudged](t, "not_judged_by_moto.json")
	unserved := readJSON[map[tracker.Type]unserved](t, "not_served_by_moto.json")
	var types, refused []tracker.Type // that moto judges, and others that it serves
	need := map[string][]tracker.Type{}
	for _, s := range scanners.Catalog {
		if _, out := unserved[s.Type]; out {
			continue
		}
		if _, out := known.Types[s.Type]; out {
			refused = append(refused, s.Type)
			continue
		}
		types = append(types, s.Type)
		for _, action := range s.Permissions {
			need[action] = append(need[action], s.Type)
		}
	}
	rows := []struct {
		name   string
		out    []string
		denied []tracker.Type
	}{
		{"a list of two types", []string{"rds:DescribeDBInstances"}, []tracker.Type{"Neptune_Instance", "RDS_Instance"}},
		{"the list that another needs", []string{"events:ListEventBuses"}, []tracker.Type{"EventBridge_Bus", "EventBridge_Rule"}},
		{"details", []string{"dynamodb:DescribeTable"}, []tracker.Type{"DynamoDB_Table"}},
		{"tags of one kind", []string{"elasticloadbalancing:DescribeTags"}, []tracker.Type{"Load_Balancer"}},
		{"all tags", []string{"tag:GetResources"}, need["tag:GetResources"]},
	}
	// And every action once, many at a time.
	for i, out := range apart(need) {
		row := rows[0]
		row.name, row.out, row.denied = fmt.Sprintf("round %d", i), out, nil
		for _, action := range out {
			if known.Actions[action] == "" {
				row.denied = append(row.denied, need[action]...)
			}
		}
		rows = append(rows, row)
	}

	// Under its checks moto lets nobody make users.
	enough, all := a.reader(t, "enough", printedPolicy(t, types)), a.reader(t, "all", printedPolicy(t, slices.Concat(types, refused)))
	less := make([]map[string]any, len(rows))
	for i, row := range rows {
		less[i] = a.reader(t, fmt.Sprintf("less-%d", i), printedPolicy(t, types), row.out...)
	}
	a.enforce(t)
	c := newStack(t, a.url, "AWS_MAX_RETRIES=1").client(apiKey)
	region := catalogueRegions[1]
	scan := func(as map[string]any, types []tracker.Type) tracker.Job {
		return c.scan(with(with(as, "regions", []string{region}), "types", types))
	}

	t.Run("all", func(t *testing.T) {
		job := scan(enough, types)
		if job.State != tracker.JobSucceeded {
			t.Errorf("the job ended %s: %s: %v", job.State, job.Reason, c.coverage(job.ID).failed())
		}
		// What is not scanned under its type is seen as Other.
		unscanned := map[string]bool{}
		for _, r := range a.truth {
			unscanned[r.ARN] = !slices.Contains(types, r.Type)
		}
		found := slices.DeleteFunc(c.result(job.ID).Resources, func(r tracker.Resource) bool { return r.Type == "Other" && unscanned[r.ARN] })
		a.check(t, a.told(t, a.selected(types, []string{region})), found)
	})
	t.Run("types that moto cannot judge", func(t *testing.T) {
		var got []tracker.Type
		for _, cell := range c.coverage(scan(all, refused).ID).failed() {
			got = append(got, cell.Type)
		}
		slices.Sort(got)
		if d := gocmp.Diff(slices.Sorted(maps.Keys(known.Types)), got); d != "" {
			t.Errorf("(-listed +refused):\n%s", d)
		}
	})
	for i, row := range rows {
		t.Run("less "+row.name, func(t *testing.T) {
			want, got := map[tracker.Type]string{}, map[tracker.Type]string{}
			for _, typ := range row.denied {
				declared := scannerOf(t, typ).Permissions
				at := slices.IndexFunc(row.out, func(action string) bool { return known.Actions[action] == "" && slices.Contains(declared, action) })
				want[typ] = "denied: " + row.out[at]
			}
			for _, cell := range c.coverage(scan(less[i], types).ID).failed() {
				got[cell.Type] = fmt.Sprintf("%s: %s", cell.Outcome, cell.Error.API)
			}
			if d := gocmp.Diff(want, got); d != "" {
				t.Errorf("without %v (-needs one +failed):\n%s", row.out, d)
			}
		})
	}
	for action := range known.Actions {
		if need[action] == nil {
			t.Errorf("%s is listed, and no type needs it", action)
		}
	}
}

func scannerOf(t *testing.T, typ tracker.Type) scanners.Scanner {
	t.Helper()
	s, ok := scanners.Find(typ)
	if !ok {
		t.Fatalf("no scanner of %s", typ)
	}
	return s
}

// apart splits actions into rounds of which no type needs two, so that a denied
// cell tells which one it needs.
func apart(need map[string][]tracker.Type) [][]string {
	actions := slices.SortedFunc(maps.Keys(need), func(x, y string) int {
		return cmp.Or(cmp.Compare(len(need[y]), len(need[x])), cmp.Compare(x, y))
	})
	var rounds [][]string
	var taken []map[tracker.Type]bool
	for _, action := range actions {
		i := slices.IndexFunc(taken, func(types map[tracker.Type]bool) bool {
			return !slices.ContainsFunc(need[action], func(t tracker.Type) bool { return types[t] })
		})
		if i < 0 {
			i = len(rounds)
			rounds, taken = append(rounds, nil), append(taken, map[tracker.Type]bool{})
		}
		rounds[i] = append(rounds[i], action)
		for _, t := range need[action] {
			taken[i][t] = true
		}
	}
	return rounds
}

// printedPolicy is what an operator gets for some types.
func printedPolicy(t *testing.T, types []tracker.Type) policy.Document {
	t.Helper()
	names := make([]string, len(types))
	for i, typ := range types {
		names[i] = string(typ)
	}
	out, err := exec.Command(filepath.Join(bin, "api"), "iam-policy", "--types", strings.Join(names, ",")).Output()
	if err != nil {
		t.Fatalf("api iam-policy: %v", err)
	}
	var doc policy.Document
	if err := json.Unmarshal(out, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// reader makes a user of the account who may do what the policy allows, in
// moto's spelling, and less, and returns its key.
func (a *account) reader(t *testing.T, name string, doc policy.Document, without ...string) map[string]any {
	t.Helper()
	statement := doc.Statement[0]
	statement.Action = nil
	for _, action := range doc.Statement[0].Action {
		if !slices.Contains(without, action) {
			statement.Action = append(statement.Action, cmp.Or(motoNames[action], action))
		}
	}
	doc.Statement = []policy.Statement{statement}

	s := a.seeder(catalogueRegions[0])
	client := iam.NewFromConfig(s.cfg)
	user, err := client.CreateUser(s.ctx, &iam.CreateUserInput{UserName: &name})
	if err != nil {
		t.Fatal(err)
	}
	made, err := client.CreatePolicy(s.ctx, &iam.CreatePolicyInput{PolicyName: &name, PolicyDocument: aws.String(string(policy.JSON(doc)))})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.AttachUserPolicy(s.ctx, &iam.AttachUserPolicyInput{UserName: &name, PolicyArn: made.Policy.Arn}); err != nil {
		t.Fatal(err)
	}
	key, err := client.CreateAccessKey(s.ctx, &iam.CreateAccessKeyInput{UserName: &name})
	if err != nil {
		t.Fatal(err)
	}
	s.add(tracker.Resource{
		ID: *user.User.UserId, Name: &name, Type: "IAM_User", ARN: *user.User.Arn, Region: tracker.Global, State: "active", Created: user.User.CreateDate, Tags: map[string]string{},
		Metadata: tracker.Metadata{"arn": *user.User.Arn},
	})
	s.add(tracker.Resource{
		ID: *made.Policy.Arn, Name: &name, Type: "IAM_Policy", ARN: *made.Policy.Arn, Region: tracker.Global, State: "active", Created: made.Policy.CreateDate, Tags: map[string]string{},
		Metadata: tracker.Metadata{"default_version": "v1"},
	})
	s.add(accessKey(*key.AccessKey.AccessKeyId, name, "active", key.AccessKey.CreateDate))
	return keys(*key.AccessKey.AccessKeyId, *key.AccessKey.SecretAccessKey)
}
