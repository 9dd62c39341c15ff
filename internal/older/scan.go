package older

import (
	"crypto/rand"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"
)

// mostWorkers is how many workers the API takes. The earlier service took any number.
const mostWorkers = 20

// scan starts a scan and waits for its result. The same scan is asked for again and again
// under one key, each time for as long as one look waits. A scan that ends within the first
// look has its own status. After that the answer is 200, and a line break that JSON allows
// before a document keeps its connection open; what fails then is told by success and error.
func (o *older) scan(w http.ResponseWriter, r *http.Request) {
	body, f, ok := read(r, "access_key_id", "secret_access_key", "max_workers", "regions")
	switch {
	case !ok || f["regions"] != nil && r.URL.Path != "/scan-resources":
		o.next.ServeHTTP(w, r)
		return
	case f != nil:
		body = o.scanBody(f)
	}
	f.demandKeys(r)
	a := newAnswer(w, func(a *answer) bool { return a.status == http.StatusOK })
	key := "older-" + rand.Text()
	wait := "wait=" + strconv.Itoa(int(o.times.Look.Seconds()))
	for begun := time.Now(); ; a.again() {
		asked := time.Now()
		o.ask(a, r, wait, body, key)
		switch {
		case a.passed, r.Context().Err() != nil:
			return
		case a.status == http.StatusAccepted && time.Since(asked) < o.times.Look/2:
			a.header.Set("Retry-After", "5")
			a.fail(http.StatusServiceUnavailable, problem{Error: "the server is shutting down", Details: "The scan goes on: ask for the same scan again.", JobID: a.jobID()})
			return
		case a.status == http.StatusAccepted:
		case a.begun && (a.status == http.StatusTooManyRequests || a.status == http.StatusServiceUnavailable):
			// The scan goes on. Only this look at it is refused.
			if !pause(r, a.header.Get("Retry-After")) {
				return
			}
		default:
			a.refuse()
			return
		}
		if time.Since(begun) >= o.times.Patience {
			a.fail(http.StatusGatewayTimeout, problem{
				Error: "Scan timed out", Details: fmt.Sprintf("It has not ended after %v, and goes on.", o.times.Patience), JobID: a.jobID(),
			})
			return
		}
		if !a.keepAlive() {
			return
		}
	}
}

// scanBody is a request to scan as the API takes it.
func (o *older) scanBody(f fields) []byte {
	f = f.given()
	if n, err := strconv.ParseFloat(string(f["max_workers"]), 64); err == nil && n > mostWorkers && n == math.Trunc(n) {
		f["max_workers"] = fmt.Append(nil, mostWorkers)
	}
	if o.times.Most == 0 || o.times.Most > o.times.Scan {
		f["timeout_seconds"] = fmt.Append(nil, int(o.times.Scan.Seconds()))
	}
	return f.encode()
}

// keepAlive tells the client that there will be an answer, and reports whether it is still
// there.
func (a *answer) keepAlive() bool {
	if !a.begun {
		a.header.Set("Content-Type", "application/json")
		for _, name := range []string{"Location", "Retry-After", "Preference-Applied"} {
			a.header.Del(name)
		}
		a.begin(http.StatusOK)
	}
	if _, err := a.to.Write([]byte("\n")); err != nil {
		return false
	}
	return http.NewResponseController(a.to).Flush() == nil
}

// longestPause is how long a look that is refused waits for the next.
const longestPause = 5 * time.Second

// pause waits for as long as the API asks for, within bounds, and reports whether the
// client is still there.
func pause(r *http.Request, retryAfter string) bool {
	wait := longestPause
	if n, err := strconv.Atoi(retryAfter); err == nil {
		wait = min(time.Duration(n)*time.Second, wait)
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
		return false
	}
}
