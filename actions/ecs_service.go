package actions

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	ruleServiceRunning = "service_running"
	paramDesired       = "desired_count"
	// ecsDeleted is the status of what was deleted; ECS shows it for some time.
	ecsDeleted = "INACTIVE"
)

var ecsService = kind{
	Type:        "ECS_Service",
	permissions: []string{"ecs:DescribeServices"},
	rests:       []string{stateActive, "inactive"},
	halted:      launchesNoMore,
	watch:       []string{paramDesired},
	see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		cluster, _, ok := strings.Cut(id, "/")
		if !ok {
			return tracker.Resource{}, tracker.Invalid("resource_id", "has to be the names of cluster and service, as in web/shop")
		}
		s, there, err := services.get(ctx, t, id)
		if err = cmp.Or(err, s.failure); err != nil || !there || aws.ToString(s.Status) == ecsDeleted {
			return gone(), err
		}
		return tracker.Resource{
			Name:    tracker.Named(aws.ToString(s.ServiceName)),
			ARN:     aws.ToString(s.ServiceArn),
			State:   strings.ToLower(aws.ToString(s.Status)),
			Created: tracker.At(s.CreatedAt),
			Tags:    ecsTags(s.Tags),
			Metadata: tracker.Metadata{
				"cluster":             cluster,
				paramDesired:          int64(s.DesiredCount),
				"running_count":       int64(s.RunningCount),
				"pending_count":       int64(s.PendingCount),
				"scheduling_strategy": sdk.Text(s.SchedulingStrategy),
				factReason:            failedRollout(s.Deployments),
			},
		}, nil
	},
}

// failedRollout is why AWS launches no more tasks of a service; nil where it does (ECS
// API Reference, Deployment, rolloutState).
func failedRollout(deployments []types.Deployment) any {
	for _, d := range deployments {
		if d.RolloutState == types.DeploymentRolloutStateFailed {
			return reason(aws.String("deployment failed"), d.RolloutStateReason)
		}
	}
	return nil
}

// launchesNoMore says that a service has fewer tasks than it should, for good.
func launchesNoMore(r tracker.Resource) bool {
	desired, _ := tracker.Integer(r.Metadata[paramDesired])
	running, _ := tracker.Integer(r.Metadata["running_count"])
	return running < desired && r.Metadata.Text(factReason) != ""
}

// serviceSeen is a service as ECS answers it, or why it does not.
type serviceSeen struct {
	types.Service
	failure error
}

// services are described 10 in a call, of one cluster (ECS API Reference,
// DescribeServices).
var services = &bulk[serviceSeen]{
	most:    10,
	missing: []string{"ClusterNotFoundException", "ServiceNotFoundException"}, invalid: []string{"InvalidParameterException"},
	apart: func(id string) string {
		cluster, _, _ := strings.Cut(id, "/")
		return cluster
	},
	ask: func(ctx context.Context, t Target, ids []string) (map[string]serviceSeen, error) {
		cluster, _, _ := strings.Cut(ids[0], "/")
		in := &ecs.DescribeServicesInput{Cluster: &cluster, Include: []types.ServiceField{types.ServiceFieldTags}}
		for _, id := range ids {
			in.Services = append(in.Services, strings.TrimPrefix(id, cluster+"/"))
		}
		out, err := ecs.NewFromConfig(t.Config).DescribeServices(ctx, in)
		if err != nil {
			return nil, err
		}
		seen := map[string]serviceSeen{}
		for id, err := range ecsFailures(out.Failures, ids) {
			seen[id] = serviceSeen{failure: err}
		}
		for _, s := range out.Services {
			seen[cluster+"/"+aws.ToString(s.ServiceName)] = serviceSeen{Service: s}
		}
		return seen, nil
	},
}

// ecsFailures returns why ECS left out some of what it was asked for, other than
// that it does not exist. It names them by their ARNs, which end as the IDs do; a
// failure of none of them may be of any.
func ecsFailures(failures []types.Failure, ids []string) map[string]error {
	name := func(id string) string { return id[strings.LastIndex(id, "/")+1:] }
	failed := map[string]error{}
	for _, f := range failures {
		reason, arn := aws.ToString(f.Reason), aws.ToString(f.Arn)
		if reason == "MISSING" {
			continue
		}
		known := slices.ContainsFunc(ids, func(id string) bool { return name(id) == name(arn) })
		for _, id := range ids {
			if !known || name(id) == name(arn) {
				failed[id] = fmt.Errorf("ecs answers %s for %s", reason, arn)
			}
		}
	}
	return failed
}

func ecsTags(items []types.Tag) map[string]string {
	return sdk.Tags(items, func(t types.Tag) (k, v *string) { return t.Key, t.Value })
}

var ecsServiceScale = Action{
	kind:    ecsService,
	Verb:    "scale",
	Summary: "Sets how many tasks the service runs; 0 stops it.",
	After: func(r tracker.Resource, item tracker.ActionItem, _ time.Time) tracker.Resource {
		var want any // unknown
		if n, err := whole(item, paramDesired); err == nil {
			want = n
		}
		return changed(r, tracker.Metadata{paramDesired: want, "running_count": want})
	},
	Undo:       "the count that it had",
	Reversible: true,
	Deadline:   30 * time.Minute,
	drifts:     true,
	// A service runs at most 5,000 tasks, unless AWS raises the quota (ECS Developer Guide,
	// service quotas).
	Params: []tracker.Param{{Name: paramDesired, Kind: tracker.ParamInteger, Required: true, Max: 10_000, Doc: "Tasks that it should run"}},
	From:   []string{stateActive},
	Stuck:  []string{"draining"},
	progress: func(r tracker.Resource, item tracker.ActionItem) tracker.Stage {
		want, err := whole(item, paramDesired)
		desired, _ := tracker.Integer(r.Metadata[paramDesired])
		running, _ := tracker.Integer(r.Metadata["running_count"])
		switch {
		case err != nil:
			return tracker.StepFailed
		case desired != want:
			return tracker.StepNotBegun
		case running != want:
			return tracker.StepUnderWay
		default:
			return tracker.StepDone
		}
	},
	guards: []guard{daemonService},
	asides: []aside{note("automatic scaling of the service, where it is on, may change the count again")},
	steps: []step{{
		Step: tracker.Step{Name: "scale"}, action: "ecs:UpdateService",
		send: func(ctx context.Context, c call) (map[string]string, error) {
			cluster, name, _ := strings.Cut(c.Item.ResourceID, "/")
			want, err := whole(c.Item, paramDesired)
			if err != nil {
				return nil, err
			}
			return none(ecs.NewFromConfig(c.Config).UpdateService(ctx, &ecs.UpdateServiceInput{
				Cluster: &cluster, Service: &name, DesiredCount: int32p(want),
			}))
		},
	}},
	inverse: func(d tracker.Doing) (tracker.ActionItem, bool) {
		return backWith(d, "scale", given(d.Seen.Metadata, paramDesired)), true
	},
}

var daemonService = guard{
	rule: "daemon_service",
	refuse: when(func(l look) string {
		if l.Metadata.Text("scheduling_strategy") == string(types.SchedulingStrategyDaemon) {
			return "a daemon service runs one task on every instance and has no count"
		}
		return ""
	}),
}

var ecsServiceDelete = Action{
	kind:     ecsService,
	Verb:     "delete",
	Summary:  "Deletes a service that is scaled to zero; with the rule " + ruleServiceRunning + " lifted, one that runs.",
	Destroys: true,
	After:    vanishes,
	Deadline: time.Hour, // of draining
	From:     []string{stateActive},
	Via:      []string{"draining"},
	To:       []string{tracker.Gone},
	guards: []guard{{
		rule: ruleServiceRunning, liftable: true, how: "scale it to zero first",
		refuse: when(func(l look) string {
			desired, no := l.count(paramDesired)
			running, not := l.count("running_count")
			if desired == 0 && running == 0 {
				return cmp.Or(no, not)
			}
			return fmt.Sprintf("it runs %d of %d tasks", running, desired)
		}),
	}},
	steps: []step{{
		Step: tracker.Step{Name: "delete"}, action: "ecs:DeleteService",
		send: func(ctx context.Context, c call) (map[string]string, error) {
			cluster, name, _ := strings.Cut(c.Item.ResourceID, "/")
			return none(ecs.NewFromConfig(c.Config).DeleteService(ctx, &ecs.DeleteServiceInput{
				Cluster: &cluster, Service: &name, Force: aws.Bool(lifts(ruleServiceRunning)(c.Item)),
			}))
		},
	}},
}
