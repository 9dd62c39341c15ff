package jobs_test

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/consolesensei/resource-tracker/internal/sealing"
	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/jobs/webhooks"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/store/redistest"
	"github.com/consolesensei/resource-tracker/tracker"
)

// receiver is a real HTTPS server that verifies what it is sent, as receivers do.
type receiver struct {
	*httptest.Server
	t      *testing.T
	answer func(n int) int // to the nth request, from 1; nil is 200
	hold   func()          // before it answers

	mu       sync.Mutex
	secret   string
	got      []received
	now, top int // requests at once
	came     chan struct{}
}

type received struct {
	ID         string
	Event      tracker.WebhookEvent
	Signatures int
	Bad        error
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{t: t, came: make(chan struct{}, 10000)}
	r.Server = httptest.NewTLSServer(r)
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	r.mu.Lock()
	v, bad := standardwebhooks.NewWebhook(r.secret)
	if bad == nil && r.secret != "" {
		bad = v.Verify(body, req.Header)
	}
	if err != nil {
		bad = err
	}
	got := received{ID: req.Header.Get("webhook-id"), Signatures: len(strings.Fields(req.Header.Get("webhook-signature"))), Bad: bad}
	if err := json.Unmarshal(body, &got.Event); err != nil {
		got.Bad = err
	}
	r.got = append(r.got, got)
	n := len(r.got)
	r.now++
	r.top = max(r.top, r.now)
	r.mu.Unlock()
	r.came <- struct{}{}
	if r.hold != nil {
		r.hold()
	}
	r.mu.Lock()
	r.now--
	r.mu.Unlock()
	if r.answer != nil {
		w.WriteHeader(r.answer(n))
	}
}

func (r *receiver) know(secret string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.secret = secret
}

// wait waits for n more requests, and returns all that came.
func (r *receiver) wait(n int) []received {
	r.t.Helper()
	late := time.After(2 * time.Minute)
	for range n {
		select {
		case <-r.came:
		case <-late:
			r.t.Fatalf("no %d requests came: %+v", n, r.all())
		}
	}
	return r.all()
}

func (r *receiver) all() []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]received{}, r.got...)
}

func (r *receiver) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(r.Certificate())
	return pool
}

// certificate is what signs the receiver's, in PEM.
func (r *receiver) certificate() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: r.Certificate().Raw}))
}

var loopback = webhooks.Guard{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}

// hooked is a system whose workers send events.
type hooked struct {
	*system
	*receiver
	server   *redistest.Server
	identity string
	hooks    *jobs.Client
}

func hook(t *testing.T, so store.Options, o jobs.Options) *hooked {
	t.Helper()
	recipient, identity, err := sealing.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	sealer, err := sealing.NewSealer(recipient)
	if err != nil {
		t.Fatal(err)
	}
	h := &hooked{receiver: newReceiver(t), server: redistest.Start(t), identity: identity}
	keys, err := sealing.NewOpener(identity)
	if err != nil {
		t.Fatal(err)
	}
	if o.Webhooks.Pauses == nil {
		o.Webhooks.Pauses = []time.Duration{time.Millisecond, time.Millisecond, time.Millisecond, time.Millisecond}
	}
	o.Webhooks.Opener, o.Webhooks.Guard, o.Webhooks.Roots = keys, loopback, h.roots()
	rdb := h.server.Client(t)
	h.system = &system{t: t, rdb: rdb, store: store.New(rdb, so), opts: o}
	h.client = jobs.NewClient(jobs.ClientOptions{Store: h.store, Queue: asynq.NewClientFromRedisClient(rdb), Actions: o.Actions})
	h.opts.Store, h.opts.Redis, h.opts.Types, h.opts.Opener = h.store, rdb, types, opener{}
	if h.opts.Open == nil {
		h.opts.Open = func(context.Context, tracker.Credentials) (kernel.Account, error) {
			return &aws{id: "1", regions: []string{"a"}}, nil
		}
	}
	h.hooks = jobs.NewClient(jobs.ClientOptions{Store: h.store, Queue: asynq.NewClientFromRedisClient(rdb), Sealer: sealer, Guard: loopback, Mail: true})
	return h
}

// add makes a webhook of alice's that the receiver verifies.
func (h *hooked) add(events ...string) tracker.Webhook {
	h.system.t.Helper()
	w, secret, err := h.hooks.AddWebhook(h.system.t.Context(), "alice", tracker.WebhookChange{URL: new(h.URL + "/hook/token"), Events: events, Who: "alice", From: "192.0.2.1"})
	h.must(err)
	h.know(secret)
	return w
}

// delivery waits for the newest delivery to a webhook to end.
func (h *hooked) delivery(w tracker.Webhook) tracker.Delivery {
	h.system.t.Helper()
	return h.deliveryAs(w, func(d tracker.Delivery) bool { return d.State != tracker.DeliveryPending })
}

func (h *hooked) deliveryAs(w tracker.Webhook, as func(tracker.Delivery) bool) tracker.Delivery {
	h.system.t.Helper()
	for late := time.Now().Add(time.Minute); ; {
		list, _, err := h.hooks.WebhookDeliveries(h.system.t.Context(), "alice", w.ID, "", 1)
		h.must(err)
		if len(list) > 0 && as(list[0]) {
			return list[0]
		}
		if time.Now().After(late) {
			h.system.t.Fatalf("the delivery is still %+v", list)
		}
		<-time.After(10 * time.Millisecond)
	}
}

// audit returns what alice's audit says happened.
func (h *hooked) audit() (what []string) {
	h.system.t.Helper()
	events, err := store.Audit{Store: h.store}.AuditTrail(h.system.t.Context(), "alice", "", time.Time{}, 100)
	h.must(err)
	for _, e := range events {
		what = append(what, e.What)
	}
	return what
}

// tellUntilDeath is a worker that dies, as kill -9 has it, right before it sends Redis a
// command of which text is a part.
func tellUntilDeath(socket, text, about string) {
	identity, certificate, _ := strings.Cut(about, "|")
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM([]byte(certificate)) {
		fmt.Fprintln(os.Stderr, "no certificate")
		os.Exit(1)
	}
	rdb := redis.NewClient(&redis.Options{Network: "unix", Addr: socket, PoolSize: 100, DisableIdentity: true})
	rdb.AddHook(mortal{text})
	keys, err := sealing.NewOpener(identity)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	w := jobs.NewWorker(jobs.Options{
		Store: store.New(rdb, store.Options{}), Redis: rdb, Types: types, Opener: opener{}, Webhooks: webhooks.Settings{Opener: keys, Guard: loopback, Roots: roots},
		Open: func(context.Context, tracker.Credentials) (kernel.Account, error) {
			return &aws{id: "1", regions: []string{"a"}}, nil
		},
	})
	if err := w.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	select {}
}

// mortal ends the process before a command is sent.
type mortal struct{ text string }

func (m mortal) die(cmds ...redis.Cmder) {
	for _, c := range cmds {
		if strings.Contains(fmt.Sprint(c.Args()), m.text) {
			os.Exit(137)
		}
	}
}

func (m mortal) DialHook(next redis.DialHook) redis.DialHook { return next }

func (m mortal) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error { m.die(cmd); return next(ctx, cmd) }
}

func (m mortal) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error { m.die(cmds...); return next(ctx, cmds) }
}
