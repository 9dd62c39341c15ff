package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/aws/rds"
	"github.com/consolesensei/resource-tracker/tracker"
)

// change is an item of TestPlanLife, and how its resource looks from outside.
type change struct {
	item   map[string]any
	before string
	after  string
	undone string // after the undo; "" where the plan has to say that there is none
	state  func() string
}

func (o *outside) secret() string {
	out := made[*secretsmanager.CreateSecretOutput](o)(secretsmanager.NewFromConfig(o.cfg).CreateSecret(o.ctx, &secretsmanager.CreateSecretInput{
		Name: aws.String(o.name()), SecretString: aws.String("x"),
	}))
	return *out.ARN
}

func (o *outside) secretState(id string) string {
	out, err := secretsmanager.NewFromConfig(o.cfg).DescribeSecret(o.ctx, &secretsmanager.DescribeSecretInput{SecretId: &id})
	if err == nil && out.DeletedDate != nil {
		return "to be deleted"
	}
	return o.is("there", err, "ResourceNotFoundException")
}

func (o *outside) databaseAt(id string) string {
	made[*rds.DescribeDBInstancesOutput](o)(rds.NewFromConfig(o.cfg).DescribeDBInstances(o.ctx, &rds.DescribeDBInstancesInput{}))
	return o.databaseState(id)
}

// tagsOf are an instance's tags, as "key=value".
func (o *outside) tagsOf(id string) string {
	out := made[*ec2.DescribeTagsOutput](o)(o.ec2().DescribeTags(o.ctx, &ec2.DescribeTagsInput{
		Filters: []types.Filter{{Name: aws.String("resource-id"), Values: []string{id}}},
	}))
	var all []string
	for _, t := range out.Tags {
		all = append(all, *t.Key+"="+*t.Value)
	}
	return strings.Join(all, " ")
}

// changesOf makes one resource for each of the verbs that a mixed plan has.
func changesOf(o *outside) []change {
	var all []change
	add := func(id string, t tracker.Type, verb string, params map[string]any, before, after, undone string, state func(*outside, string) string) {
		it := item(id, t, outsideRegion, verb)
		if params != nil {
			it["params"] = params
		}
		all = append(all, change{it, before, after, undone, func() string { return state(o, id) }})
	}
	holder, held := o.instance(nil), o.volume(types.VolumeTypeGp2)
	made[*ec2.AttachVolumeOutput](o)(o.ec2().AttachVolume(o.ctx, &ec2.AttachVolumeInput{
		InstanceId: &holder, VolumeId: &held, Device: aws.String("/dev/sdf"),
	}))
	lone := o.volume(types.VolumeTypeGp3)

	// What comes first has to wait for what comes last.
	add(held, "EBS_Volume", "delete", map[string]any{"skip_snapshot": true}, "in-use", tracker.Gone, "", (*outside).volumeState)
	add(o.instance(nil), "EC2_Instance", "stop", nil, "running", "stopped", "running", (*outside).instanceState)
	add(o.instance(nil), "EC2_Instance", "tag", map[string]any{"tags": map[string]any{"stage": "test"}}, "", "stage=test", " ", (*outside).tagsOf)
	add(lone, "EBS_Volume", "delete", nil, "available", tracker.Gone, tracker.Gone, (*outside).volumeState)
	add(o.volume(types.VolumeTypeGp2), "EBS_Volume", "to_gp3", nil, "gp2", "gp3", "gp2", (*outside).volumeKind)
	add(o.database(), "RDS_Instance", "stop", nil, "available", "stopped", "available", (*outside).databaseState)
	add(o.database(), "RDS_Instance", "delete", nil, "available", tracker.Gone, "available", (*outside).databaseAt)
	add(o.logGroup(), "CloudWatch_LogGroup", "set_retention", map[string]any{"retention_days": 30}, "0 days", "30 days", "0 days", (*outside).logGroupState)
	add(o.logGroup(), "CloudWatch_LogGroup", "delete", nil, "0 days", tracker.Gone, "", (*outside).logGroupState)
	add(o.bucket("a", "b/c"), "S3_Bucket", "delete", map[string]any{"empty": true}, "there", tracker.Gone, "", (*outside).bucketState)
	add(o.queue(), "SQS_Queue", "delete", nil, "there", tracker.Gone, "", (*outside).queueState)
	add(o.secret(), "Secret", "delete", map[string]any{"recovery_window_days": 7}, "there", "to be deleted", "there", (*outside).secretState)
	gateway, _ := o.gateway()
	add(gateway, "NAT_Gateway", "delete", nil, "available", tracker.Gone, "", (*outside).gatewayState)
	add(holder, "EC2_Instance", "terminate", nil, "running", "terminated", "", (*outside).instanceState)
	return all
}

// TestPlanLife takes one plan of many verbs all the way: looked at, applied under
// its digest, verified, audited, and undone.
func TestPlanLife(t *testing.T) {
	t.Parallel()
	m, err := startMoto()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.kill)
	o := newOutside(t, m)
	s := newStack(t, m.url)
	c := s.client(apiKey)
	other := c.stranger()
	changes := changesOf(o)
	var items []map[string]any
	for _, ch := range changes {
		items = append(items, ch.item)
	}
	p := c.lookedAt(c.do(http.MethodPost, "/api/v1/resources/bulk-action?wait=60", with(planOf(items...), "dry_run", true)))
	looksPlanned(t, p, changes)

	if a := c.do(http.MethodPost, "/api/v1/plans/"+p.ID+"/apply", map[string]any{"digest": "sha256:another"}); a.status != http.StatusConflict {
		t.Errorf("applied under another digest: status %d: %s", a.status, a.body)
	}
	for _, ch := range changes {
		if state := ch.state(); state != ch.before {
			t.Errorf("before the plan is applied, %v is %q, want %q", ch.item, state, ch.before)
		}
	}
	p = c.carriedOut(p)
	allVerified(t, p)
	for _, ch := range changes {
		if state := ch.state(); state != ch.after {
			t.Errorf("afterwards %v is %q, want %q", ch.item, state, ch.after)
		}
	}
	inOrder(t, p)
	audited(t, c.audit(p.ID), p)

	if lines := other.audit(p.ID); len(lines) > 0 {
		t.Errorf("somebody else reads %d lines of the audit", len(lines))
	}
	for _, call := range []struct{ method, path string }{{http.MethodGet, ""}, {http.MethodPost, "/undo"}, {http.MethodPost, "/cancel"}} {
		var body any
		if call.path == "/undo" {
			body = valid()
		}
		if a := other.do(call.method, "/api/v1/plans/"+p.ID+call.path, body); a.status != http.StatusNotFound {
			t.Errorf("%s of somebody else's plan: status %d", call.path, a.status)
		}
	}

	undo := c.carriedOut(c.undo(p.ID))
	allVerified(t, undo)
	if undo.UndoOf != p.ID {
		t.Errorf("the undo is of %q", undo.UndoOf)
	}
	for _, ch := range changes {
		want := ch.after
		if ch.undone != "" {
			want = strings.TrimSpace(ch.undone)
		}
		if state := ch.state(); state != want {
			t.Errorf("after the undo %v is %q, want %q", ch.item, state, want)
		}
	}
	volume := changes[3].item["resource_id"].(string)
	if made := o.restored(volume); len(made) != 1 || made[0] != "gp3 available of team shop" {
		t.Errorf("what was restored of volume %s: %q", volume, made)
	}
}

// looksPlanned checks what a plan says before it is applied.
func looksPlanned(t *testing.T, p aPlan, changes []change) {
	t.Helper()
	if p.State != tracker.PlanPlanned || !strings.HasPrefix(p.Digest, "sha256:") || !p.ExpiresAt.After(time.Now()) {
		t.Fatalf("the plan is %s with digest %q until %s: %s", p.State, p.Digest, p.ExpiresAt, p.Reason)
	}
	for i, it := range p.Items {
		if len(it.Refusals) > 0 || it.Would == "" || it.Seen == "" {
			t.Errorf("item %d: would %q, state %q, refusals %+v", i, it.Would, it.Seen, it.Refusals)
		}
		if (it.Undo != "") != (changes[i].undone != "") && it.Type != "EBS_Volume" { // without a snapshot it has none
			t.Errorf("%s of %s says of its undo %q", it.Verb, it.Type, it.Undo)
		}
	}
	last := len(p.Items) - 1
	if diff := cmp.Diff([]int{last}, p.Items[0].DependsOn); diff != "" {
		t.Error("what the attached volume needs (-want +got):", diff)
	}
}

// inOrder checks that what needs another item was begun after that had ended.
func inOrder(t testing.TB, p aPlan) {
	t.Helper()
	for _, it := range p.Items {
		if it.Ledger.State == tracker.ItemBlocked {
			continue
		}
		for _, k := range it.DependsOn {
			first := p.Items[k].Ledger.FinishedAt
			if first == nil || it.Ledger.BegunAt == nil || it.Ledger.BegunAt.Before(*first) {
				t.Errorf("%s of %s began at %v, and what it needs ended at %v", it.Verb, it.ResourceID, it.Ledger.BegunAt, first)
			}
		}
	}
}

// audited checks that the audit tells of a plan that succeeded all that happened.
func audited(t *testing.T, lines []tracker.AuditEvent, p aPlan) {
	t.Helper()
	seen := map[string]int{}
	for _, line := range lines {
		key := line.What
		if line.Item != nil {
			key += "/" + line.Target.ResourceID + "/" + line.Step
		}
		seen[key]++ // a step that is sent again has a line for its first call, and others that count them
		if line.Who != p.Author || line.PlanID != p.ID || line.At.IsZero() {
			t.Errorf("line %+v", line)
		}
		if line.What == "item.accepted" && line.RequestID == "" && line.Target.Type != "S3_Bucket" { // moto's S3 has none
			t.Errorf("%s of %+v has no request ID of AWS", line.Step, line.Target)
		}
		if strings.HasPrefix(line.What, "plan.") && line.From == "" && line.What != "plan.planned" && line.What != "plan.succeeded" {
			t.Errorf("%s does not say from where", line.What)
		}
	}
	want := []string{"plan.created", "plan.planned", "plan.applied", "plan.succeeded"}
	for _, it := range p.Items {
		for _, step := range it.Ledger.Steps {
			at := "/" + it.ResourceID + "/" + step.Name
			want = append(want, "item.sending"+at, "item.accepted"+at)
		}
		if len(it.Ledger.Steps) == 0 {
			t.Errorf("%s of %s has no steps", it.Verb, it.ResourceID)
		}
		want = append(want, "item.verified/"+it.ResourceID+"/")
	}
	for _, key := range want {
		if seen[key] != 1 {
			t.Errorf("the audit has %d lines %s, want one", seen[key], key)
		}
	}
}
