package actions

import (
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

func TestAfter(t *testing.T) {
	type m = tracker.Metadata
	now := time.Date(2026, time.November, 1, 12, 0, 0, 0, time.UTC)
	old := new(now.AddDate(0, 0, -300))
	for _, row := range []struct {
		name, verb string
		before     tracker.Resource
		params     m
		want       tracker.Resource
		err        string
	}{
		{"small gp2", "to_gp3", tracker.Resource{Type: "EBS_Volume", Metadata: m{"volume_type": "gp2", "size_gb": int64(100)}}, nil, tracker.Resource{Metadata: m{"volume_type": "gp3", "size_gb": int64(100), "iops": int64(3000), "throughput_mbps": int64(125)}}, ""},
		{"gp2 of 500 GiB", "to_gp3", tracker.Resource{Type: "EBS_Volume", Metadata: m{"volume_type": "gp2", "size_gb": int64(500)}}, nil, tracker.Resource{Metadata: m{"volume_type": "gp3", "size_gb": int64(500), "iops": int64(3000), "throughput_mbps": int64(250)}}, ""},
		{"by an alias", "pause", tracker.Resource{Type: "Redshift_Cluster", State: "available"}, nil, tracker.Resource{State: "paused"}, ""},
		{"deleted", "delete", tracker.Resource{Type: "NAT_Gateway", State: "available"}, nil, tracker.Resource{State: tracker.Gone}, ""},
		{"for a while", "delete", tracker.Resource{Type: "Secret", State: "active"}, nil, tracker.Resource{State: "pendingdeletion"}, ""},
		{"tagged", "tag", tracker.Resource{Type: "KMS_Key", State: "unknown"}, m{"tags": map[string]any{"a": "b"}}, tracker.Resource{State: "unknown"}, ""},
		{"scaled", "scale", tracker.Resource{Type: "ECS_Service", Metadata: m{"desired_count": int64(2), "running_count": int64(2)}}, m{"desired_count": 1.}, tracker.Resource{Metadata: m{"desired_count": int64(1), "running_count": int64(1)}}, ""},
		{"a tenth kept", "set_retention", tracker.Resource{Type: "CloudWatch_LogGroup", Created: old, Metadata: m{"retention_days": "Never expire", "stored_bytes": int64(1000)}}, m{"retention_days": 30.}, tracker.Resource{Metadata: m{"retention_days": int64(30), "stored_bytes": 100.}}, ""},
		{"half kept", "set_retention", tracker.Resource{Type: "CloudWatch_LogGroup", Created: old, Metadata: m{"retention_days": int64(60), "stored_bytes": int64(1000)}}, m{"retention_days": 30.}, tracker.Resource{Metadata: m{"retention_days": int64(30), "stored_bytes": 500.}}, ""},
		{"all kept", "set_retention", tracker.Resource{Type: "CloudWatch_LogGroup", Created: old, Metadata: m{"retention_days": int64(14), "stored_bytes": int64(1000)}}, m{"retention_days": 30.}, tracker.Resource{Metadata: m{"retention_days": int64(14), "stored_bytes": int64(1000)}}, ""},
		{"of unknown age", "set_retention", tracker.Resource{Type: "CloudWatch_LogGroup", Metadata: m{"stored_bytes": int64(1000)}}, m{"retention_days": 30.}, tracker.Resource{Metadata: m{"retention_days": int64(30), "stored_bytes": nil}}, ""},
		{"restored", "restore", tracker.Resource{Type: "EBS_Volume", State: tracker.Gone}, nil, tracker.Resource{}, unpricedCopy},
		{"no verb", "stop", tracker.Resource{Type: "EBS_Volume"}, nil, tracker.Resource{}, "no stop of EBS_Volume is known"},
	} {
		t.Run(row.name, func(t *testing.T) {
			was := spell(row.before.Metadata)
			got, err := After(row.before, tracker.ActionItem{Type: row.before.Type, Verb: row.verb, Params: row.params}, now)
			if spell(row.before.Metadata) != was {
				t.Errorf("the resource itself is changed: %v", row.before.Metadata)
			}
			if row.err != "" {
				if err == nil || err.Error() != row.err {
					t.Errorf("error is %v, want %s", err, row.err)
				}
				return
			}
			row.want.Type, row.want.Created = row.before.Type, row.before.Created
			if diff := gocmp.Diff(row.want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}
