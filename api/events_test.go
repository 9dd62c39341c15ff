package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/tracker"
)

// client reads an event stream in memory and notes when each message came.
type client struct {
	mu       sync.Mutex
	header   http.Header
	code     int
	buffer   string
	messages []message
	comments []string
	begun    time.Time
	held     chan struct{} // what Write waits for; nil is nothing
}

type message struct {
	id, event, data string
	at              time.Duration
}

func (c *client) Header() http.Header  { return c.header }
func (c *client) WriteHeader(code int) { c.code = code }
func (c *client) Flush()               {}

func (c *client) Write(b []byte) (int, error) {
	if c.held != nil {
		<-c.held
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.buffer += string(b)
	for {
		block, rest, ok := strings.Cut(c.buffer, "\n\n")
		if !ok {
			return len(b), nil
		}
		c.buffer = rest
		m := message{at: time.Since(c.begun)}
		for line := range strings.Lines(block) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			switch name {
			case "id":
				m.id = value
			case "event":
				m.event = value
			case "data":
				m.data = value
			case "":
				c.comments = append(c.comments, value)
			}
		}
		if m.event != "" {
			c.messages = append(c.messages, m)
		}
	}
}

// hold is a client that reads nothing before it is let go.
func hold(c *client) { c.held = make(chan struct{}) }

// follow connects; the stream has ended when done is closed.
func (d *door) follow(ctx context.Context, query string, headers ...string) (c *client, done chan struct{}) {
	return d.followAs(ctx, nil, query, headers...)
}

func (d *door) followAs(ctx context.Context, as func(*client), query string, headers ...string) (c *client, done chan struct{}) {
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/api/v1/jobs/job-1/events"+query, nil)
	r.Header.Set("X-API-Key", key)
	if len(headers) > 0 {
		r.Header.Set(headers[0], headers[1])
	}
	c, done = &client{header: http.Header{}, begun: time.Now()}, make(chan struct{})
	if as != nil {
		as(c)
	}
	go func() {
		defer close(done)
		d.ServeHTTP(c, r)
	}()
	return c, done
}

func running() *fake {
	f := &fake{}
	f.add(alice, "job-1", tracker.JobRunning)
	return f
}

func cell(i int) *tracker.CellReport {
	return &tracker.CellReport{Cell: tracker.Cell{AccountID: "123456789012", Region: fmt.Sprint("r-", i), Type: "EC2_Instance"}, Outcome: tracker.OutcomeOK}
}

// regions are the cells of all messages, in order.
func (c *client) regions(t *testing.T) (all []string) {
	t.Helper()
	for _, m := range c.messages {
		if m.event != "cells" {
			continue
		}
		var v struct{ Cells []struct{ Region string } }
		if err := json.Unmarshal([]byte(m.data), &v); err != nil {
			t.Fatal(err)
		}
		for _, cell := range v.Cells {
			all = append(all, cell.Region)
		}
	}
	return all
}

func TestEventsAreCoalesced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, running())
		c, done := d.follow(t.Context(), "")
		var want []string
		for i := range 300 {
			want = append(want, fmt.Sprint("r-", i))
			d.fake.happen("job-1", "", cell(i))
			if i%30 == 0 {
				d.fake.happen("job-1", tracker.JobRunning, nil)
			}
			<-time.After(10 * time.Millisecond)
		}
		d.fake.happen("job-1", tracker.JobFinalizing, nil)
		d.fake.happen("job-1", tracker.JobSucceeded, nil)
		<-done

		if diff := cmp.Diff(want, c.regions(t)); diff != "" {
			t.Errorf("cells (-want +got):\n%s", diff)
		}
		for i, m := range c.messages[10:] {
			if gap := m.at - c.messages[i].at; gap < time.Second {
				t.Errorf("11 messages within %s", gap)
			}
		}
		if n := len(c.messages); n > 40 {
			t.Errorf("%d messages in 3 s", n)
		}
		first, last := c.messages[0], c.messages[len(c.messages)-1]
		if first.event != "job" || first.at != 0 || first.id != "" {
			t.Errorf("began with %+v", first)
		}
		if want := `{"job_id":"job-1","state":"succeeded","complete":true}`; last.event != "done" || last.data != want || last.id != "312" {
			t.Errorf("ended with %+v", last)
		}
		if before := c.messages[len(c.messages)-2]; before.event != "job" || !strings.Contains(before.data, `"state":"succeeded"`) {
			t.Errorf("before the end: %+v", before)
		}
		if c.header.Get("X-Accel-Buffering") != "no" || c.header.Get("Content-Type") != "text/event-stream" || c.code != 200 {
			t.Error(c.code, c.header)
		}
	})
}

func TestEventsResume(t *testing.T) {
	for _, tc := range []struct {
		name, query string
		headers     []string
		want        []string
	}{
		{"from the beginning", "", nil, []string{"r-0", "r-1", "r-2", "r-3"}},
		{"after", "?after=2", nil, []string{"r-2", "r-3"}},
		{"Last-Event-ID wins", "?after=1", []string{"Last-Event-ID", "3"}, []string{"r-3"}},
		{"after all cells", "?after=4", nil, nil},
		{"after everything", "?after=5", nil, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := open(t, running())
				for i := range 4 {
					d.fake.happen("job-1", "", cell(i))
				}
				d.fake.happen("job-1", tracker.JobPartial, nil)
				c, done := d.follow(t.Context(), tc.query, tc.headers...)
				<-done
				if diff := cmp.Diff(tc.want, c.regions(t)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				last := c.messages[len(c.messages)-1]
				if c.messages[0].event != "job" || last.event != "done" || last.id != "5" {
					t.Errorf("%+v", c.messages)
				}
			})
		})
	}
}

func TestEventsOfALongJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, running())
		for i := range 2500 {
			d.fake.happen("job-1", "", cell(i))
		}
		d.fake.happen("job-1", tracker.JobSucceeded, nil)
		c, done := d.follow(t.Context(), "")
		<-done
		if got := len(c.regions(t)); got != 2500 || len(c.messages) != 5 {
			t.Errorf("%d cells in %d messages", got, len(c.messages))
		}
	})
}

// However many follow a job, it is read once, and each sees everything.
func TestFollowersShareOneReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, running())
		var clients []*client
		var ends []chan struct{}
		for range 100 {
			c, done := d.follow(t.Context(), "")
			clients, ends = append(clients, c), append(ends, done)
		}
		synctest.Wait()
		var want []string
		for i := range 200 {
			want = append(want, fmt.Sprint("r-", i))
			d.fake.happen("job-1", "", cell(i))
			<-time.After(50 * time.Millisecond)
		}
		d.fake.happen("job-1", tracker.JobSucceeded, nil)
		for i, done := range ends {
			<-done
			if diff := cmp.Diff(want, clients[i].regions(t)); diff != "" {
				t.Fatalf("client %d (-want +got):\n%s", i, diff)
			}
		}
		if d.fake.reads > 110 {
			t.Errorf("the events of 10 s were read %d times for 100 clients", d.fake.reads)
		}
	})
}

// A client that does not read keeps nobody waiting, and misses nothing.
func TestSlowFollowerReadsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, running())
		slow, slowDone := d.followAs(t.Context(), hold, "")
		quick, quickDone := d.follow(t.Context(), "")
		var want []string
		for i := range 5000 {
			want = append(want, fmt.Sprint("r-", i))
			d.fake.happen("job-1", "", cell(i))
			if i%100 == 0 {
				<-time.After(200 * time.Millisecond)
			}
		}
		d.fake.happen("job-1", tracker.JobSucceeded, nil)
		<-quickDone
		close(slow.held)
		<-slowDone
		for name, c := range map[string]*client{"quick": quick, "slow": slow} {
			if diff := cmp.Diff(want, c.regions(t)); diff != "" {
				t.Errorf("the %s client (-want +got):\n%s", name, diff)
			}
			if last := c.messages[len(c.messages)-1]; last.event != "done" || last.id != "5001" {
				t.Errorf("the %s client's last message: %+v", name, last)
			}
		}
	})
}

// A feed that has ended is not joined: the job may have been retried.
func TestRetriedJobIsFollowedAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, running())
		d.fake.happen("job-1", tracker.JobPartial, nil)
		slow, slowDone := d.followAs(t.Context(), hold, "")
		synctest.Wait()
		<-time.After(time.Second)
		d.fake.happen("job-1", tracker.JobRunning, nil)
		again, againDone := d.follow(t.Context(), "")
		<-time.After(time.Second)
		if n := len(again.messages); n != 1 || again.messages[0].event != "job" {
			t.Errorf("%+v", again.messages)
		}
		d.fake.happen("job-1", tracker.JobSucceeded, nil)
		close(slow.held)
		<-slowDone
		<-againDone
		if last := again.messages[len(again.messages)-1]; !strings.Contains(last.data, `"succeeded"`) {
			t.Errorf("%+v", last)
		}
	})
}

func TestStreamsAreCapped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := running()
		f.add(bob, "job-2", tracker.JobRunning)
		d := open(t, f, func(o *api.Options) { o.MaxStreams, o.MaxStreamsEach = 3, 2 })
		const path = "/api/v1/jobs/job-1/events"
		ctx, cancel := context.WithCancel(t.Context())
		_, first := d.follow(ctx, "")
		second, cancelSecond := context.WithCancel(t.Context())
		_, secondDone := d.follow(second, "")
		synctest.Wait()
		refused := func(a answer) {
			t.Helper()
			if a.code != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" {
				t.Errorf("status %d, %v", a.code, a.header)
			}
		}
		refused(d.call(http.MethodGet, path, ""))
		bobs := func() (done chan struct{}) {
			r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/api/v1/jobs/job-2/events", nil)
			r.Header.Set("X-API-Key", other)
			done = make(chan struct{})
			go func() { defer close(done); d.ServeHTTP(httptest.NewRecorder(), r) }()
			synctest.Wait()
			return done
		}
		third := bobs()
		<-bobs() // refused: three are all that the server has
		cancelSecond()
		<-secondDone
		fourth := bobs()
		select {
		case <-fourth:
			t.Error("a place that was left is not given again")
		default:
		}
		cancel()
		<-first
		<-third
		<-fourth
	})
}

func TestSilentStreamsBeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, running())
		ctx, cancel := context.WithCancel(t.Context())
		c, done := d.follow(ctx, "")
		<-time.After(61 * time.Second)
		cancel()
		<-done
		if diff := cmp.Diff([]string{"heartbeat", "heartbeat", "heartbeat", "heartbeat"}, c.comments); diff != "" || len(c.messages) != 1 {
			t.Errorf("%d messages, comments (-want +got):\n%s", len(c.messages), diff)
		}
	})
}

func TestCloseEndsStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, running())
		c, done := d.follow(t.Context(), "")
		synctest.Wait()
		start := time.Now()
		d.Close()
		d.Close()
		<-done
		if diff := cmp.Diff([]string{"the server is shutting down"}, c.comments); diff != "" || time.Since(start) > 0 {
			t.Errorf("after %s (-want +got):\n%s", time.Since(start), diff)
		}
	})
}

// Over a real connection, with a client that takes compressed answers: the
// headers and each message must arrive at once.
func TestEventsOverHTTP(t *testing.T) {
	d := open(t, running())
	srv := httptest.NewServer(d)
	defer srv.Close()
	srv.Config.RegisterOnShutdown(d.Close)
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/api/v1/jobs/job-1/events", nil)
	r.Header.Set("X-API-Key", key)
	r.Header.Set("Accept-Encoding", "gzip, zstd")
	res, err := srv.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Encoding") != "" {
		t.Fatal(res.StatusCode, res.Header)
	}
	lines := bufio.NewScanner(res.Body)
	expect := func(want string) {
		t.Helper()
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), want) {
				return
			}
		}
		t.Fatalf("%q did not come: %v", want, lines.Err())
	}
	expect("event: job")
	d.fake.happen("job-1", "", cell(1))
	expect("event: cells")
	d.fake.happen("job-1", tracker.JobSucceeded, nil)
	expect("event: done")
	if err := srv.Config.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}
