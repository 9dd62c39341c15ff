package client

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"net/http"
	"strings"
	"time"
)

const (
	// streamSilence is how long a stream may say nothing: the server sends a comment every 15 seconds.
	streamSilence = 40 * time.Second
	// longestLine bounds the memory that a stream can take.
	longestLine = 16 << 20
)

// message is one of the server's events.
type message struct {
	id, event string
	data      []byte
}

// stream is the events of a job or a plan.
type stream struct {
	t     *Tracker
	path  string                  // of the job or plan
	head  string                  // the name of messages that tell how it stands
	ended func(state string) bool // whether a state is the last
}

// messages reads the stream until the message done, over as many connections as it takes. Between two
// connections it asks how the job or plan stands: that waits for the server to come back, and ends the following
// of what has ended where streams tell nothing of it.
func (s stream) messages(ctx context.Context, after string) iter.Seq2[message, error] {
	return func(yield func(message, error) bool) {
		var told []byte // how it stands, as it was told last
		tell := func(m message) bool {
			if m.id != "" {
				after = m.id
			}
			if m.event == s.head {
				if bytes.Equal(m.data, told) {
					return true
				}
				told = m.data
			}
			return yield(m, nil)
		}
		for last := false; ; {
			end, heard, err := s.connect(ctx, after, tell)
			if end {
				return
			}
			e, refused := errors.AsType[*Error](err)
			if refused && !passing(e) {
				yield(message{}, e)
				return
			}
			pause := s.t.silence / 80
			if refused || err == errSilent && !heard { // streams may tell nothing at all
				pause = s.t.silence / 10
			}
			if !sleep(ctx, pause) {
				yield(message{}, ctx.Err())
				return
			}
			now, ended, err := s.look(ctx)
			if err != nil {
				yield(message{}, err)
				return
			}
			if ended && (last || !heard) {
				_ = tell(now) && yield(message{event: "done", data: now.data}, nil)
				return
			}
			if last = ended; !ended && !tell(now) {
				return
			}
		}
	}
}

// look asks how the job or plan stands, and whether it has ended.
func (s stream) look(ctx context.Context) (message, bool, error) {
	answer, err := call[json.RawMessage](ctx, s.t, request{method: http.MethodGet, path: s.path, patience: longPatience})
	if err != nil {
		return message{}, false, err
	}
	var standing struct {
		State string
		Plan  json.RawMessage
	}
	if err := json.Unmarshal(*answer, &standing); err != nil {
		return message{}, false, err
	}
	data := []byte(*answer)
	if standing.Plan != nil {
		data = standing.Plan
		if err := json.Unmarshal(data, &standing); err != nil {
			return message{}, false, err
		}
	}
	return message{event: s.head, data: data}, s.ended(standing.State), nil
}

// connect reads one connection. It tells whether the following is over, by the message done or because
// nobody listens, and whether there was any message.
func (s stream) connect(ctx context.Context, after string, tell func(message) bool) (over, heard bool, err error) {
	r := request{method: http.MethodGet, path: s.path + "/events", accept: "text/event-stream"}
	if after != "" {
		r.header("Last-Event-ID", after)
	}
	body, err := s.t.open(ctx, r, s.t.silence)
	if err != nil {
		return false, false, err
	}
	defer body.Close()
	for m, err := range parsed(body) {
		if err != nil {
			return false, heard, err
		}
		heard = true
		if !tell(m) || m.event == "done" {
			return true, true, nil
		}
	}
	return false, heard, nil
}

// parsed are the messages of a text/event-stream.
func parsed(body io.Reader) iter.Seq2[message, error] {
	return func(yield func(message, error) bool) {
		lines := bufio.NewScanner(body)
		lines.Buffer(nil, longestLine)
		var m message
		for lines.Scan() {
			name, value, _ := strings.Cut(lines.Text(), ":")
			value = strings.TrimPrefix(value, " ")
			switch {
			case lines.Text() == "":
				if len(m.data) > 0 && !yield(m, nil) {
					return
				}
				m = message{}
			case name == "id":
				m.id = value
			case name == "event":
				m.event = value
			case name == "data" && m.data != nil:
				m.data = append(append(m.data, '\n'), value...)
			case name == "data":
				m.data = []byte(value)
			}
		}
		if err := lines.Err(); err != nil {
			yield(message{}, err)
		}
	}
}
