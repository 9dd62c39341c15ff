package wire_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/bench/internal/wire"
	"github.com/consolesensei/resource-tracker/cloud"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/tracker"
)

var keys = tracker.Credentials{AccessKeyID: "AKIA", SecretAccessKey: "secret"}

// entered serves a handler and returns a way into it, with so many attempts a call.
func entered(t *testing.T, h http.Handler, attempts int) (url string, in func(tracker.Credentials) *cloud.Session) {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	c, err := cloud.New(t.Context(), cloud.Options{EndpointURL: server.URL, MaxAttempts: attempts})
	if err != nil {
		t.Fatal(err)
	}
	return server.URL, func(creds tracker.Credentials) *cloud.Session {
		s, err := c.Session(t.Context(), creds)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

// TestOrganization: every account is reached through its role, and its scanners find
// what Count says.
func TestOrganization(t *testing.T) {
	t.Parallel()
	o := wire.Organization{Accounts: 45, Regions: []string{"eu-west-1", "us-east-1"}, Most: 4}
	// The SDK closes the body of a request when the answer comes. An answer within the same microseconds
	// makes net/http break the connection; the SDK counts that as a fault of the network and tries again.
	_, in := entered(t, wire.OrganizationHandler(o), 3)
	ids, err := in(keys).Organization(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(ids) != o.Accounts || ids[0] != o.ID(0) || ids[44] != o.ID(44) {
		t.Fatalf("%d accounts: %v", len(ids), ids)
	}
	found, held := map[tracker.Type]int{}, map[tracker.Type]int{}
	for _, id := range ids[:3] {
		creds := keys
		creds.RoleARN = "arn:aws:iam::" + id + ":role/audit"
		session := in(creds)
		if who, err := session.Identity(t.Context()); err != nil || who != id {
			t.Fatalf("the role of %s leads to %s: %v", id, who, err)
		}
		regions, err := session.Regions(t.Context())
		if diff := cmp.Diff(o.Regions, regions); diff != "" || err != nil {
			t.Fatal(diff, err)
		}
		share := scanners.NewShare()
		for _, typ := range wire.Types() {
			s, _ := scanners.Find(typ)
			for _, region := range append(slices.Clone(o.Regions), tracker.Global) {
				held[typ] += o.Member(id).Count(typ, region)
				if s.Global != (region == tracker.Global) {
					continue
				}
				target := scanners.Target{Config: session.Config(region), AccountID: id, Types: wire.Types(), NoListeners: true, Share: share}
				if err := s.Run(t.Context(), target, func(rs ...tracker.Resource) error { found[typ] += len(rs); return nil }); err != nil {
					t.Errorf("%s in %s: %v", typ, region, err)
				}
			}
		}
	}
	if diff := cmp.Diff(held, found); diff != "" {
		t.Error("held and found:", diff)
	}
}

// TestFront: a call that is made twice is one distinct call, and what is over the quota of
// an operation is refused.
func TestFront(t *testing.T) {
	t.Parallel()
	o := wire.Organization{Accounts: 2, Regions: []string{"eu-west-1"}, Most: 1}
	const latency = 20 * time.Millisecond
	url, in := entered(t, &wire.Front{Next: wire.OrganizationHandler(o), Latency: latency, PerSecond: 0.001, Burst: 2}, 1)
	session, began := in(keys), time.Now()
	for range 2 {
		if _, err := session.Verify(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(began); took < 2*latency {
		t.Errorf("two calls took %v", took)
	}
	_, err := session.Verify(t.Context())
	if err == nil || session.Explain(err, "").Outcome != tracker.OutcomeThrottled {
		t.Errorf("the call over the quota: %v", err)
	}
	if _, err := session.Organization(t.Context()); err != nil {
		t.Errorf("another operation has a quota of its own: %v", err)
	}
	want := wire.Tally{Calls: map[string]int{"sts:GetCallerIdentity": 3, "organizations:ListAccounts": 1}, All: 4, Distinct: 2, Throttled: 1}
	if diff := cmp.Diff(want, tally(t.Context(), t, url)); diff != "" {
		t.Error(diff)
	}
}

func tally(ctx context.Context, t *testing.T, url string) (got wire.Tally) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+wire.TallyPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	return got
}
