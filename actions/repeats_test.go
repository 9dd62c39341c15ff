package actions

import (
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

// still is AWS as it stays: it takes every call that changes something, and nothing
// changes. Of each type it is as every step that repeats would have it otherwise.
var still = map[tracker.Type]wire{
	"AMI": {
		"DescribeImages":    image("<deregistrationProtection>enabled</deregistrationProtection>"),
		"DescribeSnapshots": "<R><snapshotSet><item><snapshotId>snap-1</snapshotId><status>completed</status></item></snapshotSet></R>",
	},
	"AutoScaling_Group":   {"DescribeAutoScalingGroups": groupXML("<DeletionProtection>prevent-force-deletion</DeletionProtection>")},
	"CloudWatch_LogGroup": {"DescribeLogGroups": `{"logGroups":[{"logGroupName":"x","arn":"a","deletionProtectionEnabled":true,"retentionInDays":7}]}`, "GetResources": `{}`, "ListTagsForResource": `{}`},
	"DynamoDB_Table":      {"DescribeTable": `{"Table":{"TableStatus":"ACTIVE","DeletionProtectionEnabled":true}}`, "ListTagsOfResource": `{}`},
	"EC2_Instance": {
		"DescribeInstances":         instanceXML(""),
		"DescribeInstanceAttribute": "<R><disableApiStop><value>true</value></disableApiStop><disableApiTermination><value>true</value></disableApiTermination></R>",
	},
	"ECS_Service":    parkedWire(`"desiredCount":2,"tags":[]`),
	"EKS_Nodegroup":  nodesWire("ACTIVE", 1, 2, ""),
	"EFS_FileSystem": {"DescribeMountTargets": `{"MountTargets":[{"MountTargetId":"m","LifeCycleState":"available"}]}`},
	"IAM_AccessKey": {
		"GetAccessKeyLastUsed": "<R><GetAccessKeyLastUsedResult><UserName>u</UserName></GetAccessKeyLastUsedResult></R>",
	},
	"Load_Balancer": {"DescribeLoadBalancerAttributes": "<R><DescribeLoadBalancerAttributesResult><Attributes><member><Key>" + balancerProtection +
		"</Key><Value>true</Value></member></Attributes></DescribeLoadBalancerAttributesResult></R>"},
	"RDS_Cluster":  clusterWire("<DeletionProtection>true</DeletionProtection>"),
	"RDS_Instance": databaseWire("<DeletionProtection>true</DeletionProtection>"),
	"S3_Bucket":    bucketWire(nil),
	"Secret":       {"DescribeSecret": `{"ARN":"a","Name":"x","DeletedDate":1}`},
	"VPC":          {"DescribeTags": empty},
	"WorkSpace":    {"GetResources": `{}`},
}

// parkedStill is still of what keeps the tag with its sizes.
var parkedStill = map[tracker.Type]wire{
	"AutoScaling_Group": {"DescribeAutoScalingGroups": groupXML("<Tags><member><Key>" + tagParked + "</Key><Value>desired_capacity=2</Value></member></Tags>")},
	"ECS_Service":       parkedWire(`"desiredCount":2,"tags":[{"key":"` + tagParked + `","value":"desired_count=2"}]`),
	"EKS_Nodegroup":     nodesWire("ACTIVE", 1, 2, "desired_size=2"),
}

// TestRepeats walks the catalogue: of a step that repeats, calls that change nothing show
// as calls that bring nothing on. The engine then ends it.
func TestRepeats(t *testing.T) {
	for _, a := range catalog {
		answers, listed := still[a.Type]
		if (a.Verb == verbTag || a.Verb == verbUntag) && a.Type != "VPC" && a.Type != "WorkSpace" {
			continue // all are tagged by the same step
		}
		for _, s := range a.steps {
			if !s.Repeatable() {
				continue
			}
			name := string(a.Type) + " " + a.Verb + " " + s.Name
			if !listed {
				t.Errorf("nothing shows %s", name)
				continue
			}
			t.Run(name, func(t *testing.T) {
				if a.Type == "IAM_AccessKey" {
					answers["ListAccessKeys"] = "<R><ListAccessKeysResult><AccessKeyMetadata><member><AccessKeyId>x</AccessKeyId><Status>" +
						map[string]string{"activate": "Inactive", "deactivate": "Active"}[a.Verb] + "</Status></member></AccessKeyMetadata></ListAccessKeysResult></R>"
				}
				if a.Verb == verbUntag || s.Name == verbUntag {
					answers = wire{"DescribeTags": "<R><tagSet><item><resourceId>x</resourceId><key>a</key><value>b</value></item></tagSet></R>"}
					if a.Type == "WorkSpace" {
						answers = wire{"GetResources": `{"ResourceTagMappingList":[{"ResourceARN":"arn:aws:workspaces:eu-west-1:123456789012:workspace/x","Tags":[{"Key":"a","Value":"b"}]}]}`}
					}
				}
				if a.Verb == verbUnpark {
					answers = parkedStill[a.Type]
				}
				server := &phases{answers: slices.Repeat([]wire{answers}, 10)}
				target := wireTarget(server, newRecorder())
				id := "x"
				if a.Type == "ECS_Service" || a.Type == "EKS_Nodegroup" {
					id = "c/x"
				}
				item := asked(a, id)
				item.Lift = slices.Clone(a.Info().Liftable)
				item.Params["empty"], item.Params["remove"] = true, []string{"a"}
				for _, p := range []string{"empty", "remove"} {
					if !slices.ContainsFunc(a.Params, func(q tracker.Param) bool { return q.Name == p }) {
						delete(item.Params, p)
					}
				}
				d := tracker.Doing{Item: item, Token: "t", Left: map[string]string{}, Seen: tracker.Resource{ID: "x", ARN: "a", Metadata: tracker.Metadata{
					"snapshot_ids": []string{"snap-1"}, sizeDesired: 2, paramDesired: 2, nodesDesired: 2,
				}}}
				for sent := range 3 {
					p, err := a.Check(t.Context(), target, s.Name, d)
					if err != nil || p.Stage != tracker.StepNotBegun {
						t.Fatalf("after %d calls: %+v, %v", sent, p, err)
					}
					r, err := a.Send(t.Context(), target, s.Name, d)
					if err != nil {
						t.Fatal(err)
					}
					if len(r.Left) > 0 {
						d.Left = r.Left
					}
					r.RequestID, r.Left = "", nil
					if diff := gocmp.Diff(tracker.Receipt{}, r); diff != "" && sent > 0 {
						t.Errorf("a call in vain has brought something on (-want +got):\n%s", diff)
					}
				}
				if len(server.changes) != 3 {
					t.Errorf("calls %q", server.changes)
				}
			})
		}
	}
}
