package actions

import (
	"context"
	"errors"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

func TestPreflight(t *testing.T) {
	instance := func(stop string) wire {
		return wire{"DescribeInstances": instanceXML(""), "StopInstances": stop, "ModifyInstanceAttribute": "UnauthorizedOperation"}
	}
	topic := wire{"GetTopicAttributes": empty, "ListTagsForResource": empty}
	simulate := func(denied []string, err error) func(context.Context, []string, []string) (map[string][]string, error) {
		return func(_ context.Context, _, arns []string) (map[string][]string, error) {
			return map[string][]string{arns[0]: denied}, err
		}
	}
	for name, row := range map[string]struct {
		action   string
		answers  wire
		lift     []string
		params   tracker.Metadata
		simulate func(ctx context.Context, actions, arns []string) (map[string][]string, error)
		want     tracker.Permission
	}{
		"rehearsed": {
			action: "EC2_Instance stop", answers: instance("DryRunOperation"),
			want: tracker.Permission{Verdict: "allowed", How: "dry_run"},
		},
		"rehearsed and refused": {
			action: "EC2_Instance stop", answers: instance("UnauthorizedOperation"),
			want: tracker.Permission{Verdict: "denied", How: "dry_run", Denied: []string{"ec2:StopInstances"}, Message: "UnauthorizedOperation: said so"},
		},
		"may stop, but not lift": {
			action: "EC2_Instance stop", answers: instance("DryRunOperation"), lift: []string{ruleStopProtection},
			want: tracker.Permission{Verdict: "denied", How: "dry_run", Denied: []string{"ec2:ModifyInstanceAttribute"}, Message: "UnauthorizedOperation: said so"},
		},
		"rehearsed to no end": {
			action: "EC2_Instance stop", answers: instance("RequestLimitExceeded"),
			want: tracker.Permission{Verdict: "not_known", Message: "the rehearsal of stop ended with: RequestLimitExceeded: said so"},
		},
		"gone": {
			action: "EC2_Instance stop", answers: wire{"DescribeInstances": "InvalidInstanceID.NotFound"},
			want: tracker.Permission{Verdict: "not_known", Message: "EC2_Instance x does not exist"},
		},
		"simulated": {
			action: "SNS_Topic delete", answers: topic, simulate: simulate(nil, nil),
			want: tracker.Permission{Verdict: "allowed", How: "simulation"},
		},
		"simulated and refused": {
			action: "SNS_Topic delete", answers: topic, simulate: simulate([]string{"sns:DeleteTopic"}, nil),
			want: tracker.Permission{Verdict: "denied", How: "simulation", Denied: []string{"sns:DeleteTopic"}},
		},
		"no right to simulate": {
			action: "SNS_Topic delete", answers: topic, simulate: simulate(nil, errors.New("AccessDenied")),
			want: tracker.Permission{Verdict: "not_known", Message: "the simulation of policies ended with: AccessDenied"},
		},
		"simulated of two steps": {
			action: "S3_Bucket delete", answers: wire{"ListBuckets": "<R><Buckets><Bucket><Name>x</Name></Bucket></Buckets></R>", "GetBucketTagging": empty},
			params: tracker.Metadata{paramEmpty: true},
			simulate: func(_ context.Context, actions, arns []string) (map[string][]string, error) {
				return map[string][]string{arns[0]: {arns[0] + " " + strings.Join(actions, ",")}}, nil
			},
			want: tracker.Permission{Verdict: "denied", How: "simulation", Denied: []string{
				"arn:aws:s3:::x s3:DeleteBucket", "arn:aws:s3:::x/* s3:DeleteObject,s3:DeleteObjectVersion",
			}},
		},
		"neither": {
			action: "SNS_Topic delete", answers: topic,
			want: tracker.Permission{Verdict: "not_known", Message: "AWS has no rehearsal for delete, and policies cannot be simulated"},
		},
	} {
		target := wireTarget(row.answers, newRecorder())
		target.Simulate = row.simulate
		got := named(t, row.action).Preflight(t.Context(), target, tracker.ActionItem{ResourceID: "x", Lift: row.lift, Params: row.params})
		if diff := gocmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
