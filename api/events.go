package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	eventStream = "text/event-stream"
	// eventGap is the least time between two messages: ten a second.
	eventGap = 100 * time.Millisecond
	// eventPoll is how often the store is asked while nothing happens.
	eventPoll = 200 * time.Millisecond
	// heartbeat keeps proxies from closing a silent stream.
	heartbeat = 15 * time.Second
	// eventBatch is how many events go into one message at most.
	eventBatch = 1000
)

type eventsInput struct {
	ID    string `path:"id" maxLength:"128" doc:"The job"`
	After int64  `query:"after" minimum:"0" doc:"Begin after this event"`
	Last  string `header:"Last-Event-ID" maxLength:"19" pattern:"^[0-9]*$" doc:"The last event that the client has seen. Browsers send it when they reconnect. It wins over after"`
}

// cellsEvent is the cells that have closed since the message before.
type cellsEvent struct {
	Cells []tracker.CellReport `json:"cells"`
}

// doneEvent is the last message.
type doneEvent struct {
	JobID    string           `json:"job_id"`
	State    tracker.JobState `json:"state"`
	Complete bool             `json:"complete"`
}

func (s *Server) registerEvents() {
	register(s, huma.Operation{
		OperationID: "follow-job", Method: http.MethodGet, Path: jobsPath + "/{id}/events", Tags: []string{"scans"},
		Summary: "Follow a job as server-sent events",
		Description: `A message job has the job; it comes on connecting and when the state changes. A message cells has the cells that have
closed since the one before. The message done ends the stream: close it then, or the browser connects again. The id of a message is the number
of its last event; Last-Event-ID or ?after resumes after it. There are at most ten messages a second, and a comment after 15 s of silence.`,
		Responses: map[string]*huma.Response{status(http.StatusOK): answers("The events", map[string]*huma.Schema{eventStream: {
			Type: huma.TypeArray,
			Items: &huma.Schema{OneOf: []*huma.Schema{
				messageSchema("job", schema[JobItem](s)), messageSchema("cells", schema[cellsEvent](s)), messageSchema("done", schema[doneEvent](s)),
			}},
		}})},
	}, s.followJob)
}

func messageSchema(event string, data *huma.Schema) *huma.Schema {
	return identified(event, huma.TypeInteger, data)
}

// identified is the schema of a message whose id is of a type.
func identified(event, id string, data *huma.Schema) *huma.Schema {
	return &huma.Schema{
		Title: event, Type: huma.TypeObject, Required: []string{"event", "data"},
		Properties: map[string]*huma.Schema{
			"id": {Type: id}, "event": {Type: huma.TypeString, Const: event}, "data": data,
		},
	}
}

func (s *Server) followJob(ctx context.Context, in *eventsInput) (*huma.StreamResponse, error) {
	job, err := s.job(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	after := in.After
	if in.Last != "" {
		if after, err = strconv.ParseInt(in.Last, 10, 64); err != nil {
			return nil, invalid(FieldError{"header.Last-Event-ID", "not the number of an event"})
		}
	}
	return s.follow(func(ctx context.Context, f *follower) error { return f.run(ctx, job, after) }), nil
}

// follow streams what run writes.
func (s *Server) follow(run func(context.Context, *follower) error) *huma.StreamResponse {
	return streamed(func(ctx context.Context, w http.ResponseWriter) {
		w.Header().Set("Content-Type", eventStream)
		w.Header().Set("X-Accel-Buffering", "no")
		w.WriteHeader(http.StatusOK)
		f := &follower{s: s, w: w, rc: http.NewResponseController(w)}
		if err := run(ctx, f); err != nil && !errors.Is(err, errClosing) && ctx.Err() == nil {
			// The client connects again and resumes.
			s.Log.WarnContext(ctx, "event stream ended", "request_id", requestID(ctx), "err", err)
		}
	})
}

// follower writes one job's or plan's events to one client.
type follower struct {
	s    *Server
	w    http.ResponseWriter
	rc   *http.ResponseController
	sent time.Time // when the last message was written
	last time.Time // when anything was
}

// errClosing ends the streams of a server that closes.
var errClosing = errors.New("the server is shutting down")

// run ends when the job has, when the client has gone or when the server closes.
func (f *follower) run(ctx context.Context, job tracker.Job, after int64) error {
	if err := f.write("retry: 1000\n\n"); err != nil {
		return err
	}
	if err := f.send(ctx, "job", "", f.s.itemOf(job)); err != nil {
		return err
	}
	for {
		batch, err := f.s.Results.Events(ctx, job.ID, after, eventBatch)
		if err != nil {
			return err
		}
		if len(batch) == 0 {
			if job.State.Terminal() {
				return f.send(ctx, "done", messageID(after), doneEvent{job.ID, job.State, job.Complete()})
			}
			if !f.s.sleep(ctx, eventPoll) {
				return f.goodbye(ctx)
			}
			if time.Since(f.last) < heartbeat {
				continue
			}
			if err := f.write(": heartbeat\n\n"); err != nil {
				return err
			}
			// A look now and then, should the event of the last state be missing.
			if job, err = f.s.job(ctx, job.ID); err != nil {
				return err
			}
			continue
		}
		after = batch[len(batch)-1].ID
		cells, changed := split(batch)
		if len(cells) > 0 {
			if err := f.send(ctx, "cells", messageID(after), cellsEvent{cells}); err != nil {
				return err
			}
		}
		if changed {
			if job, err = f.s.job(ctx, job.ID); err != nil {
				return err
			}
			if err := f.send(ctx, "job", messageID(after), f.s.itemOf(job)); err != nil {
				return err
			}
		}
	}
}

// split separates closed cells from changes of state.
func split(batch []tracker.Event) (cells []tracker.CellReport, changed bool) {
	for _, e := range batch {
		if e.Cell != nil {
			cells = append(cells, *e.Cell)
		}
		changed = changed || e.State != ""
	}
	return cells, changed
}

func messageID(event int64) string {
	if event == 0 {
		return ""
	}
	return strconv.FormatInt(event, 10)
}

// send writes one message, eventGap after the one before.
func (f *follower) send(ctx context.Context, event, id string, data any) error {
	if wait := eventGap - time.Since(f.sent); wait > 0 && !f.s.sleep(ctx, wait) {
		return f.goodbye(ctx)
	}
	b, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("encode event %s: %w", event, err)
	}
	line := ""
	if id != "" {
		line = "id: " + id + "\n"
	}
	f.sent = time.Now()
	return f.write(fmt.Sprintf("%sevent: %s\ndata: %s\n\n", line, event, b))
}

// goodbye tells a client that is still there why its stream ends.
func (f *follower) goodbye(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	// An error here is a client that has gone as well.
	_ = f.write(": " + errClosing.Error() + "\n\n")
	return errClosing
}

func (f *follower) write(s string) error {
	f.last = time.Now()
	if _, err := f.w.Write([]byte(s)); err != nil {
		return err
	}
	return f.rc.Flush()
}
