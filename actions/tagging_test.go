package actions

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/consolesensei/resource-tracker/tracker"
)

// makers make one of each type that has verbs of its own.
var makers = map[tracker.Type]func(*world) thing{
	"AMI": (*world).image, "AutoScaling_Group": scaling(0), "CloudWatch_LogGroup": (*world).logs,
	"DynamoDB_Table": func(w *world) thing { return w.table() }, "EBS_Snapshot": (*world).snapshot, "EBS_Volume": volume("gp3"),
	"EC2_Instance": running, "ECS_Cluster": (*world).cluster, "ECS_Service": service(0), "EFS_FileSystem": (*world).fileSystem,
	"ElastiCache_Cluster": cache("redis"), "Elastic_IP": (*world).address, "Lambda_Function": (*world).function,
	"Load_Balancer": (*world).balancer, "NAT_Gateway": (*world).gateway, "RDS_Cluster": func(w *world) thing { return w.dbCluster() },
	"RDS_Instance": func(w *world) thing { return w.database() }, "Redshift_Cluster": (*world).warehouse, "S3_Bucket": (*world).bucket,
	"SNS_Topic": (*world).topic, "SQS_Queue": (*world).queue, "Secret": (*world).secret, "Target_Group": (*world).group,
}

// tagsNotServed are the types whose tags moto 5.2.1 cannot change by the tagging
// API.
var tagsNotServed = []tracker.Type{
	"CloudWatch_LogGroup", "DynamoDB_Table", "ECS_Cluster", "ECS_Service", "Load_Balancer", "Redshift_Cluster", "S3_Bucket",
	"SNS_Topic", "SQS_Queue", "Secret", "Target_Group",
}

// playTags tags and untags one resource of every type, and undoes both.
func playTags(t *testing.T) {
	for _, tg := range taggables() {
		t.Run(string(tg.Type), func(t *testing.T) {
			server := &tagServer{tags: map[string]map[string]string{}}
			maker, own := makers[tg.Type]
			if !own {
				w := &world{T: t, cfg: wireTarget(server, newRecorder()).Config}
				if err := tagAndBack(w, tg, "x", nil); err != nil {
					t.Error(err)
				}
				return
			}
			w := motoWorld(t)
			made, had := maker(w), map[string]string{"keep": "yes"}
			err, listed := tagAndBack(w, tg, made.id, had), slices.Contains(tagsNotServed, tg.Type)
			if err != nil && !listed {
				t.Error(err)
			}
			if err == nil && listed {
				t.Error("moto serves it")
			}
			if !listed {
				return
			}
			// The resource is moto's, its tags another server's.
			made, see := maker(w), tg.see
			tg.see = func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
				r, err := see(ctx, t, id)
				r.Tags = with(server.tags[r.ARN])
				return r, err
			}
			tg.api = elsewhere(tg.api, server)
			if err := tagAndBack(w, tg, made.id, nil); err != nil {
				t.Error(err)
			}
		})
	}
}

// elsewhere makes the calls of an API to a server.
func elsewhere(api tagAPI, server *tagServer) tagAPI {
	tag, untag := api.tag, api.untag
	move := func(c call) call {
		c.Config.BaseEndpoint, c.Config.HTTPClient = nil, server
		return c
	}
	api.tag = func(ctx context.Context, c call, tags map[string]string) error { return tag(ctx, move(c), tags) }
	api.untag = func(ctx context.Context, c call, keys []string) error { return untag(ctx, move(c), keys) }
	return api
}

// tagAndBack adds one tag, changes another where there is one, and undoes it; then
// it removes what is there and undoes that too.
func tagAndBack(w *world, tg taggable, id string, had map[string]string) error {
	verbs := map[string]Action{verbTag: tg.tagAction(), verbUntag: tg.untagAction()}
	item := tracker.ActionItem{ResourceID: id, Type: tg.Type, Region: w.cfg.Region}
	run := func(verb string, params tracker.Metadata) (tracker.Doing, error) {
		calls := newRecorder()
		item.Verb, item.Params = verb, params
		d, err := carryOut(w, verbs[verb], w.target(calls), item)
		key := string(tg.Type) + " " + verb
		played[key] = append(played[key], calls.actions()...)
		if err != nil {
			err = fmt.Errorf("%s %v: %w", verb, params, err)
		}
		return d, err
	}
	tagsAre := func(want map[string]string) error {
		r, err := tg.look(w.Context(), w.target(newRecorder()), id)
		if err != nil {
			return err
		}
		maps.DeleteFunc(r.Tags, func(k, _ string) bool { return !slices.Contains([]string{"keep", "a", "b"}, k) })
		if !maps.Equal(want, r.Tags) {
			return fmt.Errorf("tags are %v, want %v", r.Tags, want)
		}
		return nil
	}
	for _, round := range []struct {
		verb          string
		params        tracker.Metadata
		after, undone map[string]string
	}{
		{verbTag, tracker.Metadata{"tags": map[string]any{"a": "1"}}, with(had, "a", "1"), with(had)},
		{verbTag, tracker.Metadata{"tags": map[string]any{"a": "1", "b": "2"}}, with(had, "a", "1", "b", "2"), nil},
		{verbTag, tracker.Metadata{"tags": map[string]any{"a": "2"}, "remove": []any{"b"}}, with(had, "a", "2"), with(had, "a", "1", "b", "2")},
		{verbUntag, tracker.Metadata{"keys": []any{"a"}}, with(had, "b", "2"), with(had, "a", "1", "b", "2")},
		{verbUntag, tracker.Metadata{"keys": []any{"a", "b", "c"}}, with(had), with(had, "a", "1", "b", "2")},
	} {
		d, err := run(round.verb, round.params)
		if err != nil {
			return err
		}
		if err := tagsAre(round.after); err != nil {
			return err
		}
		if round.undone == nil {
			continue
		}
		back, ok := verbs[round.verb].Inverse(d)
		if !ok {
			return fmt.Errorf("%s has no inverse", round.verb)
		}
		if _, err := run(back.Verb, back.Params); err != nil {
			return err
		}
		if err := tagsAre(round.undone); err != nil {
			return err
		}
	}
	return nil
}

func with(tags map[string]string, pairs ...string) map[string]string {
	out := map[string]string{}
	maps.Copy(out, tags)
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = pairs[i+1]
	}
	return out
}
