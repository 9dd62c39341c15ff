package client_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	client "github.com/consolesensei/resource-tracker/clients/go"
)

const (
	running = "event: job\ndata: {\"job_id\":\"j\",\"state\":\"running\"}\n\n"
	ended   = "event: job\ndata: {\"job_id\":\"j\",\"state\":\"succeeded\"}\n\n"
	done    = "event: done\ndata: {\"job_id\":\"j\",\"state\":\"succeeded\",\"complete\":true}\n\n"
)

func cell(id, region string) string {
	return "id: " + id + "\nevent: cells\ndata: {\"cells\":[{\"region\":\"" + region + "\"}]}\n\n"
}

// streams are events, and what becomes of the connection after them.
func streams(after http.HandlerFunc, text ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "retry: 1000\r\n\r\n: hello\n\n"+strings.Join(text, ""))
		_ = http.NewResponseController(w).Flush()
		after(w, r)
	}
}

func ends(http.ResponseWriter, *http.Request)      {}
func hangs(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// asked answers the plain request for a job.
func asked(state string) http.HandlerFunc {
	return answer(200, `{"job_id":"j","state":"`+state+`"}`)
}

// told is what Follow tells, in words.
func told(ctx context.Context, tracker *client.Tracker) (events []string, err error) {
	for e, err := range tracker.Follow(ctx, "j") {
		switch {
		case err != nil:
			return events, err
		case e.Job != nil:
			events = append(events, e.Job.State)
		case e.Done != nil:
			events = append(events, "done "+e.Done.State)
		default:
			events = append(events, e.ID+" "+e.Cells[0].Region)
		}
	}
	return events, nil
}

func TestFollow(t *testing.T) {
	whole := []string{"running", "1 eu-west-1", "2 eu-west-2", "succeeded", "done succeeded"}
	for _, c := range []struct {
		name    string
		answers []http.HandlerFunc
		want    []string
		last    []string // Last-Event-ID of the requests for events
	}{
		{"in one connection", []http.HandlerFunc{streams(ends, running, cell("1", "eu-west-1"), cell("2", "eu-west-2"), ended, done)}, whole, []string{""}},
		{"server killed", []http.HandlerFunc{streams(cut, running, cell("1", "eu-west-1")), cut, asked("running"), streams(ends, running, cell("2", "eu-west-2"), ended, done)}, whole, []string{"", "1"}},
		{"silence", []http.HandlerFunc{streams(hangs, running, cell("1", "eu-west-1")), asked("running"), streams(ends, running, cell("2", "eu-west-2"), ended, done)}, whole, []string{"", "1"}},
		{"ended while away", []http.HandlerFunc{streams(cut, running, cell("1", "eu-west-1")), asked("succeeded"), streams(ends, cell("2", "eu-west-2"), ended, done)}, whole, []string{"", "1"}},
		{"no streams", []http.HandlerFunc{answer(429, `{"error":"too many streams"}`), asked("running"), streams(hangs), asked("succeeded")}, []string{"running", "succeeded", "done succeeded"}, []string{"", ""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, c.answers...)
			got, err := told(t.Context(), s.client(t, client.WithSilence(200*time.Millisecond)))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, dropRepeated(got)); diff != "" {
				t.Error(diff)
			}
			last := []string{}
			for _, r := range s.requests() {
				if strings.HasSuffix(r.URL.Path, "/events") {
					last = append(last, r.Header.Get("Last-Event-ID"))
				}
			}
			if diff := cmp.Diff(c.last, last); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// dropRepeated leaves out how a job stands where it is said again after a new connection.
func dropRepeated(events []string) []string {
	kept := []string{}
	for i, e := range events {
		if e != "running" || i == 0 {
			kept = append(kept, e)
		}
	}
	return kept
}

func TestFollowEndsWith(t *testing.T) {
	s := serve(t, answer(404, `{"error":"no such job"}`))
	if _, err := told(t.Context(), s.client(t)); !errors.Is(err, client.ErrNotFound) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	s = serve(t, streams(func(w http.ResponseWriter, r *http.Request) { cancel(); hangs(w, r) }, running))
	if _, err := told(ctx, s.client(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	s = serve(t, streams(hangs, running, running))
	for e, err := range s.client(t).Follow(t.Context(), "j") {
		if err != nil || e.Job == nil {
			t.Errorf("%+v, %v", e, err)
		}
		break // nobody listens any longer: the connection is closed
	}
}

func TestFollowPlan(t *testing.T) {
	plan := "event: plan\ndata: {\"plan_id\":\"p\",\"state\":\"applying\"}\n\n"
	audit := "id: 7-0\nevent: audit\ndata: {\"events\":[{\"what\":\"item.sent\"}]}\n\n"
	s := serve(t, streams(cut, plan, audit), answer(200, `{"plan":{"plan_id":"p","state":"applying"}}`),
		answer(429, ""), answer(200, `{"plan":{"plan_id":"p","state":"succeeded"},"items":[]}`))
	got := []string{}
	for e, err := range s.client(t, client.WithSilence(time.Second)).FollowPlan(t.Context(), "p") {
		switch {
		case err != nil:
			t.Fatal(err)
		case e.Plan != nil:
			got = append(got, e.Plan.State)
		case e.Done != nil:
			got = append(got, "done "+e.Done.State)
		default:
			got = append(got, e.ID+" "+e.Lines[0].What)
		}
	}
	want := []string{"applying", "7-0 item.sent", "succeeded", "done succeeded"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
