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
	// heartbeat keeps proxies from closing a silent stream.
	heartbeat = 15 * time.Second
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
of its last event; Last-Event-ID or ?after resumes after it. There are at most ten messages a second, and a comment after 15 s of silence.
A tenant follows a number of streams at once; one more is answered 429.`,
		Errors: []int{http.StatusTooManyRequests},
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
	return s.follow(ctx, "job:"+job.ID, s.jobSource(job.Owner, job.ID), eventID(after))
}

// jobSource reads the events of a job.
func (s *Server) jobSource(owner, id string) source {
	return source{
		head: "job", news: "cells", list: "cells",
		lookEvery: heartbeat, // should the event of the last state be missing
		begin: func(ctx context.Context) (string, error) {
			n, err := s.Results.LastEvent(ctx, id)
			return eventID(n), err
		},
		look: func(ctx context.Context) (standing, error) {
			job, err := s.Results.Job(ctx, owner, id)
			if err != nil {
				return standing{}, err
			}
			return stand(string(job.State), job.State.Terminal(), s.itemOf(ctx, job), doneEvent{job.ID, job.State, job.Complete()})
		},
		read: func(ctx context.Context, after string) ([]happening, string, error) {
			n, _ := strconv.ParseInt(after, 10, 64)
			events, err := s.Results.Events(ctx, id, n, eventBatch)
			if err != nil {
				return nil, "", err
			}
			batch := make([]happening, len(events))
			for i, e := range events {
				batch[i] = happening{id: eventID(e.ID), turn: e.State != ""}
				if e.Cell != nil {
					if batch[i].data, err = json.Marshal(e.Cell); err != nil {
						return nil, "", fmt.Errorf("encode event %d: %w", e.ID, err)
					}
				}
				after = batch[i].id
			}
			return batch, after, nil
		},
	}
}

// eventID is the ID of an event's message; 0, before the first, is the empty one.
func eventID(event int64) string {
	if event == 0 {
		return ""
	}
	return strconv.FormatInt(event, 10)
}

// stand encodes how a job or plan stands, and the message that tells of its end.
func stand(state string, terminal bool, now, end any) (standing, error) {
	message, err := json.Marshal(now)
	if err != nil {
		return standing{}, fmt.Errorf("encode event: %w", err)
	}
	done, err := json.Marshal(end)
	return standing{state, terminal, message, done}, err
}

// follow streams what the feed called key reads, from an ID on.
func (s *Server) follow(ctx context.Context, key string, src source, after string) (*huma.StreamResponse, error) {
	leave, err := s.hub.admit(owner(ctx))
	if err != nil {
		return nil, err
	}
	return streamed(func(ctx context.Context, w http.ResponseWriter) {
		defer leave()
		feed, leave := s.hub.join(key, src)
		defer leave()
		w.Header().Set("Content-Type", eventStream)
		w.Header().Set("X-Accel-Buffering", "no")
		w.WriteHeader(http.StatusOK)
		f := &follower{s: s, feed: feed, w: w, rc: http.NewResponseController(w)}
		if err := f.run(ctx, after); err != nil && !errors.Is(err, errClosing) && ctx.Err() == nil {
			// The client connects again and resumes.
			s.Log.WarnContext(ctx, "event stream ended", "request_id", requestID(ctx), "err", err)
		}
	}), nil
}

// follower writes what a feed reads to one client, at the client's pace.
type follower struct {
	s    *Server
	feed *feed
	w    http.ResponseWriter
	rc   *http.ResponseController
	sent time.Time // when the last message was written
	last time.Time // when anything was
}

// errClosing ends the streams of a server that closes.
var errClosing = errors.New("the server is shutting down")

// run ends when the job or plan has, when the client has gone or when the server closes.
func (f *follower) run(ctx context.Context, id string) error {
	if err := f.write([]byte("retry: 1000\n\n")); err != nil {
		return err
	}
	version := 0
	for {
		v := f.feed.after(id)
		var err error
		switch {
		case v.err != nil:
			return v.err
		case v.version == 0:
			err = f.wait(ctx, v.changed)
		case version == 0:
			version = v.version
			err = f.tell(ctx, f.feed.head, "", v.message)
		case v.behind:
			id, err = f.catchUp(ctx, id, v.base)
		case v.to != "":
			id = v.to
			if v.text != nil {
				err = f.send(ctx, v.text)
			}
			if err == nil && v.version != version {
				version = v.version
				err = f.tell(ctx, f.feed.head, id, v.message)
			}
		case v.version != version:
			version = v.version
			err = f.tell(ctx, f.feed.head, id, v.message)
		case v.ended:
			return f.tell(ctx, "done", id, v.done)
		default:
			err = f.wait(ctx, v.changed)
		}
		if err != nil {
			return err
		}
	}
}

// catchUp reads for this client alone what comes after an ID, which is before base. It
// returns the ID that the client has come to.
func (f *follower) catchUp(ctx context.Context, id, base string) (string, error) {
	batch, end, err := f.feed.read(ctx, id)
	if err != nil {
		return id, err
	}
	if end == id { // nothing is kept of what was between
		return base, nil
	}
	if text := f.feed.message(batch, end); text != nil {
		err = f.send(ctx, text)
	}
	return end, err
}

// wait ends when the feed has changed, and keeps the connection alive until then.
func (f *follower) wait(ctx context.Context, changed <-chan struct{}) error {
	t := time.NewTimer(heartbeat - time.Since(f.last))
	defer t.Stop()
	select {
	case <-changed:
		return nil
	case <-t.C:
		return f.write([]byte(": heartbeat\n\n"))
	case <-ctx.Done():
	case <-f.s.done:
	}
	return f.goodbye(ctx)
}

// tell writes one message that is encoded.
func (f *follower) tell(ctx context.Context, event, id string, data []byte) error {
	b := make([]byte, 0, len(data)+64)
	if id != "" {
		b = append(b, "id: "+id+"\n"...)
	}
	b = append(b, "event: "+event+"\ndata: "...)
	b = append(b, data...)
	return f.send(ctx, append(b, "\n\n"...))
}

// send writes one message, eventGap after the one before.
func (f *follower) send(ctx context.Context, message []byte) error {
	if wait := eventGap - time.Since(f.sent); wait > 0 && !f.s.sleep(ctx, wait) {
		return f.goodbye(ctx)
	}
	f.sent = time.Now()
	return f.write(message)
}

// goodbye tells a client that is still there why its stream ends.
func (f *follower) goodbye(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	// An error here is a client that has gone as well.
	_ = f.write([]byte(": " + errClosing.Error() + "\n\n"))
	return errClosing
}

func (f *follower) write(b []byte) error {
	f.last = time.Now()
	if _, err := f.w.Write(b); err != nil {
		return err
	}
	return f.rc.Flush()
}
