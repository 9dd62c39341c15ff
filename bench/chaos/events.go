package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"

	"github.com/consolesensei/resource-tracker/bench/internal/lab"
)

// receiver takes the events of the service, and remembers the IDs of those that tell the
// end of a job or plan.
type receiver struct {
	server *httptest.Server
	mu     sync.Mutex
	ends   map[string]map[string]bool // of a job or plan: IDs of events
}

func newReceiver() *receiver {
	r := &receiver{ends: map[string]map[string]bool{}}
	r.server = httptest.NewServer(r)
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	var event struct {
		Type string `json:"type"`
		Data struct {
			Job  string `json:"job_id"`
			Plan string `json:"plan_id"`
		} `json:"data"`
	}
	if err := json.NewDecoder(req.Body).Decode(&event); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	of := event.Data.Job + event.Data.Plan
	if of == "" || event.Type == "plan.planned" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ends[of] == nil {
		r.ends[of] = map[string]bool{}
	}
	r.ends[of][req.Header.Get("Webhook-Id")] = true
}

func (r *receiver) told(id string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.ends[id])
}

// subscribe has events sent to the receiver.
func (v *victim) subscribe(ctx context.Context) error {
	hook := map[string]any{"url": v.receiver.server.URL, "events": []string{"job.*", "plan.*"}}
	return v.Caller.Do(ctx, http.MethodPost, "/api/v1/webhooks", "hook", hook, nil)
}

// heard says of how many jobs and plans the end was told.
type heard struct{ all, lost, doubled int }

func (h heard) bad() int { return h.lost + h.doubled }

func (h heard) String() string {
	return fmt.Sprintf("events of %d ends: lost: %d, doubled: %d", h.all, h.lost, h.doubled)
}

// checkEvents waits for the event of every job and plan. One that is sent again has the
// same ID, and counts once.
func (v *victim) checkEvents(ctx context.Context) (h heard) {
	for _, s := range slices.Concat(v.traffic.scans, v.traffic.plans) {
		h.all++
		if err := lab.Until(ctx, "the end of "+s.id+" is told", func() bool { return v.receiver.told(s.id) > 0 }); err != nil {
			h.lost++
			fmt.Println(err)
		}
		if n := v.receiver.told(s.id); n > 1 {
			h.doubled++
			fmt.Printf("the end of %s was told %d times\n", s.id, n)
		}
	}
	return h
}
