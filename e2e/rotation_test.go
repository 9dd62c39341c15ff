package e2e

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestSecretsAreRotatedUnderLoad changes every secret of a service of two APIs and two
// workers while requests come and scans run: no request is refused, no scan is lost, and
// no event arrives whose signature does not verify.
func TestSecretsAreRotatedUnderLoad(t *testing.T) {
	t.Parallel()
	a := seededAccount(t)
	const before, after = "a secret of before, of thirty-two bytes", "a secret of after, of thirty-two bytes.."
	s := newStack(t, a.url, "SECRET_KEY="+before, "WEBHOOK_ALLOW=127.0.0.0/8", "SHUTDOWN_GRACE_SECONDS=20")
	port := freePort()
	env := append(append([]string{}, s.env...), "PORT="+strconv.Itoa(port))
	second := start(t, env, t.TempDir(), filepath.Join(bin, "api"))
	if err := second.answers(localURL(port)+"/ready", 30*time.Second); err != nil {
		t.Fatal(err)
	}
	l := &load{t: t, urls: []string{s.url, localURL(port)}}
	admin := s.client(operatorKey)
	made := post[struct {
		Secret string `json:"api_key"`
		Key    tracker.APIKey
	}](admin, "/api/v1/keys", map[string]any{"name": "rotated", "grants": []map[string]any{{"role": "operator"}}})
	l.key.Store(&made.Secret)
	token := func(secret string) string {
		t.Helper()
		signed, err := api.MintToken(secret, "alice", time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		return signed
	}
	old := token(before)
	l.token.Store(&old)
	r := newReceiver(t)
	hook := post[struct {
		ID     string `json:"webhook_id"`
		Secret string `json:"secret"`
	}](admin, "/api/v1/webhooks", map[string]any{"url": r.url, "events": []string{"job.*"}})
	r.secret.Store(&hook.Secret)
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	for range 3 {
		running.Go(func() {
			for ctx.Err() == nil {
				l.turn(ctx)
			}
		})
	}
	enough := func(what string) {
		t.Helper()
		from := l.scans.Load()
		eventually(t, 2*time.Minute, "scans go on after "+what, func() bool { return l.scans.Load() >= from+3 })
	}
	enough("the start")

	rotated := post[struct {
		Secret string `json:"api_key"`
	}](admin, "/api/v1/keys/"+made.Key.ID+"/rotate?overlap_seconds=600", nil)
	enough("the key's rotation")
	l.key.Store(&rotated.Secret)
	enough("the caller's change")

	renewed := post[struct {
		Secret string `json:"secret"`
	}](admin, "/api/v1/webhooks/"+hook.ID+"/secret", nil)
	enough("the webhook's rotation")
	r.secret.Store(&renewed.Secret)
	enough("the receiver's change")

	// The workers first take seals of both keys, then the APIs seal to the new one, and
	// sign with the new secret, one after the other.
	keys := s.keygen()
	identity, _ := strings.CutPrefix(s.identity, "CREDENTIALS_IDENTITY=")
	s.identity = "CREDENTIALS_IDENTITY=" + setting(keys, "CREDENTIALS_IDENTITY") + "," + identity
	for _, w := range s.workers {
		w.stop()
		s.startWorker()
	}
	enough("the workers' change")
	changed := []string{"SECRET_KEY=" + after, "OLD_SECRET_KEY=" + before, "CREDENTIALS_RECIPIENT=" + setting(keys, "CREDENTIALS_RECIPIENT")}
	second.stop()
	second = start(t, append(env, changed...), t.TempDir(), filepath.Join(bin, "api"))
	if err := second.answers(localURL(port)+"/ready", 30*time.Second); err != nil {
		t.Fatal(err)
	}
	s.env = append(s.env, changed...)
	s.api.stop()
	s.startAPI()
	enough("the APIs' change")
	fresh := token(after)
	l.token.Store(&fresh)
	enough("the new tokens")
	stop()
	running.Wait()
	t.Logf("%d requests and %d scans went on, %d events arrived; %d requests went to the other API while one was away",
		l.requests.Load(), l.scans.Load(), r.events.Load(), l.moved.Load())
	if r.events.Load() == 0 {
		t.Error("no event arrived")
	}
}

// load calls the APIs as callers behind a load balancer do.
type load struct {
	t                      *testing.T
	urls                   []string
	key, token             atomic.Pointer[string]
	requests, scans, moved atomic.Int64
}

// turn makes one scan, with the key, and reads it to its end, with the token.
func (l *load) turn(ctx context.Context) {
	body := fmt.Sprintf(`{"access_key_id":"AKIAE2EVALID00000000","secret_access_key":"x","types":["EBS_Volume"],"regions":[%q],"single_flight":false}`, seedRegions[0])
	var job tracker.Job
	if !l.call(ctx, http.MethodPost, "/api/v1/scan", body, "X-API-Key", *l.key.Load(), http.StatusAccepted, &job) {
		return
	}
	for ctx.Err() == nil {
		id := job.ID
		if !l.call(ctx, http.MethodGet, "/api/v1/jobs/"+id, "", "Authorization", "Bearer "+*l.token.Load(), http.StatusOK, &job) {
			return
		}
		if job.State.Terminal() {
			break
		}
		pause := time.NewTimer(100 * time.Millisecond)
		<-pause.C
	}
	if ctx.Err() == nil && job.State != tracker.JobSucceeded {
		l.t.Errorf("a scan ended %s: %s", job.State, job.Reason)
	}
	l.scans.Add(1)
}

// call asks one API, and the other where that one does not take the connection.
func (l *load) call(ctx context.Context, method, path, body, header, value string, want int, into any) bool {
	n := l.requests.Add(1)
	for try := range int64(20) {
		req, err := http.NewRequestWithContext(ctx, method, l.urls[(n+try)%2]+path, strings.NewReader(body))
		if err != nil {
			l.t.Error(err)
			return false
		}
		req.Header.Set(header, value)
		req.Header.Set("Content-Type", "application/json")
		if body != "" {
			req.Header.Set("Idempotency-Key", fmt.Sprintf("rotation-%d", n))
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			if ctx.Err() != nil {
				return false
			}
			l.moved.Add(1)
			continue
		}
		b, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err == nil && resp.StatusCode == want {
			err = json.Unmarshal(b, into)
		} else if err == nil {
			err = errors.New(resp.Status + " " + string(b))
		}
		if err != nil && ctx.Err() == nil {
			l.t.Errorf("%s %s: %v", method, path, err)
		}
		return err == nil
	}
	l.t.Errorf("%s %s: neither API takes a connection", method, path)
	return false
}

// receiver takes events and verifies them.
type receiver struct {
	url    string
	secret atomic.Pointer[string]
	events atomic.Int64
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			t.Errorf("read an event: %v", err)
		}
		secret := r.secret.Load()
		if secret == nil {
			return
		}
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(*secret, "whsec_"))
		if err != nil {
			t.Errorf("the secret: %v", err)
		}
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "%s.%s.%s", req.Header.Get("webhook-id"), req.Header.Get("webhook-timestamp"), bytes.TrimSpace(body))
		want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
		if !strings.Contains(" "+req.Header.Get("webhook-signature")+" ", " "+want+" ") {
			t.Errorf("the event %s is not signed with the secret of the receiver", req.Header.Get("webhook-id"))
		}
		r.events.Add(1)
	}))
	t.Cleanup(server.Close)
	r.url = server.URL
	return r
}

// post posts a body and reads the answer.
func post[T any](c *client, path string, body any) T {
	c.t.Helper()
	a := c.do(http.MethodPost, path, body)
	var v T
	if err := json.Unmarshal(a.body, &v); err != nil || a.status/100 != 2 {
		c.t.Fatalf("POST %s: status %d: %s", path, a.status, a.body)
	}
	return v
}
