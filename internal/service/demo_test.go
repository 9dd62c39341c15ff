package service

import (
	"bytes"
	"context"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/config"
	"github.com/consolesensei/resource-tracker/internal/parts"
)

// TestDemoHasItsExamples: the demo has a past also where a second person has to approve its plans.
func TestDemoHasItsExamples(t *testing.T) {
	for name, settings := range map[string]map[string]string{"by one person": nil, "approved by another": {"ACTIONS_REQUIRE_APPROVAL": "true"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tracker, log := demoOf(t, settings)
			approved := settings != nil
			want := map[string]string{"delete": "planned", "stop": "scheduled", "tag": "succeeded"}
			got := map[string]string{}
			for until := time.Now().Add(demoLife); !maps.Equal(got, want) && time.Now().Before(until) && log.String() == ""; time.Sleep(100 * time.Millisecond) {
				plans, err := tracker.ListPlans(t.Context(), nil)
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range plans.Plans {
					got[p.Request.Select.Action] = p.State
					if done := p.State != "planned" && p.State != "planning"; done && (p.Approval.By != "") != approved || p.Approval.Required != approved {
						t.Fatalf("%s, %s: approval %+v", p.Request.Select.Action, p.State, p.Approval)
					}
				}
			}
			if diff := cmp.Diff(want, got); diff != "" || log.String() != "" {
				t.Errorf("plans (-want +got):\n%s\n%s", diff, log)
			}
			schedules, err := tracker.ListSchedules(t.Context(), nil)
			if err != nil || len(schedules.Schedules) != 2 {
				t.Error(schedules, err)
			}
			// Nobody keeps a key that was made for the examples.
			for until := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
				keys, err := tracker.ListKeys(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if len(keys.Keys) == 0 {
					break
				}
				if time.Now().After(until) {
					t.Fatalf("%+v", keys.Keys)
				}
			}
		})
	}
}

// TestDemoNamesWhatItLacks: an example that cannot be does not take the others along.
func TestDemoNamesWhatItLacks(t *testing.T) {
	t.Parallel()
	tracker, log := demoOf(t, map[string]string{"ACTION_MAX_ITEMS": "1", "ACTIONS_REQUIRE_APPROVAL": "true"})
	for until := time.Now().Add(time.Minute); log.String() == ""; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("nothing was said")
		}
	}
	if said := log.String(); !strings.Contains(said, "lacks some of its examples") || !strings.Contains(said, "the plan to stop type:EC2_Instance state:running tag:Environment=test") {
		t.Error(said)
	}
	plans, err := tracker.ListPlans(t.Context(), nil)
	if err != nil || len(plans.Plans) != 3 {
		t.Error(plans, err)
	}
}

// demoOf is a demo that runs, and what it logs as an error.
func demoOf(t *testing.T, more map[string]string) (*client.Tracker, *buffer) {
	t.Helper()
	settings := map[string]string{"HOST": "127.0.0.1", "PORT": "0", "DATA_DIR": t.TempDir(), "QUOTAS": "requests=0,address.requests=0"}
	maps.Copy(settings, more)
	cfg, err := config.Load(func(name string) string { return settings[name] }, config.API)
	if err != nil {
		t.Fatal(err)
	}
	log := new(buffer)
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	s, err := Start(ctx, Options{
		Config: cfg, Demo: parts.Demo{On: true}, Getenv: func(string) string { return "" }, Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	if err != nil {
		stop()
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Wait(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	tracker, err := client.New(s.URL, s.Key)
	if err != nil {
		t.Fatal(err)
	}
	return tracker, log
}

// buffer is a log that is written and read at once.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(slices.Clone(p))
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
