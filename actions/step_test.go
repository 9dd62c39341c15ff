package actions

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

// phases is AWS before and after each call that changes something.
type phases struct {
	answers []wire
	changes []string // the requests that changed something
}

func (p *phases) Do(req *http.Request) (*http.Response, error) {
	op := awsmiddleware.GetOperationName(req.Context())
	if strings.HasPrefix(op, "Describe") || strings.HasPrefix(op, "List") || strings.HasPrefix(op, "Get") {
		return p.answers[len(p.changes)].Do(req)
	}
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
	}
	p.changes = append(p.changes, op+" "+string(body))
	if strings.Contains(req.Header.Get("Content-Type"), "json") || req.Method == http.MethodDelete {
		return answer(req, http.StatusOK, "{}"), nil
	}
	return answer(req, http.StatusOK, nothing(op)), nil
}

// onWire are items that moto does not serve, played on answers of AWS's.
var onWire = []struct {
	action  string
	id      string // "x" without
	params  tracker.Metadata
	lift    []string
	answers []wire
	changes []string // what each call that changes something has in it
}{
	{
		action: "AMI delete", lift: []string{ruleDeregistrationProtection},
		answers: []wire{
			{"DescribeImages": image("<deregistrationProtection>enabled</deregistrationProtection>"), "DescribeLaunchTemplateVersions": empty},
			{"DescribeImages": image("<deregistrationProtection>disabled</deregistrationProtection>")},
			{"DescribeImages": "InvalidAMIID.NotFound"},
		},
		changes: []string{"DisableImageDeregistrationProtection", "DeregisterImage"},
	},
	{
		action: "AutoScaling_Group delete", lift: []string{ruleDeletionProtection, ruleGroupNotEmpty},
		answers: []wire{
			{"DescribeAutoScalingGroups": groupXML("<DeletionProtection>prevent-force-deletion</DeletionProtection><DesiredCapacity>1</DesiredCapacity>")},
			{"DescribeAutoScalingGroups": groupXML("<DeletionProtection>none</DeletionProtection><DesiredCapacity>1</DesiredCapacity>")},
			{"DescribeAutoScalingGroups": empty},
		},
		changes: []string{"DeletionProtection=none", "ForceDelete=true"},
	},
	{
		action: "CloudWatch_LogGroup delete", lift: []string{ruleDeletionProtection},
		answers: []wire{
			{"DescribeLogGroups": `{"logGroups":[{"logGroupName":"x","arn":"a","deletionProtectionEnabled":true}]}`, "GetResources": `{}`, "ListTagsForResource": `{}`},
			{"DescribeLogGroups": `{"logGroups":[{"logGroupName":"x","arn":"a","deletionProtectionEnabled":false}]}`, "GetResources": `{}`, "ListTagsForResource": `{}`},
			{"DescribeLogGroups": `{"logGroups":[{"logGroupName":"x-other","arn":"a"}]}`},
		},
		changes: []string{`"deletionProtectionEnabled":false`, "DeleteLogGroup"},
	},
	{
		action: "DynamoDB_Table delete", lift: []string{ruleDeletionProtection}, params: tracker.Metadata{paramSkipBackup: true},
		answers: []wire{
			{"DescribeTable": `{"Table":{"TableStatus":"ACTIVE","DeletionProtectionEnabled":true}}`, "ListTagsOfResource": `{}`},
			{"DescribeTable": `{"Table":{"TableStatus":"ACTIVE","DeletionProtectionEnabled":false}}`, "ListTagsOfResource": `{}`},
			{"DescribeTable": "ResourceNotFoundException"},
		},
		changes: []string{`"DeletionProtectionEnabled":false`, "DeleteTable"},
	},
	{
		action: "ECS_Service park", id: "c/x", // without automatic scaling
		answers: []wire{
			parkedWire(`"desiredCount":2,"runningCount":2`),
			parkedWire(`"desiredCount":2,"runningCount":2,"tags":[{"key":"resource-tracker:parked","value":"desired_count=2"}]`),
			parkedWire(`"desiredCount":0,"runningCount":0,"tags":[{"key":"resource-tracker:parked","value":"desired_count=2"}]`),
		},
		changes: []string{`"desired_count=2"`, `"desiredCount":0`},
	},
	{
		action: "EKS_Nodegroup park", id: "c/x",
		answers: []wire{
			nodesWire("ACTIVE", 2, 3, ""), nodesWire("ACTIVE", 2, 3, "desired_size=3 min_size=2"), nodesWire("ACTIVE", 0, 0, "desired_size=3 min_size=2"),
		},
		changes: []string{`{"resource-tracker:parked":"desired_size=3 min_size=2"}`, `{"desiredSize":0,"minSize":0}`},
	},
	{
		action: "EKS_Nodegroup unpark", id: "c/x",
		answers: []wire{
			nodesWire("ACTIVE", 0, 5, "desired_size=3 min_size=2"), nodesWire("ACTIVE", 2, 5, "desired_size=3 min_size=2"), nodesWire("ACTIVE", 2, 5, ""),
		},
		changes: []string{`{"desiredSize":5,"minSize":2}`, "UntagResource"},
	},
	{
		action: "ElastiCache_Cluster delete",
		answers: []wire{
			cacheWire("<Engine>valkey</Engine><CacheClusterStatus>available</CacheClusterStatus>"),
			{"DescribeCacheClusters": "CacheClusterNotFound"},
		},
		changes: []string{"FinalSnapshotIdentifier=" + copyName("token")},
	},
	{
		action: "ElastiCache_Cluster delete",
		answers: []wire{
			cacheWire("<Engine>memcached</Engine><CacheClusterStatus>available</CacheClusterStatus>"),
			{"DescribeCacheClusters": "CacheClusterNotFound"},
		},
		changes: []string{"DeleteCacheCluster Action=DeleteCacheCluster&CacheClusterId=x&Version="},
	},
	{
		action: "RDS_Instance delete", // a member of a cluster has no final snapshot
		answers: []wire{
			databaseWire("<DBClusterIdentifier>c</DBClusterIdentifier>"),
			{"DescribeDBInstances": "DBInstanceNotFound"},
		},
		changes: []string{"SkipFinalSnapshot=true"},
	},
}

func playWire(t *testing.T) {
	for _, s := range onWire {
		t.Run(s.action, func(t *testing.T) {
			a, calls, server := named(t, s.action), newRecorder(), &phases{answers: s.answers}
			target := wireTarget(server, calls)
			item := tracker.ActionItem{ResourceID: cmp.Or(s.id, "x"), Type: a.Type, Verb: a.Verb, Params: s.params, Lift: s.lift}
			sight, err := a.Look(t.Context(), target, item)
			if err != nil || len(sight.Refusals) > 0 || sight.Done {
				t.Fatalf("it cannot begin: %+v, %v", sight, err)
			}
			d := tracker.Doing{Item: item, Seen: sight.Resource, Token: "token", Left: map[string]string{}}
			for _, step := range a.Steps(item) {
				if p, err := a.Check(t.Context(), target, step.Name, d); err != nil {
					t.Fatal(err)
				} else if p.Stage == tracker.StepDone {
					continue
				}
				receipt, err := a.Send(t.Context(), target, step.Name, d)
				if err != nil {
					t.Fatal(err)
				}
				if receipt.RequestID != "request-1" {
					t.Errorf("receipt of %s is %+v", step.Name, receipt)
				}
				if p, err := a.Check(t.Context(), target, step.Name, d); err != nil || p.Stage != tracker.StepDone {
					t.Fatalf("after %s: %+v, %v", step.Name, p, err)
				}
			}
			if len(server.changes) != len(s.changes) {
				t.Fatalf("changes are %q", server.changes)
			}
			for i, want := range s.changes {
				if !strings.Contains(server.changes[i], want) {
					t.Errorf("change %d is %q, want %q in it", i, server.changes[i], want)
				}
			}
			played[s.action] = append(played[s.action], calls.actions()...)
		})
	}
}

// deaf takes requests and never answers them.
type deaf struct{ requests atomic.Int64 }

func (d *deaf) Do(*http.Request) (*http.Response, error) {
	d.requests.Add(1)
	return nil, errors.New("connection reset")
}

// asked is an item of an action with all the parameters that it has to have.
func asked(a Action, id string) tracker.ActionItem {
	given := tracker.Metadata{
		"skip_snapshot": true, "skip_backup": true, "tags": map[string]string{"a": "b"}, "keys": []string{"a"},
		"snapshot_id": "s", "availability_zone": "z", "backup_arn": "b", paramDesired: 0, sizeDesired: 0, paramRetention: 0,
	}
	item := tracker.ActionItem{ResourceID: id, Type: a.Type, Verb: a.Verb, Params: tracker.Metadata{}}
	for _, p := range a.Params {
		if v, ok := given[p.Name]; ok {
			item.Params[p.Name] = v
		}
	}
	return item
}

// TestSendOnce loses the answer to every call that must not be repeated, with the
// SDK set to retry.
func TestSendOnce(t *testing.T) {
	for _, a := range catalog {
		for _, s := range a.steps {
			server := &deaf{}
			target := wireTarget(server, newRecorder())
			target.Config.RetryMaxAttempts = 3
			target.Config.Retryer = func() aws.Retryer {
				return retry.AddWithMaxBackoffDelay(retry.NewStandard(), time.Nanosecond)
			}
			item := asked(a, "a/b")
			d := tracker.Doing{Item: item, Token: "t", Seen: tracker.Resource{ARN: "a"}}
			s.when = nil
			only := a
			only.steps = []step{s}
			_, err := only.Send(t.Context(), target, s.Name, d)
			if err == nil && !s.Repeatable() {
				t.Errorf("%s of %s %s reports no error", s.Name, a.Type, a.Verb)
			}
			if n := server.requests.Load(); !s.Repeatable() && !s.tokened && n != 1 {
				t.Errorf("%s of %s %s makes %d requests", s.Name, a.Type, a.Verb, n)
			}
		}
	}
}

func TestSteps(t *testing.T) {
	for _, row := range []struct {
		action string
		params tracker.Metadata
		lift   []string
		want   []string
	}{
		{"EC2_Instance terminate", nil, nil, []string{"terminate"}},
		{"EC2_Instance terminate", nil, []string{ruleProtectTag}, []string{"terminate"}},
		{"EC2_Instance terminate", nil, []string{ruleTerminationProtection}, []string{"lift_termination_protection", "terminate"}},
		{"EBS_Volume delete", nil, nil, []string{"snapshot", "delete"}},
		{"EBS_Volume delete", tracker.Metadata{"skip_snapshot": true}, nil, []string{"delete"}},
		{"S3_Bucket delete", nil, nil, []string{"delete"}},
		{"S3_Bucket delete", tracker.Metadata{paramEmpty: true}, nil, []string{"empty", "delete"}},
		{"S3_Bucket delete", tracker.Metadata{paramEmpty: false}, nil, []string{"delete"}},
		{"S3_Bucket tag", tracker.Metadata{"tags": map[string]any{"a": "b"}, "remove": []any{"c"}}, nil, []string{"tag", "untag"}},
	} {
		var got []string
		for _, s := range named(t, row.action).Steps(tracker.ActionItem{Params: row.params, Lift: row.lift}) {
			got = append(got, s.Name)
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("steps of %s with %v and %v are %v, want %v", row.action, row.params, row.lift, got, row.want)
		}
	}
	a := named(t, "EC2_Instance stop")
	if _, err := a.Send(t.Context(), Target{}, "terminate", tracker.Doing{}); err == nil {
		t.Error("a step of another verb can be sent")
	}
	if _, err := a.Check(t.Context(), Target{}, "terminate", tracker.Doing{}); err == nil {
		t.Error("a step of another verb can be checked")
	}
}

// TestNoCopyNoDelete: what is to be kept first is never deleted without its copy.
func TestNoCopyNoDelete(t *testing.T) {
	for _, action := range []string{"EBS_Volume delete", "DynamoDB_Table delete"} {
		a, server := named(t, action), &deaf{}
		_, err := a.Send(t.Context(), wireTarget(server, newRecorder()), "delete", tracker.Doing{Item: tracker.ActionItem{ResourceID: "x"}})
		if err == nil || server.requests.Load() != 0 {
			t.Errorf("%s without a copy: %v, %d requests", action, err, server.requests.Load())
		}
	}
}

// TestCheckCopies reads how far a copy is.
func TestCheckCopies(t *testing.T) {
	snapshot := func(state string) wire {
		return wire{"DescribeSnapshots": "<R><snapshotSet><item><snapshotId>snap-1</snapshotId><tagSet><item><key>" + tagToken + "</key><value>t</value></item></tagSet><status>" + state + "</status><statusMessage>full</statusMessage></item></snapshotSet></R>"}
	}
	left := map[string]string{"snapshot_id": "snap-1"}
	for name, row := range map[string]struct {
		answers wire
		want    tracker.StepProgress
	}{
		"no trace":  {wire{"DescribeSnapshots": empty}, tracker.StepProgress{Stage: tracker.StepNotBegun}},
		"pending":   {snapshot("pending"), tracker.StepProgress{Stage: tracker.StepUnderWay, State: "pending", Message: "snapshot", Left: left}},
		"completed": {snapshot("completed"), tracker.StepProgress{Stage: tracker.StepDone, State: "completed", Message: "snapshot", Left: left}},
		"failed":    {snapshot("error"), tracker.StepProgress{Stage: tracker.StepFailed, State: "error", Message: "the snapshot failed: full", Left: left}},
	} {
		got, err := named(t, "EBS_Volume delete").Check(t.Context(), wireTarget(row.answers, newRecorder()), "snapshot", tracker.Doing{Token: "t"})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := gocmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestEmptyLocked: objects that AWS keeps are named, and end the step.
func TestEmptyLocked(t *testing.T) {
	item := tracker.ActionItem{ResourceID: "x", Params: tracker.Metadata{paramEmpty: true}}
	send := func(code string, left map[string]string) tracker.Receipt {
		t.Helper()
		answers := wire{
			"ListObjectVersions": "<R><Version><Key>k</Key><VersionId>1</VersionId></Version><DeleteMarker><Key>m</Key><VersionId>2</VersionId></DeleteMarker></R>",
			"DeleteObjects":      "<R>" + code + "</R>",
		}
		r, err := named(t, "S3_Bucket delete").Send(t.Context(), wireTarget(answers, newRecorder()), "empty", tracker.Doing{Item: item, Left: left})
		if err != nil {
			t.Fatal(err)
		}
		r.RequestID = ""
		return r
	}
	left := map[string]string{leftDeleted: "3"}
	first := send("<Error><Key>k</Key><Code>AccessDenied</Code><Message>locked</Message></Error>", left)
	want := tracker.Receipt{
		Left: map[string]string{leftDeleted: "4", leftBatch: "k 1 m 2"}, Changed: 1,
		Trouble: "1 of 2 objects were not deleted: k (AccessDenied: locked)", Final: true,
	}
	if diff := gocmp.Diff(want, first); diff != "" {
		t.Error("of one that is locked (-want +got):", diff)
	}
	want.Trouble, want.Final = "1 of 2 objects were not deleted: k (InternalError: again)", false
	if diff := gocmp.Diff(want, send("<Error><Key>k</Key><Code>InternalError</Code><Message>again</Message></Error>", left)); diff != "" {
		t.Error("of one that is tried again (-want +got):", diff)
	}
	// A batch that is there again was not deleted, whatever AWS answered.
	want = tracker.Receipt{Left: first.Left}
	if diff := gocmp.Diff(want, send("", first.Left)); diff != "" {
		t.Error("of a batch that comes again (-want +got):", diff)
	}
}

// A bucket with an object under legal hold, on a server that enforces it: the other
// object goes, and the held one is named and ends the step.
func TestEmptyHeldOnMoto(t *testing.T) {
	w := motoWorld(t)
	name := w.name()
	try[*s3.CreateBucketOutput](w)(w.s3().CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name, ObjectLockEnabledForBucket: yesp}))
	for key, hold := range map[string]s3types.ObjectLockLegalHoldStatus{"held": s3types.ObjectLockLegalHoldStatusOn, "loose": ""} {
		try[*s3.PutObjectOutput](w)(w.s3().PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: &name, Key: &key, Body: strings.NewReader("x"), ObjectLockLegalHoldStatus: hold, ChecksumAlgorithm: s3types.ChecksumAlgorithmSha256,
		}))
	}
	item := tracker.ActionItem{ResourceID: name, Params: tracker.Metadata{paramEmpty: true}}
	r, err := s3BucketDelete.Send(t.Context(), w.target(newRecorder()), "empty", tracker.Doing{Item: item})
	if err != nil || r.Changed != 1 || !r.Final || !strings.HasPrefix(r.Trouble, "1 of 2 objects were not deleted: held (AccessDenied: ") {
		t.Errorf("%+v, %v", r, err)
	}
}
