package actions

import (
	"maps"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

// ownerless are the types of which AWS shows the account's own alone and says neither
// an owner nor an ARN; of a volume, moto does not say it.
var ownerless = []tracker.Type{
	"EBS_Volume", "EC2_Instance", "Elastic_IP", "IAM_AccessKey", "NAT_Gateway", "Redshift_Cluster", "S3_Bucket", "SQS_Queue",
}

// playStrangers carries out each action in the name of an account that does not own
// the resource: what AWS shows all the same is refused.
func playStrangers(t *testing.T) {
	w := motoWorld(t)
	w.cfg.Region = "us-west-2" // where no other test has left an image: moto searches none then
	accepted := map[tracker.Type]bool{}
	for _, s := range slices.Backward(scenarios) { // images come last
		if s.name != "" {
			continue
		}
		t.Run(s.action, func(t *testing.T) {
			w := &world{T: t, cfg: w.cfg}
			a := named(t, s.action)
			target := w.target(newRecorder())
			target.AccountID = "999988887777"
			sight, err := a.Look(t.Context(), target, tracker.ActionItem{ResourceID: s.make(w).id, Type: a.Type, Region: w.cfg.Region, Verb: a.Verb, Params: s.params})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(sight.Refusals, func(r tracker.Refusal) bool { return r.Rule == anothers.rule && !r.Liftable }) {
				accepted[a.Type] = true
			}
		})
	}
	if diff := gocmp.Diff(ownerless, slices.Sorted(maps.Keys(accepted))); diff != "" {
		t.Errorf("types whose owner does not matter (-listed +accepted):\n%s", diff)
	}
}
