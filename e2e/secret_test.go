package e2e

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// marker is the secret of one scan. Nobody else writes this string.
const marker = "wJalrMARKERsecret/K7MDENG+bPxRfiCYEXAMPLE"

// TestSecretIsNowhere follows one secret key through a scan that finds, fails
// and is refused: nothing that is printed, stored or answered holds it.
func TestSecretIsNowhere(t *testing.T) {
	a := seededAccount(t)
	var held atomic.Bool
	release := make(chan struct{})
	p := newProxy(t, a.url, func(ctx context.Context, c call) fault {
		switch {
		case c.Service == "rds":
			return fault{403, "AccessDenied"}
		case c.Service == "ec2" && c.Action == "DescribeVolumes":
			held.Store(true)
			select {
			case <-release:
			case <-ctx.Done():
			}
		}
		return fault{}
	})
	s := newStack(t, p.url, "LOG_LEVEL=debug")
	c := s.client(apiKey)
	request := with(keys("AKIAE2EMARKER0000000", marker), "session_token", marker+"/token")
	request = with(with(request, "regions", seedRegions[1:2]), "types", seededTypes)

	// Refused requests must not echo what they carried.
	c.do(http.MethodPost, "/api/v1/scan", with(request, "max_workers", 99))
	c.do(http.MethodPost, "/api/v1/scan", with(request, "no_such_field", marker))
	c.do(http.MethodPost, "/api/v1/scan", []any{request})
	c.do(http.MethodPost, "/api/v1/scan", nil, "X-AWS-Secret-Key", marker, "X-AWS-Access-Key", "")
	c.do(http.MethodPost, "/no-such-path?secret_access_key="+"x", request)

	job := c.submit(request)
	eventually(t, time.Minute, "the scan is held", held.Load)
	c.job(job.ID)
	absent(t, "during the scan", s, c)
	close(release)
	if got := c.finished(job.ID); got.State != tracker.JobPartial {
		t.Errorf("the job ended %s: %s", got.State, got.Reason)
	}
	c.coverage(job.ID)
	c.result(job.ID)
	c.ndjson(job.ID)
	c.events(job.ID, "")
	c.do(http.MethodGet, "/api/v1/jobs", nil)
	absent(t, "after the scan", s, c)

	// The keys really were in use: the search above could have found them.
	used := false
	for _, call := range p.seen() {
		used = used || call.Key == "AKIAE2EMARKER0000000"
	}
	if !used {
		t.Error("no call was signed with the marked credentials")
	}
}

// absent looks for the marker in everything that the stack has printed,
// stored and answered, in clear and in the usual encodings.
func absent(t *testing.T, when string, s *stack, c *client) {
	t.Helper()
	places := s.printed()
	places["the API's answers"] = c.answered()
	places["Redis"] = s.dump()
	if !strings.Contains(places["Redis"], "asynq") {
		t.Errorf("%s: the dump of Redis holds no queue: it is not what it should be", when)
	}
	for place, text := range places {
		for how, needle := range encodings(marker) {
			if strings.Contains(text, needle) {
				t.Errorf("%s: the secret is in %s, %s", when, place, how)
			}
		}
	}
}

// encodings are the forms in which a secret could leak. Base64 shows the same
// bytes in three ways, by where they begin; the edges that depend on the
// neighbours are cut off.
func encodings(secret string) map[string]string {
	out := map[string]string{
		"in clear": secret, "as its middle part": secret[8:24], "in hex": hex.EncodeToString([]byte(secret)),
		"URL-escaped": strings.NewReplacer("/", "%2F", "+", "%2B").Replace(secret),
	}
	for shift, name := range []string{"in base64", "in base64, one byte on", "in base64, two bytes on"} {
		text := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + secret))
		out[name] = text[4 : len(text)-4]
	}
	return out
}
