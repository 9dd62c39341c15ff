package older

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"time"
)

// maxKept bounds what is kept of an answer that is not passed on.
const maxKept = 4 << 20

// answer takes what the API answers. It passes on what it is told to, as it comes, and
// keeps the rest.
type answer struct {
	to     http.ResponseWriter
	passes func(*answer) bool
	header http.Header
	// instead is written in place of the first byte that is passed on.
	instead string
	status  int
	passed  bool // it goes to the client
	begun   bool // the client has a status
	kept    bytes.Buffer
}

func newAnswer(to http.ResponseWriter, passes func(*answer) bool) *answer {
	return &answer{to: to, passes: passes, header: http.Header{}}
}

// again forgets what was kept, for the next request to the API.
func (a *answer) again() {
	a.header, a.status = http.Header{}, 0
	a.kept.Reset()
}

// Header implements http.ResponseWriter.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if a.status != 0 || status < http.StatusOK {
		return
	}
	a.status = status
	if a.passed = a.passes(a); a.passed {
		a.begin(status)
	}
}

// begin gives the client a status and the headers that came, unless it has them.
func (a *answer) begin(status int) {
	if a.begun {
		return
	}
	a.begun = true
	maps.Copy(a.to.Header(), a.header)
	if a.instead != "" || !a.passed {
		a.to.Header().Del("Content-Length")
	}
	a.to.WriteHeader(status)
}

// Write implements io.Writer.
func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	if !a.passed {
		if a.kept.Len()+len(p) > maxKept {
			return 0, http.ErrContentLength
		}
		return a.kept.Write(p)
	}
	if a.instead == "" || len(p) == 0 {
		return a.to.Write(p)
	}
	first := a.instead
	a.instead = ""
	if _, err := a.to.Write([]byte(first)); err != nil {
		return 0, err
	}
	n, err := a.to.Write(p[1:])
	return n + 1, err
}

// Flush implements http.Flusher.
func (a *answer) Flush() { _ = a.FlushError() }

// FlushError implements what http.ResponseController asks for.
func (a *answer) FlushError() error {
	if !a.passed {
		return nil
	}
	return http.NewResponseController(a.to).Flush()
}

// SetReadDeadline implements what http.ResponseController asks for. The body of the request
// is read, and its connection outlives this answer.
func (a *answer) SetReadDeadline(time.Time) error { return nil }

// isProblem reports whether the API refuses.
func (a *answer) isProblem() bool {
	return strings.HasPrefix(a.header.Get("Content-Type"), "application/problem+json")
}

// problem is what is taken over from the API's refusals.
type problem struct {
	Success   bool            `json:"success"`
	Error     string          `json:"error"`
	Details   string          `json:"details,omitempty"`
	Docs      string          `json:"docs,omitempty"`
	Errors    json.RawMessage `json:"errors,omitempty"`
	JobID     string          `json:"job_id,omitempty"`
	RequestID string          `json:"request_id,omitempty"`
}

// invalidAction begins the refusal of a verb, which names more of them today.
const invalidAction = "Invalid action. Supported: stop, delete, terminate"

// problem reads what the API refuses with.
func (a *answer) problem() problem {
	var p problem
	if json.Unmarshal(a.kept.Bytes(), &p) != nil || p.Error == "" {
		p = problem{Error: http.StatusText(a.status)}
	}
	if strings.HasPrefix(p.Error, invalidAction) {
		p.Error = invalidAction
	}
	p.Success = false
	return p
}

// jobID is the job that was answered.
func (a *answer) jobID() string {
	var job struct {
		ID string `json:"job_id"`
	}
	_ = json.Unmarshal(a.kept.Bytes(), &job) // what is no answer about a job names none
	return job.ID
}

// refuse answers the refusal that was kept, in the earlier service's form.
func (a *answer) refuse() {
	p := a.problem()
	if a.status == http.StatusUnauthorized && !a.begun {
		a.write(a.status, fields{"error": text(p.Error)}.encode())
		return
	}
	if a.status == http.StatusUnprocessableEntity {
		a.status = http.StatusBadRequest
	}
	a.fail(a.status, p)
}

// fail answers a problem. To a client that has its status already only the body tells.
func (a *answer) fail(status int, p problem) {
	b, err := json.Marshal(p)
	if err != nil {
		panic("a problem cannot be written: " + err.Error())
	}
	a.write(status, b)
}

// write answers a body of our own.
func (a *answer) write(status int, body []byte) {
	a.header.Set("Content-Type", "application/json")
	a.begin(status)
	// An error here is a client that has gone.
	_, _ = a.to.Write(body)
}
