package savings_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/actions"
	"github.com/consolesensei/resource-tracker/savings"
	"github.com/consolesensei/resource-tracker/tracker"
)

// bearing is r with what a Keep looks for.
func bearing(r tracker.Resource, k tracker.Keep) tracker.Resource {
	if len(k.Tags) > 0 {
		return tagged(r, k.Tags[0]+"x", "y")
	}
	if k.Is != "" {
		return with(r, k.Key, k.Is)
	}
	return with(r, k.Key, "eu-north-1")
}

// TestKept: what keeps a resource keeps every rule from ending it or making less of it;
// where a person may know better, the finding is not counted.
func TestKept(t *testing.T) {
	for _, k := range tracker.Keeps {
		for _, rule := range savings.Catalog {
			for _, row := range tables[rule.Name] {
				if f, _ := evaluate(t, rule.Name, row); f == nil || rule.Effect == savings.Retype || !slices.Contains(k.Types, row.resource.Type) {
					continue
				}
				row.resource = bearing(row.resource, k)
				f, _ := evaluate(t, rule.Name, row)
				switch {
				case f == nil && k.Person:
					t.Errorf("%s: %s of a %s is not found; a person may want to know", rule.Name, k.Rule, row.resource.Type)
				case f != nil && (!k.Person || f.Counted || !strings.HasPrefix(f.Held, k.Rule+": ")):
					t.Errorf("%s: %s of a %s: counted %v, held %q", rule.Name, k.Rule, row.resource.Type, f.Counted, f.Held)
				}
			}
		}
	}
}

// guarded are resources as scans see them that a guard refuses, by its rule; nil for
// what a scan cannot tell, since the guard asks AWS.
var guarded = map[string]func(tracker.Resource) tracker.Resource{
	"other_account":        func(r tracker.Resource) tracker.Resource { return with(r, "owner_id", "999988887777") },
	"protect_tag":          func(r tracker.Resource) tracker.Resource { return tagged(r, "Protected", "yes") },
	"cloudformation_stack": func(r tracker.Resource) tracker.Resource { return tagged(r, "aws:cloudformation:stack-name", "shop") },
	"wrong_state": func(r tracker.Resource) tracker.Resource {
		r.State = "strange"
		return r
	},

	"aurora_member":             func(r tracker.Resource) tracker.Resource { return with(r, "cluster_id", "c") },
	"auto_scaling_group":        func(r tracker.Resource) tracker.Resource { return with(r, "auto_scaling_group", "web") },
	"deletion_protection":       func(r tracker.Resource) tracker.Resource { return with(r, "deletion_protection", true) },
	"deregistration_protection": func(r tracker.Resource) tracker.Resource { return with(r, "deregistration_protection", "enabled") },
	"engine":                    func(r tracker.Resource) tracker.Resource { return with(r, "engine", "docdb") },
	"has_read_replicas":         func(r tracker.Resource) tracker.Resource { return with(r, "read_replicas", []string{"r"}) },
	"instance_store":            func(r tracker.Resource) tracker.Resource { return with(r, "root_device_type", "instance-store") },
	"mount_targets":             func(r tracker.Resource) tracker.Resource { return with(r, "mount_target_count", int64(1)) },
	"multi_az_sqlserver": func(r tracker.Resource) tracker.Resource {
		return with(with(r, "engine", "sqlserver-se"), "multi_az", true)
	},
	"owning_service":    func(r tracker.Resource) tracker.Resource { return with(r, "owning_service", "rds") },
	"read_replica":      func(r tracker.Resource) tracker.Resource { return with(r, "replica_source", "db-0") },
	"replication_group": func(r tracker.Resource) tracker.Resource { return with(r, "replication_group_id", "g") },
	"service_managed":   func(r tracker.Resource) tracker.Resource { return with(r, "service_managed", "alb") },
	"volume_attached":   func(r tracker.Resource) tracker.Resource { return with(r, "attached_to", []string{"i-1"}) },
	"volume_size":       func(r tracker.Resource) tracker.Resource { return with(r, "size_gb", nil) },
	"volume_type":       func(r tracker.Resource) tracker.Resource { return with(r, "volume_type", "st1") },
	"cluster_in_use":    func(r tracker.Resource) tracker.Resource { return with(r, "running_tasks", int64(1)) },

	"Load_Balancer deletion_protection": nil, // an attribute, which the list does not say

	"address_associated":        nil, // its state says it
	"final_snapshot_impossible": nil, // a state in which no rule finds
	"cluster_not_empty":         nil,
	"has_replicas":              nil, // of a secret, the list of them does not say it
	"healthy_targets":           nil,
	"image_in_use":              nil, // launch templates say it: imageLaunched
	"modification_under_way":    nil,
	"nat_in_route_table":        nil, // route tables say it: routed
	"protected_volume":          nil,
	"snapshot_of_ami":           nil, // images say it: imageSnapshot
	"spot_instance":             nil,
	"stop_protection":           nil,
	"termination_protection":    nil,
}

// TestGuarded: a finding is never counted where the plan that repairs it would refuse on
// the same facts, for every rule with a verb and everything that may refuse it.
func TestGuarded(t *testing.T) {
	for _, rule := range savings.Catalog {
		if rule.Verb == "" {
			continue
		}
		keeps := map[string]bool{}
		for _, typ := range rule.Types {
			for _, k := range tracker.KeepsOf(typ) {
				keeps[k.Rule] = true // TestKept
			}
		}
		for _, row := range tables[rule.Name] {
			action, ok := actions.Find(row.resource.Type, rule.Verb)
			if f, _ := evaluate(t, rule.Name, row); f == nil || !ok {
				continue
			}
			all, _ := action.Rules()
			for _, name := range all {
				refuse, listed := guarded[string(row.resource.Type)+" "+name]
				if !listed {
					refuse, listed = guarded[name]
				}
				if !listed && !keeps[name] {
					t.Errorf("%s: whether a scan can tell %s is not said", rule.Name, name)
				}
				if refuse == nil {
					continue
				}
				row := row
				row.resource = refuse(row.resource)
				f, _ := evaluate(t, rule.Name, row)
				if f == nil {
					continue
				}
				item := tracker.ActionItem{ResourceID: f.ResourceID, Type: f.Type, Region: f.Region, Verb: rule.Verb}
				if f.Fix != nil {
					item = *f.Fix
				}
				refusals := refused(throughJSON(t, row.resource), item)
				i := slices.IndexFunc(refusals, func(r tracker.Refusal) bool { return r.Rule == name })
				switch {
				case i < 0:
					t.Errorf("%s, %s: %s is not refused", rule.Name, row.name, name)
				case f.Counted || !strings.Contains(f.Held, name+": "):
					t.Errorf("%s, %s: %s: counted %v, held %q", rule.Name, row.name, name, f.Counted, f.Held)
				case !refusals[i].Liftable && f.Fix != nil:
					t.Errorf("%s, %s: %s cannot be lifted, and is offered", rule.Name, row.name, name)
				}
			}
		}
	}
}

// TestScansTell: what guards and rules go by is called in scans as it is here.
func TestScansTell(t *testing.T) {
	known := map[tracker.Type]map[string]bool{}
	for _, rule := range savings.Catalog {
		for _, row := range tables[rule.Name] {
			for _, r := range append(row.others, row.resource) {
				if known[r.Type] == nil {
					known[r.Type] = scanned(t, r.Type)
				}
				for key, v := range r.Metadata {
					if v == nil {
						continue
					}
					if !known[r.Type][key] && key != "owner_id" {
						t.Errorf("%s: no scan gives a %s its %s", rule.Name, r.Type, key)
						known[r.Type][key] = true // said
					}
				}
			}
		}
	}
}

// scanned are the metadata that the recorded answers of a type are made into.
func scanned(t *testing.T, typ tracker.Type) map[string]bool {
	t.Helper()
	keys := map[string]bool{}
	base := filepath.Join("../scanners/testdata", strings.ToLower(string(typ)))
	details, err := filepath.Glob(filepath.Join(base, "*", "want.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range append(details, filepath.Join(base, "want.json")) {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		var rs []tracker.Resource
		if err := json.Unmarshal(b, &rs); err != nil {
			t.Fatal(err)
		}
		for _, r := range rs {
			for key, v := range r.Metadata {
				keys[key] = keys[key] || v != nil
			}
		}
	}
	return keys
}

// TestUnusedSince: how long a volume has been attached to nothing is not its age.
func TestUnusedSince(t *testing.T) {
	old := volume("gp3", 100, 3000, 700)
	since := func(days int) savings.UnusedSince {
		return func(_ tracker.Resource, rule string, byState bool) (time.Time, bool) {
			return ago(days), rule == "unattached_volume" && byState
		}
	}
	nobody := func(tracker.Resource, string, bool) (time.Time, bool) { return time.Time{}, false }
	for name, tc := range map[string]struct {
		since      savings.UnusedSince
		found      bool
		confidence tracker.Confidence
		evidence   string
	}{
		"not known":      {nil, true, tracker.ConfidenceLow, "created 700 days ago; since when unattached is not known"},
		"not of this":    {nobody, true, tracker.ConfidenceLow, "created 700 days ago; since when unattached is not known"},
		"since lately":   {since(6), true, tracker.ConfidenceLow, "created 700 days ago; unattached since at least " + stamp(6)[:10]},
		"for long":       {since(7), true, tracker.ConfidenceHigh, "unattached since at least " + stamp(7)[:10]},
		"never attached": {since(700), true, tracker.ConfidenceHigh, "unattached since at least " + stamp(700)[:10]},
	} {
		e := evaluation(t, savings.Options{Rules: []string{"unattached_volume"}, UnusedSince: tc.since}, old)
		fs := e.Find(old, nil)
		if (len(fs) == 1) != tc.found {
			t.Errorf("%s: %d findings", name, len(fs))
			continue
		}
		if tc.found && (fs[0].Confidence != tc.confidence || fs[0].Evidence["unused_since"] != tc.evidence) {
			t.Errorf("%s: %s, %v", name, fs[0].Confidence, fs[0].Evidence)
		}
	}
}
