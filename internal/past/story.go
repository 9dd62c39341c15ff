package past

import (
	"fmt"
	"slices"

	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	instance tracker.Type = "EC2_Instance"
	volume   tracker.Type = "EBS_Volume"
	address  tracker.Type = "Elastic_IP"
	function tracker.Type = "Lambda_Function"
	database tracker.Type = "RDS_Instance"
	snapshot tracker.Type = "EBS_Snapshot"
)

func every(tracker.Resource) bool { return true }

func in(state string) func(tracker.Resource) bool {
	return func(r tracker.Resource) bool { return r.State == state }
}

// tell is the story.
func (p *Past) tell() {
	p.instances()
	p.storage()
	p.network()
	p.rest()
	p.fleet()
	p.unseen()
}

// set has members of metadata be what they were.
func set(pairs map[string]any) func(*tracker.Resource) {
	return func(r *tracker.Resource) {
		for key, v := range pairs {
			if _, ok := r.Metadata[key]; ok {
				r.Metadata[key] = v
			}
		}
	}
}

// stop has an instance be stopped.
func stop(r *tracker.Resource) {
	r.State = "stopped"
	set(map[string]any{"public_ip": nil, "state_transition_reason": "User initiated"})(r)
}

// smaller are instance types that grew into others.
var smaller = map[string]string{
	"m5.xlarge": "m5.large", "c6i.xlarge": "c6i.large", "t3.large": "t3.medium", "t3.medium": "t3.small", "r5.large": "t3.large", "m5.large": "t3.medium",
	"m6i.large": "t3.medium", "c5.large": "t3.small", "m7g.large": "t4g.medium", "r6g.large": "t4g.medium", "t4g.medium": "t4g.small",
}

// instances: those of dev and test stop for weekends; some began to run, and some grew; an old one is gone.
func (p *Past) instances() {
	running := p.of(instance, in("running"))
	for i, l := range running {
		switch env := l.Tags["Environment"]; {
		case env == "dev" || env == "test":
			l.turns = append(l.turns, turn{always, 1, stop, true})
		case i%5 == 0:
			l.turns = append(l.turns, turn{from: always, to: 4 + die(l.ID, "began", 50), change: stop})
		case i%5 == 1:
			if was := smaller[l.Metadata.Text("instance_type")]; was != "" {
				l.turns = append(l.turns, turn{from: always, to: 3 + die(l.ID, "grew", 52), change: set(map[string]any{"instance_type": was})})
			}
		}
	}
	for i, l := range first(4, running) {
		p.lives = append(p.lives, p.like(*l, otherID(l.ID, i), always, 18+11*i))
	}
	// The ones that are stopped were not always.
	for i, l := range first(3, p.of(instance, in("stopped"))) {
		l.turns = append(l.turns, turn{from: always, to: 10 + 17*i, change: func(r *tracker.Resource) {
			r.State = "running"
			set(map[string]any{"state_transition_reason": nil})(r)
		}})
	}
}

// storage: volumes that are loose were attached, others were smaller; snapshots and volumes are gone.
func (p *Past) storage() {
	loose := p.of(volume, in("available"))
	for _, l := range first(len(loose)/2, loose) {
		owner := "i-0" + fmt.Sprintf("%016x", uint64(die(l.ID, "owner", 1<<62)))
		l.turns = append(l.turns, turn{from: always, to: 3 + die(l.ID, "loose", 50), change: func(r *tracker.Resource) {
			r.State = "in-use"
			set(map[string]any{"attached_to": []string{owner}, "deleted_with": []string{}})(r)
		}})
	}
	used := p.of(volume, in("in-use"))
	for i, l := range used {
		if i%6 != 0 {
			continue
		}
		if size, ok := l.Metadata.Number("size_gb"); ok && size >= 16 {
			l.turns = append(l.turns, turn{from: always, to: 2 + die(l.ID, "size", 55), change: set(map[string]any{"size_gb": int(size / 2)})})
		}
	}
	for i, l := range first(6, loose) {
		p.lives = append(p.lives, p.like(*l, otherID(l.ID, i), always, 6+10*i))
	}
	for i, l := range first(5, p.of(snapshot, every)) {
		p.lives = append(p.lives, p.like(*l, otherID(l.ID, i), always, 8+10*i))
	}
}

// network: an address appeared last week, and with it an instance that the world can reach.
func (p *Past) network() {
	addresses := p.of(address, every)
	slices.SortStableFunc(addresses, func(a, b *life) int { // an associated one first
		return len(b.Metadata.Text("associated_instance")) - len(a.Metadata.Text("associated_instance"))
	})
	for i, l := range first(2, addresses) {
		l.since = 6 + 24*i
		for _, owner := range p.of(instance, func(r tracker.Resource) bool { return r.ID == l.Metadata.Text("associated_instance") }) {
			owner.turns = append(owner.turns, turn{from: always, to: l.since + 1, change: set(map[string]any{"public_ip": nil})})
		}
	}
	for _, l := range first(1, p.of(database, func(r tracker.Resource) bool { return r.Metadata.Flag("publicly_accessible") })) {
		l.turns = append(l.turns, turn{from: always, to: 4, change: set(map[string]any{"publicly_accessible": false})})
	}
}

// rest: functions came, log groups went, and tags were added.
func (p *Past) rest() {
	for i, l := range first(9, p.of(function, every)) {
		l.since = 2 + 6*i
	}
	for i, l := range first(4, p.of("CloudWatch_LogGroup", every)) {
		p.lives = append(p.lives, p.like(*l, otherID(l.ID, i), always, 7+13*i))
	}
	for _, t := range []tracker.Type{instance, volume, database, function, "S3_Bucket", "Load_Balancer"} {
		for i, key := range []string{"CostCenter", "Team"} {
			tagged := p.of(t, func(r tracker.Resource) bool { return r.Tags[key] != "" })
			for _, l := range first(len(tagged)/8, tagged[min(i, len(tagged)):]) {
				l.turns = append(l.turns, turn{from: always, to: 2 + die(l.ID, key, 45), change: func(r *tracker.Resource) { delete(r.Tags, key) }})
			}
		}
	}
}

const (
	// fleetBegan and fleetEnded are how many days ago it was seen first and last.
	fleetBegan, fleetEnded = 22, 21
	fleetSize              = 3
)

// fleet is the anomaly: instances with GPUs that somebody trained a model with, for two days.
func (p *Past) fleet() {
	for _, l := range first(1, p.of(instance, in("running"))) {
		for i := range fleetSize {
			gpu := p.like(*l, otherID(l.ID, 100+i), fleetBegan, fleetEnded)
			gpu.Name = new(fmt.Sprintf("training-%02d", i+1))
			gpu.Tags = map[string]string{"Name": *gpu.Name, "Team": "data", "Environment": "dev"}
			set(map[string]any{
				"instance_type": "p3.2xlarge", "architecture": "x86_64", "platform": "Linux/UNIX", "usage_operation": "RunInstances", "lifecycle": "on-demand",
				"launch_time": gpu.Created, "volumes": []string{}, "public_ip": nil,
			})(&gpu.Resource)
			p.lives = append(p.lives, gpu)
		}
	}
}

// unseen: a region was denied for days, and another throttled once.
func (p *Past) unseen() {
	var regions []string
	for _, l := range p.lives {
		if l.Cell != tracker.Global && !slices.Contains(regions, l.Cell) {
			regions = append(regions, l.Cell)
		}
	}
	slices.Sort(regions)
	if len(regions) > 2 {
		p.refused = []refusal{{regions[1], 33, 30, tracker.OutcomeDenied}, {regions[2], 12, 12, tracker.OutcomeThrottled}}
	}
}
