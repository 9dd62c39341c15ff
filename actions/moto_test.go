package actions

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/aws/rds"
	"github.com/consolesensei/resource-tracker/tracker"
)

// scenario is one item carried out on moto.
type scenario struct {
	action string
	name   string
	make   func(*world) thing
	params tracker.Metadata
	lift   []string
	want   string // the state from outside afterwards
	undone string // the state from outside after the inverse; "" without one
}

var scenarios = []scenario{
	{action: "AMI delete", make: (*world).image, want: "gone, its snapshot gone"},
	{action: "AMI delete", name: "and keep snapshots", make: (*world).image, params: tracker.Metadata{paramKeepSnapshots: true}, want: "gone, its snapshot completed"},
	{action: "AutoScaling_Group delete", make: scaling(0), want: "gone"},
	{action: "AutoScaling_Group delete", name: "with its instances", make: scaling(2), lift: []string{ruleGroupNotEmpty}, want: "gone"},
	{action: "AutoScaling_Group park", make: scaling(2), want: "0 of 0-0", undone: "2 of 2-4"},
	{action: "AutoScaling_Group scale", make: scaling(2), params: tracker.Metadata{sizeDesired: 0}, want: "0 of 0-4", undone: "2 of 2-4"},
	{action: "AutoScaling_Group scale", name: "beyond its maximum", make: scaling(1), params: tracker.Metadata{sizeDesired: 5}, want: "5 of 1-5", undone: "1 of 1-3"},
	{action: "AutoScaling_Group unpark", make: parkedScaling("desired_capacity=2 max_size=5 min_size=1"), want: "2 of 1-5", undone: "0 of 0-0"},
	{action: "AutoScaling_Group unpark", name: "resized meanwhile", make: grown, want: "3 of 1-5", undone: "0 of 0-0"},
	{action: "CloudWatch_LogGroup delete", make: (*world).logs, want: "gone"},
	{action: "CloudWatch_LogGroup set_retention", make: (*world).logs, params: tracker.Metadata{paramRetention: 30}, want: "30 days", undone: "0 days"},
	{action: "DynamoDB_Table delete", make: func(w *world) thing { return w.table() }, want: "gone", undone: "there"},
	{action: "DynamoDB_Table delete", name: "without a backup", make: func(w *world) thing { return w.table() }, params: tracker.Metadata{paramSkipBackup: true}, want: "gone"},
	{action: "EBS_Snapshot delete", make: (*world).snapshot, want: "gone"},
	{action: "EBS_Volume delete", make: volume(types.VolumeTypeGp3), want: "gone", undone: "gp3 available yes"},
	{action: "EBS_Volume delete", name: "without a snapshot", make: volume(types.VolumeTypeGp2), params: tracker.Metadata{"skip_snapshot": true}, want: "gone"},
	{action: "EBS_Volume to_gp2", make: volume(types.VolumeTypeGp3), want: "gp2 available yes", undone: "gp3 available yes"},
	{action: "EBS_Volume to_gp3", make: volume(types.VolumeTypeGp2), want: "gp3 available yes", undone: "gp2 available yes"},
	{action: "EC2_Instance reboot", make: running, want: "running"},
	{action: "EC2_Instance start", make: (*world).stopped, want: "running", undone: "stopped"},
	{action: "EC2_Instance stop", make: running, want: "stopped", undone: "running"},
	{action: "EC2_Instance stop", name: "in spite of its protection", make: stopProtected, lift: []string{ruleStopProtection}, want: "stopped", undone: "running"},
	{action: "EC2_Instance terminate", make: running, want: "terminated"},
	{action: "EC2_Instance terminate", name: "in spite of its protection", make: terminationProtected, lift: []string{ruleTerminationProtection}, want: "terminated"},
	{action: "ECS_Cluster delete", make: (*world).cluster, want: "gone"},
	{action: "ECS_Service delete", make: service(0), want: "gone"},
	{action: "ECS_Service delete", name: "while it runs", make: service(2), lift: []string{ruleServiceRunning}, want: "gone"},
	{action: "ECS_Service park", make: scaledTasks(2), want: "ACTIVE 0 of 0-0", undone: "ACTIVE 2 of 1-4"},
	{action: "ECS_Service scale", make: service(2), params: tracker.Metadata{paramDesired: 0}, want: "ACTIVE 0", undone: "ACTIVE 2"},
	{action: "ECS_Service unpark", make: parkedTasks, want: "ACTIVE 2 of 1-4", undone: "ACTIVE 0 of 0-0"},
	{action: "EFS_FileSystem delete", make: (*world).fileSystem, want: "gone"},
	{action: "EFS_FileSystem delete", name: "with its mount targets", make: (*world).mounted, lift: []string{ruleMountTargets}, want: "gone"},
	{action: "ElastiCache_Cluster delete", make: cache("memcached"), want: "gone"},
	{action: "ElastiCache_Cluster delete", name: "of Redis", make: cache("redis"), want: "gone"},
	{action: "Elastic_IP delete", make: (*world).address, want: "gone"},
	{action: "IAM_AccessKey activate", make: (*world).inactiveKey, want: "Active", undone: "Inactive"},
	{action: "IAM_AccessKey deactivate", make: key(2), want: "Inactive", undone: "Active"},
	{action: "Lambda_Function delete", make: (*world).function, want: "gone"},
	{action: "Load_Balancer delete", make: (*world).balancer, want: "gone"},
	{action: "Load_Balancer delete", name: "in spite of its protection", make: (*world).protectedBalancer, lift: []string{ruleDeletionProtection}, want: "gone"},
	{action: "Load_Balancer delete", name: "of the classic kind", make: (*world).classic, want: "gone"},
	{action: "NAT_Gateway delete", make: (*world).gateway, want: "gone"},
	{action: "RDS_Cluster delete", make: func(w *world) thing { return w.dbCluster() }, want: "gone"},
	{action: "RDS_Cluster delete", name: "in spite of its protection", make: protectedCluster, lift: []string{ruleDeletionProtection}, want: "gone"},
	{action: "RDS_Cluster start", make: (*world).stoppedCluster, want: "available", undone: "stopped"},
	{action: "RDS_Cluster stop", make: func(w *world) thing { return w.dbCluster() }, want: "stopped", undone: "available"},
	{action: "RDS_Instance delete", make: func(w *world) thing { return w.database() }, want: "gone", undone: "available db.t3.micro yes"},
	{action: "RDS_Instance delete", name: "in spite of its protection, without a snapshot", make: protectedDatabase, lift: []string{ruleDeletionProtection}, params: tracker.Metadata{paramSkipFinal: true}, want: "gone"},
	{action: "RDS_Instance reboot", make: func(w *world) thing { return w.database() }, want: "available db.t3.micro yes"},
	{action: "RDS_Instance start", make: (*world).stoppedDatabase, want: "available db.t3.micro yes", undone: "stopped db.t3.micro yes"},
	{action: "RDS_Instance stop", make: func(w *world) thing { return w.database() }, want: "stopped db.t3.micro yes", undone: "available db.t3.micro yes"},
	{action: "Redshift_Cluster delete", make: (*world).warehouse, want: "gone"},
	{action: "Redshift_Cluster pause", make: (*world).warehouse, want: "paused", undone: "available"},
	{action: "Redshift_Cluster resume", make: (*world).pausedWarehouse, want: "available", undone: "paused"},
	{action: "S3_Bucket delete", make: (*world).bucket, want: "gone"},
	{action: "S3_Bucket delete", name: "with all that is in it", make: (*world).fullBucket, params: tracker.Metadata{paramEmpty: true}, want: "gone"},
	{action: "SNS_Topic delete", make: (*world).topic, want: "gone"},
	{action: "SQS_Queue delete", make: (*world).queue, want: "gone"},
	{action: "Secret delete", make: (*world).secret, params: tracker.Metadata{paramWindow: 7}, want: "to be deleted", undone: "there"},
	{action: "Secret restore", make: (*world).deletedSecret, want: "there", undone: "to be deleted"},
	{action: "Target_Group delete", make: (*world).group, want: "gone"},
}

// notServed names the scenarios that moto 5.2.1 cannot play, and why. Recorded
// answers take their place.
var notServed = map[string]string{
	"ElastiCache_Cluster delete":          "it leaves a deleted cluster in the state deleting",
	"ElastiCache_Cluster delete of Redis": "it leaves a deleted cluster in the state deleting",
}

func running(w *world) thing { return w.instance() }

func stopProtected(w *world) thing {
	return w.instance(func(in *ec2.RunInstancesInput) { in.DisableApiStop = yesp })
}

func terminationProtected(w *world) thing {
	// moto passes over DisableApiTermination in RunInstances.
	i := w.instance()
	try[*ec2.ModifyInstanceAttributeOutput](w)(w.ec2().ModifyInstanceAttribute(w.Context(), &ec2.ModifyInstanceAttributeInput{
		InstanceId: &i.id, DisableApiTermination: &types.AttributeBooleanValue{Value: yesp},
	}))
	return i
}

// playScenarios carries out every scenario on a server that really changes: each
// step is sent once and its answer thrown away, so that all that is known of it is
// what Check sees.
func playScenarios(t *testing.T) {
	w := motoWorld(t)
	for _, s := range scenarios {
		name := s.action
		if s.name != "" {
			name += " " + s.name
		}
		t.Run(name, func(t *testing.T) {
			err := s.play(&world{T: t, cfg: w.cfg})
			why, listed := notServed[name]
			switch {
			case err != nil && !listed:
				t.Error(err)
			case err == nil && listed:
				t.Errorf("moto serves it, though %s", why)
			}
		})
	}
}

func (s scenario) play(w *world) error {
	a := named(w.T, s.action)
	made := s.make(w)
	calls := newRecorder()
	item := tracker.ActionItem{
		ResourceID: made.id, Type: a.Type, Region: w.cfg.Region, AccountID: motoAccount, Verb: a.Verb, Params: s.params, Lift: s.lift,
	}
	if err := s.protected(w, a, item); err != nil {
		return err
	}
	d, err := carryOut(w, a, w.target(calls), item)
	if err != nil {
		return err
	}
	if err := stands(w, made, s.want); err != nil {
		return err
	}
	for _, called := range calls.actions() {
		if !slices.Contains(a.declared(), called) {
			w.Errorf("%s calls %s, which it does not declare", s.action, called)
		}
	}
	played[s.action] = append(played[s.action], calls.actions()...)

	back, can := a.Inverse(d)
	if can != (s.undone != "") {
		return fmt.Errorf("its inverse is %+v, %v", back, can)
	}
	if !can {
		return nil
	}
	if a.Undo == "" {
		w.Errorf("%s can be undone and does not say so", s.action)
	}
	undo, ok := Find(back.Type, back.Verb)
	if !ok {
		return fmt.Errorf("there is no %s", back.Verb)
	}
	if a.Destroys && s.want == tracker.Gone && !undo.Info().Creates {
		w.Errorf("%s brings back what is gone, and would be refused because it is", back.Verb)
	}
	undoing := newRecorder()
	if _, err := carryOut(w, undo, w.target(undoing), back); err != nil {
		return fmt.Errorf("undo: %w", err)
	}
	key := string(undo.Type) + " " + undo.Verb
	played[key] = append(played[key], undoing.actions()...)
	return stands(w, made, s.undone)
}

// played is what each action called on moto.
var played = map[string][]string{}

// protected looks with the tag of everything that tests make as a protecting one.
func (s scenario) protected(w *world, a Action, item tracker.ActionItem) error {
	if a.Type == "IAM_AccessKey" {
		return nil // has no tags
	}
	t := w.target(newRecorder())
	t.ProtectTags = []string{"other", "keep"}
	sight, err := a.Look(w.Context(), t, item)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(sight.Refusals, func(r tracker.Refusal) bool { return r.Rule == ruleProtectTag && r.Liftable }) {
		return fmt.Errorf("a protected one is not refused: %+v", sight)
	}
	item.Lift = append(slices.Clone(item.Lift), ruleProtectTag)
	sight, err = a.Look(w.Context(), t, item)
	if err == nil && len(sight.Refusals) > 0 {
		err = fmt.Errorf("with the rule lifted it is still refused: %+v", sight.Refusals)
	}
	return err
}

// carryOut does an item as an engine would, but for keeping the answers.
func carryOut(w *world, a Action, t Target, item tracker.ActionItem) (tracker.Doing, error) {
	ctx := w.Context()
	if err := a.refuse(item); err != nil {
		return tracker.Doing{}, err
	}
	sight, err := a.Look(ctx, t, item)
	if err != nil {
		return tracker.Doing{}, err
	}
	if sight.Done || len(sight.Refusals) > 0 {
		return tracker.Doing{}, fmt.Errorf("it cannot begin: %+v", sight)
	}
	// The look right before it is sent sees the same.
	if again, err := a.Again(ctx, t, item); err != nil || len(again.Refusals) > 0 || !maps.Equal(again.Watched, sight.Watched) {
		return tracker.Doing{}, fmt.Errorf("another look sees %+v after %+v: %w", again, sight, err)
	}
	if p := a.Preflight(ctx, t, item); p.Verdict == deniedVerdict {
		return tracker.Doing{}, fmt.Errorf("preflight: %+v", p)
	}
	d := throughJSON(w, tracker.Doing{Item: item, Seen: sight.Resource, Token: w.name(), Left: map[string]string{}})
	steps := a.Steps(item)
	if len(steps) == 0 {
		return d, errors.New("it has no steps")
	}
	for _, s := range steps {
		if err := doStep(w, a, t, s, &d); err != nil {
			return d, fmt.Errorf("%s: %w", s.Name, err)
		}
	}
	after, err := a.Look(ctx, t, item)
	if err != nil {
		return d, err
	}
	if len(a.To) > 0 && !a.creates() && !after.Done {
		return d, fmt.Errorf("it is not done afterwards: %+v", after)
	}
	return d, nil
}

// throughJSON returns d as a ledger keeps it.
func throughJSON(w *world, d tracker.Doing) tracker.Doing {
	b := try[[]byte](w)(json.Marshal(d))
	var back tracker.Doing
	if err := json.Unmarshal(b, &back); err != nil {
		w.Fatal(err)
	}
	if back.Left == nil {
		back.Left = map[string]string{}
	}
	return back
}

func doStep(w *world, a Action, t Target, s tracker.Step, d *tracker.Doing) error {
	ctx := w.Context()
	calls := newRecorder()
	t.Config = calls.on(t.Config)
	p, err := a.Check(ctx, t, s.Name, *d)
	if err != nil {
		return err
	}
	var lost error // moto loses an answer now and then: what it did is seen by Check
	for sent := 0; p.Stage != tracker.StepDone; {
		if p.Stage == tracker.StepNotBegun && (sent == 0 || s.Repeatable()) && sent < 5 {
			var receipt tracker.Receipt
			receipt, lost = a.Send(ctx, t, s.Name, *d)
			sent++
			// Nothing shows a reboot but the answer to it.
			if v, ok := receipt.Left["accepted"]; ok {
				d.Left["accepted"] = v
			}
		} else if p.Stage != tracker.StepUnderWay || calls.times("looks") > 50 {
			return errors.Join(lost, fmt.Errorf("it does not get on: %+v", p))
		}
		calls.count["looks"]++
		if p, err = a.Check(ctx, t, s.Name, *d); err != nil {
			return err
		}
		maps.Copy(d.Left, p.Left)
	}
	inner, err := a.step(d.Item, s.Name)
	if err != nil {
		return err
	}
	if n := calls.times(inner.action); !s.Repeatable() && n != 1 {
		return fmt.Errorf("%s was called %d times", inner.action, n)
	}
	return nil
}

func stands(w *world, made thing, want string) error {
	got, err := made.state(w.Context())
	if err == nil && got != want {
		err = fmt.Errorf("from outside it is %q, want %q", got, want)
	}
	return err
}

// named finds an action by type and verb.
func named(t *testing.T, action string) Action {
	t.Helper()
	i := slices.IndexFunc(catalog, func(a Action) bool { return string(a.Type)+" "+a.Verb == action })
	if i < 0 {
		t.Fatalf("there is no %s", action)
	}
	return catalog[i]
}

var yesp = func() *bool { b := true; return &b }()

func protectedDatabase(w *world) thing {
	return w.database(func(in *rds.CreateDBInstanceInput) { in.DeletionProtection = yesp })
}

func protectedCluster(w *world) thing {
	return w.dbCluster(func(in *rds.CreateDBClusterInput) { in.DeletionProtection = yesp })
}
