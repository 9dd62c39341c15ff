package webhooks

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/hibiken/asynq"

	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Opener reads secrets that were sealed for workers.
type Opener interface {
	OpenSecret(about string, sealed []byte) ([]byte, error)
}

// Settings are what sending events takes. Without an Opener none is sent.
type Settings struct {
	Opener Opener
	Guard  Guard
	Roots  *x509.CertPool // whose certificates receivers may have; nil are the system's
	Mail   *Mail          // nil sends no e-mails
	// BaseURL is how the API is reached from outside; "" leaves links as paths.
	BaseURL string
	// Pauses are those between attempts; nil is Pauses.
	Pauses []time.Duration
}

// Pauses are those between the attempts of a delivery: a good day in all.
var Pauses = []time.Duration{
	5 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 10 * time.Hour,
}

const (
	kindDeliver = "webhook:deliver"
	claimLife   = 2 * attemptTimeout
	// dueAtOnce bounds what one look for due deliveries puts on the queue.
	dueAtOnce = 200
	agent     = "AWS-Resource-Tracker-Webhooks/1"
)

// payload names a delivery.
type payload struct {
	Owner   string `json:"owner"`
	Webhook string `json:"webhook"`
	Event   string `json:"event"`
	Epoch   int    `json:"epoch"`
}

// Valid reports whether it names what it has to.
func (p payload) Valid() bool { return p.Owner != "" && p.Webhook != "" && p.Event != "" }

// Names returns what it names, for traces.
func (p payload) Names() (job, unit string, epoch int) { return p.Event, p.Webhook, p.Epoch }

func (p payload) taskID() string { return fmt.Sprintf("%s:%s:%d", p.Webhook, p.Event, p.Epoch) }

func (p payload) due() store.DueDelivery {
	return store.DueDelivery{DeliveryRef: store.DeliveryRef{Owner: p.Owner, Webhook: p.Webhook, Event: p.Event}, Epoch: p.Epoch}
}

// Worker sends events.
type Worker struct {
	base   kernel.Base
	o      Settings
	sender sender
}

// NewWorker returns a worker that does nothing yet.
func NewWorker(base kernel.Base, o Settings) *Worker {
	if o.Pauses == nil {
		o.Pauses = Pauses
	}
	return &Worker{base, o, newSender(o.Guard, o.Roots)}
}

func (w *Worker) webhooks() store.Webhooks { return store.Webhooks{Store: w.base.Store} }

// Register has mux hand deliveries to the worker.
func (w *Worker) Register(mux *asynq.ServeMux) {
	mux.HandleFunc(kindDeliver, kernel.Handler(w.deliver))
}

// Sweep makes changes whole whose makers died within them.
func (w *Worker) Sweep(ctx context.Context) error { return w.webhooks().SweepWebhooks(ctx) }

// Dispatch puts deliveries on the queue whose time has come, and those anew whose tasks
// are lost.
func (w *Worker) Dispatch(ctx context.Context) error {
	due, err := w.webhooks().DueDeliveries(ctx, dueAtOnce)
	for _, d := range due {
		err = errors.Join(err, w.dispatch(ctx, d))
	}
	return err
}

func (w *Worker) dispatch(ctx context.Context, d store.DueDelivery) error {
	p := payload{d.Owner, d.Webhook, d.Event, d.Epoch}
	shard := w.shard(d.Owner)
	delivery, err := w.base.Deliveries.Of(ctx, kernel.QueueName(tracker.LaneWebhooks, shard), p.taskID())
	if err != nil {
		return err
	}
	switch delivery {
	case kernel.Waiting, kernel.Active:
		return nil
	case kernel.Stuck:
		ok, err := w.webhooks().RenewDelivery(ctx, d)
		if err != nil || !ok {
			return err
		}
		p.Epoch++
	}
	return kernel.Enqueue(ctx, w.base.Queue, kernel.Task{
		ID: p.taskID(), Kind: kindDeliver, Payload: p, Lane: tracker.LaneWebhooks, Shard: shard, Retries: 25, Timeout: 3 * attemptTimeout,
	})
}

// shard is the queue of a tenant.
func (w *Worker) shard(owner string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(owner))
	return int(h.Sum32() % uint32(w.base.Store.Shards()))
}

// deliver makes one attempt.
func (w *Worker) deliver(ctx context.Context, p payload) error {
	d, claimant := p.due(), w.base.ID+":"+p.taskID()
	turn, tries, typ, body, err := w.webhooks().BeginDelivery(ctx, d, claimant, claimLife)
	switch {
	case err != nil:
		return err
	case turn == store.TurnOver:
		return nil
	case turn == store.TurnWait:
		return kernel.Snooze(time.Second + rand.N(4*time.Second))
	}
	hook, err := w.webhooks().Webhook(ctx, p.Owner, p.Webhook)
	if kernel.IgnoreNotFound(err) != nil {
		return err
	}
	began := w.base.Store.Now()
	from := time.Now()
	var a answer
	switch {
	case err != nil:
		a.Error = "the webhook was deleted"
	case !hook.Enabled:
		a.Error = "the webhook is disabled"
	default:
		a = w.attempt(ctx, hook, p.Event, body)
	}
	if ctx.Err() != nil {
		return fmt.Errorf("deliver %s: %w", p.Event, context.Cause(ctx)) // the worker stops: this was no attempt
	}
	out := store.Settled{What: "ok", Next: w.base.Store.Now(), Attempt: tracker.Attempt{
		At: began.UTC(), Status: a.Status, Duration: time.Since(from).Milliseconds(), Error: a.Error, Answer: a.Text,
	}}
	switch {
	case a.ok():
	case err != nil || !hook.Enabled:
		out.What = "drop"
	case a.Status == http.StatusGone:
		out.What, out.Reason = "off", "the receiver answered 410 Gone"
	case tries >= len(w.o.Pauses):
		out.What = "end"
	default:
		out.What, out.Next = "retry", out.Next.Add(max(spread(w.o.Pauses[tries]), a.RetryAfter))
	}
	state, err := w.webhooks().SettleDelivery(ctx, d, claimant, out)
	if err == nil && state == tracker.DeliveryFailed {
		w.base.Log.WarnContext(ctx, "an event was not delivered", "webhook", p.Webhook, "event", p.Event, "type", typ, "reason", a.Error)
	}
	return err
}

// spread moves a pause by a tenth, so that what failed together does not come back
// together.
func spread(d time.Duration) time.Duration {
	return d - d/10 + rand.N(d/5+1)
}

// attempt sends an event to a webhook.
func (w *Worker) attempt(ctx context.Context, hook store.WebhookRecord, id string, body []byte) answer {
	var e tracker.WebhookEvent
	if err := json.Unmarshal(body, &e); err != nil {
		return answer{Error: "the event cannot be read"}
	}
	e = located(e, w.o.BaseURL)
	m := describe(e)
	var t tracker.WebhookTarget
	if hook.Form != tracker.FormEmail {
		text, err := w.open(aboutTarget(hook.Owner, hook.ID), hook.Target)
		if err != nil {
			return answer{Error: err.Error() + ": set the URL anew"}
		}
		if err := json.Unmarshal(text, &t); err != nil {
			return answer{Error: "the URL cannot be read: set it anew"}
		}
	}
	out, err := forms[hook.Form](e, m, t)
	if err != nil {
		return answer{Error: "the event cannot be written in the form " + string(hook.Form)}
	}
	if hook.Form == tracker.FormEmail {
		if w.o.Mail == nil {
			return answer{Error: "this worker has no mail server: SMTP_URL is not set"}
		}
		ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
		defer cancel()
		if err := w.o.Mail.send(ctx, id, hook.To, m.Title, string(out)); err != nil {
			return answer{Error: err.Error()}
		}
		return answer{}
	}
	h := http.Header{"Content-Type": {"application/json"}, "User-Agent": {agent}}
	if hook.Form == tracker.FormStandard {
		var keys [][]byte
		for _, s := range hook.Secrets {
			key, err := w.open(aboutSecret(hook.Owner, hook.ID), s.Sealed)
			if err != nil {
				return answer{Error: err.Error() + ": rotate the secret"}
			}
			keys = append(keys, key)
		}
		sign(h, id, w.base.Store.Now(), out, keys...)
	}
	u, err := w.o.Guard.checkURL(t.URL) // what is allowed may have changed since it was written
	if err != nil {
		return answer{Error: "the URL may not be sent to any more"}
	}
	return w.sender.post(ctx, u, h, out)
}

func (w *Worker) open(about string, sealed []byte) ([]byte, error) {
	if w.o.Opener == nil {
		return nil, errors.New("this worker opens no secrets")
	}
	plain, err := w.o.Opener.OpenSecret(about, sealed)
	if err != nil {
		return nil, errors.New("the secret cannot be opened with the key of this worker")
	}
	return plain, nil
}
