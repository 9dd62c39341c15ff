package actions

import (
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/pricing"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/tracker"
)

// dearLooks are types of which a look does not see what they cost, and why: their
// savings are not known.
var dearLooks = map[tracker.Type]string{
	"ECS_Service": "how large its tasks are takes a call of its own",
	"S3_Bucket":   "its size is in CloudWatch",
}

// TestPrices: a look sees all that a price needs, so that a plan knows what a scan
// knows. What is not seen makes the price unknown, and never another.
func TestPrices(t *testing.T) {
	w, book, priced := motoWorld(t), pricing.Embedded(), map[tracker.Type]bool{}
	for _, s := range scenarios {
		a := named(t, s.action)
		if priced[a.Type] || a.creates() {
			continue
		}
		priced[a.Type] = true
		t.Run(string(a.Type), func(t *testing.T) {
			w := &world{T: t, cfg: w.cfg}
			made := s.make(w)
			scanner, ok := scanners.Find(a.Type)
			if !ok {
				t.Fatal("no scanner lists it")
			}
			var scanned *tracker.Resource
			target := scanners.Target{Config: w.cfg, AccountID: motoAccount, Share: scanners.NewShare()}
			err := scanner.Run(t.Context(), target, func(rs ...tracker.Resource) error {
				if i := slices.IndexFunc(rs, func(r tracker.Resource) bool { return r.ID == made.id }); i >= 0 {
					scanned = &rs[i]
				}
				return nil
			})
			if scanned == nil {
				t.Fatalf("the scan does not find %s: %v", made.id, err)
			}
			looked, err := a.look(t.Context(), w.target(newRecorder()), made.id)
			if err != nil {
				t.Fatal(err)
			}
			want, got := book.Cost(*scanned), book.Cost(looked)
			if why := dearLooks[a.Type]; why != "" {
				want.Value = nil
			}
			if diff := gocmp.Diff(want.Value, got.Value); diff != "" {
				t.Errorf("cost (-scan +look): %s\n%s\n%s", diff, want.Reason, got.Reason)
			}
		})
	}
}
