package actions

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// seen returns a whose resource is as given.
func seen(a Action, r tracker.Resource) Action {
	a.see = func(context.Context, Target, string) (tracker.Resource, error) { return r, nil }
	return a
}

// TestLookAtStates: every action knows what to say of a resource that does not
// exist, and of one in a state that it has never heard of.
func TestLookAtStates(t *testing.T) {
	for _, a := range catalog {
		name := string(a.Type) + " " + a.Verb
		item := asked(a, "x")
		sight, err := seen(a, gone()).Look(t.Context(), wireTarget(wire{}, newRecorder()), item)
		switch {
		case slices.Contains(a.From, tracker.Gone):
		case err != nil:
			t.Errorf("%s of what does not exist: %v", name, err)
		case a.Destroys && !sight.Done, !a.Destroys && (sight.Done || len(sight.Refusals) != 1 || sight.Refusals[0].Rule != ruleWrongState):
			t.Errorf("%s of what does not exist: %+v", name, sight)
		}
		if len(a.From) == 0 {
			continue // in any state
		}
		sight, err = seen(a, tracker.Resource{State: "strange"}).Look(t.Context(), wireTarget(wire{}, newRecorder()), item)
		if a.creates() {
			sight, err = seen(a, tracker.Resource{State: append(a.To, "available")[0]}).Look(t.Context(), wireTarget(wire{}, newRecorder()), item)
		}
		if err != nil || a.progress == nil && (len(sight.Refusals) != 1 || sight.Refusals[0].Rule != ruleWrongState) {
			t.Errorf("%s of what is strange: %+v, %v", name, sight, err)
		}
	}
}

// TestLookAtStacks: what a stack made is not destroyed or changed behind its back.
func TestLookAtStacks(t *testing.T) {
	stacked := tracker.Resource{State: "s", Tags: map[string]string{stackTag: "shop"}, Metadata: tracker.Metadata{"volume_type": "other"}}
	refused := map[string]bool{}
	for _, a := range verbs {
		a.From, a.guards, a.asides, a.progress = []string{"s"}, nil, nil, nil
		item := asked(a, "x")
		sight, err := seen(a, stacked).Look(t.Context(), Target{}, item)
		if err != nil {
			t.Fatal(err)
		}
		if len(sight.Refusals) > 0 && sight.Refusals[0].Rule == ruleStack && sight.Refusals[0].Liftable {
			refused[a.Verb] = true
		} else if a.Destroys {
			t.Errorf("%s %s of a stack's: %+v", a.Type, a.Verb, sight)
		}
	}
	want := map[string]bool{"delete": true, "terminate": true, "scale": true, "set_retention": true, "to_gp2": true, "to_gp3": true}
	if diff := gocmp.Diff(want, refused); diff != "" {
		t.Errorf("verbs refused of a stack's (-want +got):\n%s", diff)
	}
}

func TestLookWatches(t *testing.T) {
	// What clears a refusal changes facts: they are not watched.
	attached := tracker.Resource{
		State: "in-use", Tags: map[string]string{"b": "2", "a": "1"},
		Metadata: tracker.Metadata{"attached_to": []string{"i-1"}, "volume_type": "gp3", "size_gb": int64(8)},
	}
	a := named(t, "EBS_Volume delete")
	sight, err := seen(a, attached).Look(t.Context(), Target{}, tracker.ActionItem{ResourceID: "vol-1"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(map[string]string{"tags": `{"a":"1","b":"2"}`, "volume_type": "gp3", "size_gb": "8"}, sight.Watched); diff != "" {
		t.Errorf("watched of an attached volume (-want +got):\n%s", diff)
	}
	if diff := gocmp.Diff([]tracker.Ref{{Type: "EC2_Instance", ID: "i-1"}}, sight.After); diff != "" {
		t.Errorf("after (-want +got):\n%s", diff)
	}

	attached.State, attached.Metadata = "available", tracker.Metadata{"attached_to": []string{}, "volume_type": "gp3", "size_gb": int64(8)}
	sight, err = seen(a, attached).Look(t.Context(), Target{}, tracker.ActionItem{ResourceID: "vol-1"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"state": "available", "attached_to": "[]", "tags": `{"a":"1","b":"2"}`, "volume_type": "gp3", "size_gb": "8"}
	if diff := gocmp.Diff(want, sight.Watched); diff != "" {
		t.Errorf("watched of a volume (-want +got):\n%s", diff)
	}
}

func TestLookUnderWay(t *testing.T) {
	a := seen(named(t, "EC2_Instance stop"), tracker.Resource{State: "stopping"})
	sight, err := a.Look(t.Context(), Target{}, tracker.ActionItem{ResourceID: "i-1"})
	if err != nil || sight.Done || len(sight.Refusals) > 0 || len(sight.Notes) != 1 {
		t.Errorf("of what is stopping already: %+v, %v", sight, err)
	}
}

func TestProtectTag(t *testing.T) {
	for value, want := range map[string]string{"true": "p", "": "p", "whatever": "p", "false": "", "No": "", "0": ""} {
		if got := (Target{ProtectTags: []string{"p"}}).protecting(map[string]string{"p": value, "q": "1"}); got != want {
			t.Errorf("tag p=%q: protected by %q", value, got)
		}
	}
	// Its own tag protects a resource from losing it, and from nothing else.
	r := tracker.Resource{State: stateUnknown, Tags: map[string]string{"p": "1", "q": "1"}}
	for name, row := range map[string]struct {
		verb    string
		params  tracker.Metadata
		refused bool
	}{
		"removed":     {verbUntag, tracker.Metadata{"keys": []any{"p"}}, true},
		"another":     {verbUntag, tracker.Metadata{"keys": []any{"q"}}, false},
		"switched":    {verbTag, tracker.Metadata{"tags": map[string]any{"p": "no"}}, true},
		"kept":        {verbTag, tracker.Metadata{"tags": map[string]any{"p": "2"}}, false},
		"removed too": {verbTag, tracker.Metadata{"tags": map[string]any{"z": "2"}, "remove": []any{"p"}}, true},
	} {
		a := seen(named(t, "VPC "+row.verb), r)
		sight, err := a.Look(t.Context(), Target{ProtectTags: []string{"p"}}, tracker.ActionItem{ResourceID: "vpc-1", Params: row.params})
		if err != nil || (len(sight.Refusals) > 0) != row.refused {
			t.Errorf("%s: %+v, %v", name, sight, err)
		}
	}
}

func TestFind(t *testing.T) {
	for _, row := range []struct {
		t    tracker.Type
		verb string
		want string
	}{
		{"EC2_Instance", "terminate", "terminate"},
		{"EC2_Instance", "DELETE", "terminate"},
		{"EC2_Instance", "Stop", "stop"},
		{"Elastic_IP", "release", "delete"},
		{"NAT_Gateway", "terminate", ""},
		{"VPC", "delete", ""},
		{"VPC", "tag", "tag"},
		{"IAM_Role", "tag", ""},
	} {
		a, ok := Find(row.t, row.verb)
		if a.Verb != row.want || ok != (row.want != "") {
			t.Errorf("Find(%s, %s) = %q, %v", row.t, row.verb, a.Verb, ok)
		}
	}
}

// TestLookNotes: a person is told what AWS does besides.
func TestLookNotes(t *testing.T) {
	for _, row := range []struct {
		action  string
		answers wire
		want    []string
	}{
		{"RDS_Instance stop", databaseWire(""), []string{"AWS starts it again by itself after seven days"}},
		{"RDS_Cluster stop", clusterWire(""), []string{"AWS starts it again by itself after seven days"}},
		{"RDS_Instance delete", databaseWire("<DBClusterIdentifier>c</DBClusterIdentifier>"), []string{"AWS takes no final snapshot of a member of a cluster or of a read replica"}},
		{"EC2_Instance stop", wire{
			"DescribeInstances":         instanceXML("<instanceType>m5d.large</instanceType><ipAddress>192.0.2.1</ipAddress><hibernationOptions><configured>true</configured></hibernationOptions>"),
			"DescribeInstanceAttribute": empty,
			"DescribeInstanceTypes":     "<R><instanceTypeSet><item><instanceType>m5d.large</instanceType><instanceStorageSupported>true</instanceStorageSupported></item></instanceTypeSet></R>",
		}, []string{
			"it is configured to hibernate; a stop does not keep its memory",
			"a public address that is no Elastic IP changes when it is started again",
			"data on its instance store volumes is lost",
		}},
		{"EC2_Instance stop", wire{
			"DescribeInstances": instanceXML(""), "DescribeInstanceAttribute": empty, "DescribeInstanceTypes": "UnauthorizedOperation",
		}, []string{"not all that it affects is known: UnauthorizedOperation: said so"}},
	} {
		sight, err := named(t, row.action).Look(t.Context(), wireTarget(row.answers, newRecorder()), tracker.ActionItem{ResourceID: "x"})
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(row.want, sight.Notes); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.action, diff)
		}
	}
}

// TestLookBlind: what could not be seen is never taken for what is not there.
func TestLookBlind(t *testing.T) {
	for name, row := range map[string]struct {
		action  string
		answers wire
	}{
		"the resource":           {"EC2_Instance stop", wire{"DescribeInstances": "UnauthorizedOperation"}},
		"a protection":           {"EC2_Instance stop", wire{"DescribeInstances": instanceXML(""), "DescribeInstanceAttribute": "UnauthorizedOperation"}},
		"tags":                   {"Lambda_Function delete", wire{"GetFunction": `{"Configuration":{"State":"Active"},"TagsError":{"ErrorCode":"AccessDenied","Message":"m"}}`}},
		"a service of ECS":       {"ECS_Cluster delete", wire{"DescribeClusters": `{"clusters":[],"failures":[{"arn":"a","reason":"BUSY"}]}`}},
		"the region of a bucket": {"S3_Bucket delete", wire{"ListBuckets": "<R><Buckets><Bucket><Name>x</Name><BucketRegion>eu-north-1</BucketRegion></Bucket></Buckets></R>"}},
	} {
		sight, err := named(t, row.action).Look(t.Context(), wireTarget(row.answers, newRecorder()), tracker.ActionItem{ResourceID: "x"})
		if err == nil {
			t.Errorf("%s could not be seen, and the look says %+v", name, sight)
		}
	}
}

// TestLookNoAnswer answers the look of every action with HTTP 200 and nothing in it, as
// a proxy does: what nobody has looked at is not gone.
func TestLookNoAnswer(t *testing.T) {
	for _, a := range catalog {
		for _, body := range []string{"", "<!DOCTYPE html><html><body>sign in</body></html>"} {
			at := wireTarget(proxy(body), newRecorder())
			at.Config.APIOptions = append(at.Config.APIOptions, sdk.Whole)
			r, err := a.look(t.Context(), at, "arn:aws:x:eu-west-1:123456789012:y/z")
			if _, ok := errors.AsType[*sdk.AnswerError](err); !ok {
				t.Errorf("%s %s after %.9q: %q, error %v", a.Type, a.Verb, body, r.State, err)
			}
		}
	}
}

// proxy answers every request itself, with HTTP 200.
type proxy string

func (p proxy) Do(req *http.Request) (*http.Response, error) {
	return answer(req, http.StatusOK, string(p)), nil
}
