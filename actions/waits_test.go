package actions

import (
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	dynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	efs "github.com/aws/aws-sdk-go-v2/service/efs/types"
	eks "github.com/aws/aws-sdk-go-v2/service/eks/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	ec2 "github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	lambda "github.com/consolesensei/resource-tracker/internal/aws/lambda/types"
	"github.com/consolesensei/resource-tracker/tracker"
)

// oneState names the types of which AWS shows no state but that they are there, or what
// somebody set: there is nothing to wait for that could end otherwise.
var oneState = []tracker.Type{"CloudWatch_LogGroup", "Elastic_IP", "IAM_AccessKey", "S3_Bucket", "SNS_Topic", "SQS_Queue", "Secret", "Target_Group"}

// passing are the states that lead to another one by themselves, and the states of
// AWS's lists that are neither.
var passingStates = map[tracker.Type][]string{
	"AMI": {"pending", "transient"}, "DynamoDB_Table": {"creating", "updating", "deleting", "archiving"}, "EBS_Snapshot": {"pending", "recovering"},
	"EBS_Volume": {"creating", "deleting", "deleted"}, "EC2_Instance": {"pending", "shutting-down", "stopping"}, "EFS_FileSystem": {"creating", "updating", "deleting"},
	"EKS_Nodegroup":   {"creating", "updating", "deleting"},
	"Lambda_Function": {"pending", "deactivating", "deleting"}, "Load_Balancer": {"provisioning"}, "NAT_Gateway": {"pending", "deleting"},
}

func lower[T ~string](values []T) []string {
	var all []string
	for _, v := range values {
		all = append(all, strings.ToLower(string(v)))
	}
	return all
}

// TestStatesOfRest: every state that AWS lists for a type passes or is one of rest.
func TestStatesOfRest(t *testing.T) {
	for typ, states := range map[tracker.Type][]string{
		"AMI": lower(ec2.ImageState("").Values()), "DynamoDB_Table": lower(dynamodb.TableStatus("").Values()),
		"EBS_Snapshot": lower(ec2.SnapshotState("").Values()), "EBS_Volume": lower(ec2.VolumeState("").Values()),
		"EC2_Instance": lower(ec2.InstanceStateName("").Values()), "EFS_FileSystem": lower(efs.LifeCycleState("").Values()),
		"EKS_Nodegroup":   lower(eks.NodegroupStatus("").Values()),
		"Lambda_Function": lower(lambda.State("").Values()), "Load_Balancer": lower(elb.LoadBalancerStateEnum("").Values()),
		"NAT_Gateway": lower(ec2.NatGatewayState("").Values()),
	} {
		i := slices.IndexFunc(verbs, func(a Action) bool { return a.Type == typ })
		got := append(slices.Clone(verbs[i].rests), passingStates[typ]...)
		slices.Sort(got)
		slices.Sort(states)
		if diff := gocmp.Diff(states, got); diff != "" {
			t.Errorf("%s (-AWS +rests and passes):\n%s", typ, diff)
		}
	}
}

// TestWaitsEnd walks the catalogue: a verb that waits for a state never waits out its time
// on one that its resource rests in, and says AWS's reason for it.
func TestWaitsEnd(t *testing.T) {
	long, just := time.Now().Add(-3*time.Minute), time.Now().Add(-time.Second)
	for _, a := range verbs {
		if slices.Contains(oneState, a.Type) {
			if len(a.rests) > 0 {
				t.Errorf("%s has states", a.Type)
			}
			continue
		}
		if len(a.rests) == 0 {
			t.Errorf("%s has no states of rest", a.Type)
		}
		for _, s := range a.Steps(asked(a, "x/y")) {
			if i := slices.IndexFunc(a.steps, func(t step) bool { return t.Name == s.Name }); a.steps[i].check != nil || a.progress != nil {
				continue // it waits for something else
			}
			for _, state := range append(slices.Clone(a.rests), tracker.Gone) {
				r := tracker.Resource{State: state, Metadata: tracker.Metadata{factReason: "Client.InternalError: of the key"}}
				check := func(at time.Time, moved bool) tracker.StepProgress {
					p, err := seen(a, r).Check(t.Context(), Target{}, s.Name, tracker.Doing{Item: asked(a, "x/y"), AcceptedAt: &at, Moved: moved})
					if err != nil {
						t.Fatal(err)
					}
					return p
				}
				name := string(a.Type) + " " + a.Verb + " on " + state
				for _, moved := range []bool{false, true} {
					p := check(long, moved)
					if slices.Contains(a.To, state) {
						if p.Stage != tracker.StepDone {
							t.Errorf("%s: %+v, want done", name, p)
						}
					} else if p.Stage != tracker.StepFailed || !strings.Contains(p.Message, state) || !strings.HasSuffix(p.Message, ": Client.InternalError: of the key") {
						t.Errorf("%s: %+v, want failed with the reason", name, p)
					}
				}
				// A look may be older than the call.
				if p := check(just, false); a.starts(state) && !slices.Contains(a.To, state) && p.Stage != tracker.StepNotBegun {
					t.Errorf("%s, just after the call: %+v", name, p)
				}
			}
		}
	}
}

// An instance that starts and stops again at once has failed, for AWS's reason.
func TestStartsAndStopsAgain(t *testing.T) {
	at := time.Now().Add(-15 * time.Second)
	answers := wire{"DescribeInstances": `<R><reservationSet><item><instancesSet><item><instanceId>x</instanceId><instanceState><name>stopped</name></instanceState>
		<stateReason><code>Client.InternalError</code><message>Client.InternalError: Client error on launch</message></stateReason></item></instancesSet></item></reservationSet></R>`}
	item := tracker.ActionItem{ResourceID: "x"}
	got, err := ec2InstanceStart.Check(t.Context(), wireTarget(answers, newRecorder()), "start", tracker.Doing{Item: item, AcceptedAt: &at, Moved: true})
	want := tracker.StepProgress{
		Stage: tracker.StepFailed, State: "stopped",
		Message: "AWS took the call, and it is stopped again: Client.InternalError: Client.InternalError: Client error on launch",
	}
	if diff := gocmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

// Databases that reboot or are deleted, services whose rollout failed.
func TestWaitsEnd_OwnChecks(t *testing.T) {
	at := time.Now().Add(-3 * time.Minute)
	d := tracker.Doing{Item: tracker.ActionItem{ResourceID: "x"}, AcceptedAt: &at, Left: accepted}
	for _, row := range []struct {
		action, step string
		answers      wire
		want         tracker.Stage
	}{
		{"RDS_Instance reboot", "reboot", databaseWire("", "incompatible-parameters"), tracker.StepFailed},
		{"RDS_Instance reboot", "reboot", databaseWire("", "rebooting"), tracker.StepUnderWay},
		{"RDS_Instance reboot", "reboot", databaseWire(""), tracker.StepDone},
		{"RDS_Instance delete", "delete", databaseWire("", "storage-full"), tracker.StepFailed},
		{"RDS_Instance delete", "delete", databaseWire("", "deleting"), tracker.StepUnderWay},
	} {
		got, err := named(t, row.action).Check(t.Context(), wireTarget(row.answers, newRecorder()), row.step, d)
		if got.Stage != row.want || err != nil {
			t.Errorf("%s: %+v, want %s; %v", row.action, got, row.want, err)
		}
	}
	service := func(desired, running, rollout string) wire {
		return wire{"DescribeServices": `{"services":[{"serviceName":"y","status":"ACTIVE","desiredCount":` + desired + `,"runningCount":` + running +
			`,"deployments":[{"rolloutState":"` + rollout + `","rolloutStateReason":"tasks failed to start"}]}]}`}
	}
	for name, row := range map[string]struct {
		answers wire
		want    string
	}{
		"failed":       {service("2", "1", "FAILED"), "failed AWS has given it up: deployment failed: tasks failed to start"},
		"on its way":   {service("2", "1", "IN_PROGRESS"), "under_way "},
		"still stops":  {service("2", "3", "FAILED"), "under_way deployment failed: tasks failed to start"},
		"has all that": {service("2", "2", "FAILED"), "done "},
	} {
		d.Item = tracker.ActionItem{ResourceID: "x/y", Params: tracker.Metadata{paramDesired: 2}}
		got, err := ecsServiceScale.Check(t.Context(), wireTarget(row.answers, newRecorder()), "scale", d)
		if said := string(got.Stage) + " " + got.Message; said != row.want || err != nil {
			t.Errorf("a rollout that %s: %q, want %q; %v", name, said, row.want, err)
		}
	}
}

// TestUnknownNumbers: a guard that judges by a number refuses where AWS does not tell it.
func TestUnknownNumbers(t *testing.T) {
	for action, rule := range map[string]string{
		"AutoScaling_Group delete": ruleGroupNotEmpty, "AutoScaling_Group scale": "sizes", "EBS_Volume to_gp3": "volume_size",
		"ECS_Cluster delete": "cluster_in_use", "ECS_Service delete": ruleServiceRunning, "EFS_FileSystem delete": ruleMountTargets,
		"IAM_AccessKey deactivate": ruleLastKey, "SNS_Topic delete": "has_subscriptions", "SQS_Queue delete": "queue_not_empty",
	} {
		a := named(t, action)
		i := slices.IndexFunc(a.guards, func(g guard) bool { return g.rule == rule })
		l := look{Resource: tracker.Resource{Metadata: tracker.Metadata{}}, item: asked(a, "x"), sight: &tracker.Sight{}}
		if why, _, err := a.guards[i].refuse(t.Context(), l); !strings.HasPrefix(why, "AWS does not tell its ") || err != nil {
			t.Errorf("%s of %s: %q, %v", rule, action, why, err)
		}
	}
}
