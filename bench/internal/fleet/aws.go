package fleet

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/consolesensei/resource-tracker/bench/internal/wire"
	"github.com/consolesensei/resource-tracker/simulator"
)

// AWS answers the lists of an account. Plans may release addresses and reboot instances
// that no list shows: it has any whose ID begins as Address and Instance do.
type AWS struct {
	URL string

	server  *httptest.Server
	lists   http.Handler
	latency time.Duration
	mu      sync.Mutex
	changed map[string]int // how often each resource was changed
}

// Address and Instance return the ID of a resource that plans may change.
func Address(n int) string { return fmt.Sprintf("eipalloc-f%016x", n) }

// Instance is the ID of the instance of a number.
func Instance(n int) string { return fmt.Sprintf("i-f%016x", n) }

// ServeAWS serves an account; a call takes so long.
func ServeAWS(account *simulator.Account, latency time.Duration) *AWS {
	a := &AWS{lists: wire.Handler(account), latency: latency, changed: map[string]int{}}
	a.server = httptest.NewServer(a)
	a.URL = a.server.URL
	return a
}

// Close ends it.
func (a *AWS) Close() {
	a.server.CloseClientConnections()
	a.server.Close()
}

// Changed returns how often each resource was changed.
func (a *AWS) Changed() map[string]int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return maps.Clone(a.changed)
}

func (a *AWS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	time.Sleep(a.latency)
	form, _ := url.ParseQuery(string(body)) // other protocols than EC2's have no such form
	action := form.Get("Action")
	answer := ""
	switch action {
	case "ReleaseAddress":
		if answer = "<return>true</return>"; a.change(form.Get("AllocationId")) > 1 {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, "<Response><Errors><Error><Code>InvalidAllocationID.NotFound</Code><Message>it is released</Message></Error></Errors><RequestID>fleet</RequestID></Response>")
			return
		}
	case "RebootInstances":
		answer = "<return>true</return>"
		a.change(form.Get("InstanceId.1"))
	case "DescribeAddresses":
		answer = a.described(form, "eipalloc-f", "addressesSet", "<item><publicIp>203.0.113.1</publicIp><allocationId>%s</allocationId><domain>vpc</domain></item>", true)
	case "DescribeInstances":
		answer = a.described(form, "i-f", "reservationSet", "<item><reservationId>r-1</reservationId><instancesSet><item><instanceId>%s</instanceId>"+
			"<instanceState><code>16</code><name>running</name></instanceState><instanceType>m5.large</instanceType></item></instancesSet></item>", false)
	}
	if answer == "" {
		a.lists.ServeHTTP(w, r)
		return
	}
	fmt.Fprintf(w, `<%[1]sResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>fleet</requestId>%[2]s</%[1]sResponse>`, action, answer)
}

func (a *AWS) change(id string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.changed[id]++
	return a.changed[id]
}

// described is the answer to a question after resources by their IDs, of which those are
// gone that were changed; it is empty for one that names none.
func (a *AWS) described(form url.Values, prefix, set, item string, gone bool) string {
	var b strings.Builder
	asked := false
	for _, name := range slices.Sorted(maps.Keys(form)) {
		id := form.Get(name)
		if !strings.HasPrefix(id, prefix) {
			continue
		}
		asked = true
		a.mu.Lock()
		if !gone || a.changed[id] == 0 {
			fmt.Fprintf(&b, item, id)
		}
		a.mu.Unlock()
	}
	if !asked {
		return ""
	}
	return "<" + set + ">" + b.String() + "</" + set + ">"
}
