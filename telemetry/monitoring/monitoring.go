// Package monitoring is asynqmon, the queue monitor, as a handler that shows no
// secret. The caller decides who may see it.
package monitoring

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/hibiken/asynqmon"
	"github.com/redis/go-redis/v9"
)

// Path is where the handler has to be served: asynqmon writes it into its pages.
const Path = "/monitoring"

// policy is the content policy of these pages only: asynqmon has inline scripts
// and styles. Its link to a font elsewhere is refused, and the pages do without.
const policy = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"connect-src 'self'; font-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

// New returns the monitor of the queues in rdb. The caller closes rdb. A
// read-only monitor changes nothing in the queues.
func New(rdb redis.UniversalClient, readOnly bool) http.Handler {
	mon := asynqmon.New(asynqmon.Options{
		RootPath:         Path,
		RedisConnOpt:     shared{rdb},
		ReadOnly:         readOnly,
		PayloadFormatter: asynqmon.PayloadFormatterFunc(func(_ string, b []byte) string { return show(b) }),
		ResultFormatter:  asynqmon.ResultFormatterFunc(func(_ string, b []byte) string { return hidden(b) }),
	})
	pages := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".map") { // five megabytes for asynqmon's own developers
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Security-Policy", policy)
		mon.ServeHTTP(w, r)
	})
	// A browser sends the operator's password along with requests that another
	// site makes it send. asynqmon has no tokens against that.
	return http.NewCrossOriginProtection().Handler(pages)
}

// shared lends asynqmon a client. Without it asynqmon would dial its own, which
// lacks the settings that some Redis services need.
type shared struct{ redis.UniversalClient }

// MakeRedisClient implements asynq.RedisConnOpt.
func (s shared) MakeRedisClient() any { return s.UniversalClient }

// shown are the members of a payload that may be seen. All others are hidden: a
// payload of an unknown kind may hold anything.
type shown struct {
	Job   string `json:"job_id,omitempty"`
	Unit  string `json:"unit,omitempty"`
	Epoch *int   `json:"epoch,omitempty"`
	Plan  string `json:"plan_id,omitempty"`
	Item  *int   `json:"item,omitempty"`
}

// show returns the part of a payload that may be seen.
func show(payload []byte) string {
	var s shown
	if json.Unmarshal(payload, &s) != nil || s == (shown{}) {
		return hidden(payload)
	}
	text, err := json.Marshal(s)
	if err != nil {
		return hidden(payload)
	}
	return string(text)
}

func hidden(b []byte) string { return fmt.Sprintf("(%d bytes, hidden)", len(b)) }
