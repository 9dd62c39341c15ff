// Package webhooks sends events out: to receivers that tenants name, signed, at least
// once, within bounds of where the server may be led to. What is true of a delivery is in
// the Store; a delivery is one task for each attempt, in a lane of its own.
package webhooks

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Sealer makes secrets readable by workers only, for one thing only.
type Sealer interface {
	SealSecret(about string, secret []byte) ([]byte, error)
}

// Client keeps the webhooks of tenants.
type Client struct {
	Store  *store.Store
	Sealer Sealer
	Guard  Guard
	Mail   bool // workers can send e-mails
}

const (
	maxEvents      = 50
	maxTo          = 10
	maxDescription = 200
	maxRoutingKey  = 64
	secretsAtMost  = 3
)

func (c *Client) webhooks() store.Webhooks { return store.Webhooks{Store: c.Store} }

// What secrets of a webhook are sealed for.
func aboutSecret(owner, id string) string { return "webhook secret\x00" + owner + "\x00" + id }
func aboutTarget(owner, id string) string { return "webhook target\x00" + owner + "\x00" + id }

// AddWebhook makes a webhook. The secret that signs is returned this once; forms that are
// not signed have none.
func (c *Client) AddWebhook(ctx context.Context, owner string, ch tracker.WebhookChange) (w tracker.Webhook, secret string, err error) {
	now := c.Store.Now().UTC()
	r := store.WebhookRecord{Webhook: tracker.Webhook{
		ID: "wh_" + strings.ToLower(rand.Text()), Owner: owner, Form: tracker.FormStandard, Enabled: true, CreatedAt: now,
	}}
	if ch.Form != nil {
		r.Form = *ch.Form
	}
	if _, known := forms[r.Form]; !known {
		return w, "", tracker.Invalid("form", "is not a form of webhooks")
	}
	if ch.Events == nil {
		return w, "", tracker.Invalid("events", "is required, such as [\"job.failed\"]")
	}
	if err := c.apply(&r, ch, true); err != nil {
		return w, "", err
	}
	if r.Form == tracker.FormStandard {
		if secret, err = c.addSecret(&r); err != nil {
			return w, "", err
		}
	}
	e := tracker.AuditEvent{Who: ch.Who, From: ch.From, What: "webhook.created", Webhook: r.ID, Detail: string(r.Form) + ": " + strings.Join(r.Events, ", ")}
	if err := c.webhooks().PutWebhook(ctx, r, false, e); err != nil {
		return w, "", err
	}
	return r.Webhook, secret, nil
}

// ChangeWebhook changes a webhook. One that is enabled anew begins with a clean record.
func (c *Client) ChangeWebhook(ctx context.Context, owner, id string, ch tracker.WebhookChange) (tracker.Webhook, error) {
	r, err := c.webhooks().Webhook(ctx, owner, id)
	if err != nil {
		return tracker.Webhook{}, err
	}
	before := r.Webhook
	if err := c.apply(&r, ch, false); err != nil {
		return tracker.Webhook{}, err
	}
	healed := ch.Enabled != nil && *ch.Enabled
	e := tracker.AuditEvent{Who: ch.Who, From: ch.From, What: "webhook.changed", Webhook: id, Detail: changed(before, r.Webhook, ch)}
	if err := c.webhooks().PutWebhook(ctx, r, healed, e); err != nil {
		return tracker.Webhook{}, err
	}
	return c.Webhook(ctx, owner, id)
}

// changed names what a change changes. It holds no value of what is secret.
func changed(before, after tracker.Webhook, ch tracker.WebhookChange) string {
	var names []string
	add := func(name string, differs bool) {
		if differs {
			names = append(names, name)
		}
	}
	add("description", before.Description != after.Description)
	add("events", !slices.Equal(before.Events, after.Events))
	add("url", ch.URL != nil)
	add("routing_key", ch.RoutingKey != nil)
	add("to", !slices.Equal(before.To, after.To))
	add("enabled", before.Enabled != after.Enabled)
	if len(names) == 0 {
		return "nothing differs"
	}
	return strings.Join(names, ", ")
}

// apply makes of a record what a change wants, as far as that is right.
func (c *Client) apply(r *store.WebhookRecord, ch tracker.WebhookChange, isNew bool) error {
	if ch.Description != nil {
		if len(*ch.Description) > maxDescription {
			return tracker.Invalid("description", "is longer than %d bytes", maxDescription)
		}
		r.Description = *ch.Description
	}
	if ch.Events != nil {
		if err := checkEvents(ch.Events); err != nil {
			return err
		}
		r.Events = ch.Events
	}
	if ch.Enabled != nil {
		r.Enabled = *ch.Enabled
	}
	r.ChangedAt = c.Store.Now().UTC()
	if r.Form == tracker.FormEmail {
		return c.applyEmail(r, ch, isNew)
	}
	if ch.To != nil {
		return tracker.Invalid("to", "is for the form email")
	}
	return c.applyTarget(r, ch, isNew)
}

func (c *Client) applyEmail(r *store.WebhookRecord, ch tracker.WebhookChange, isNew bool) error {
	switch {
	case !c.Mail:
		return tracker.Invalid("form", "email needs a mail server: SMTP_URL is not set")
	case ch.URL != nil:
		return tracker.Invalid("url", "is not for the form email: it takes to")
	case ch.RoutingKey != nil:
		return tracker.Invalid("routing_key", "is for the form pagerduty")
	case ch.To == nil && !isNew:
		return nil
	case len(ch.To) == 0 || len(ch.To) > maxTo:
		return tracker.Invalid("to", "names 1 to %d addresses", maxTo)
	}
	for i, text := range ch.To {
		if a, err := mail.ParseAddress(text); err != nil || a.Address != text || a.Name != "" || len(text) > 254 {
			return tracker.Invalid(fmt.Sprintf("to[%d]", i), "is not an address such as ops@example.com")
		}
	}
	r.To = ch.To
	return nil
}

func (c *Client) applyTarget(r *store.WebhookRecord, ch tracker.WebhookChange, isNew bool) error {
	pager := r.Form == tracker.FormPagerDuty
	var t tracker.WebhookTarget
	switch {
	case pager && (isNew || ch.URL != nil || ch.RoutingKey != nil):
		if ch.RoutingKey == nil || *ch.RoutingKey == "" || len(*ch.RoutingKey) > maxRoutingKey {
			return tracker.Invalid("routing_key", "is required, also when the URL changes: nobody here can read the one that is kept")
		}
		t = tracker.WebhookTarget{URL: pagerDutyURL, RoutingKey: *ch.RoutingKey}
		if ch.URL != nil {
			t.URL = *ch.URL
		}
	case ch.RoutingKey != nil:
		return tracker.Invalid("routing_key", "is for the form pagerduty")
	case ch.URL != nil:
		t.URL = *ch.URL
	case isNew:
		return tracker.Invalid("url", "is required")
	default:
		return nil
	}
	u, err := c.Guard.checkURL(t.URL)
	if err != nil {
		return err
	}
	t.URL = u.String()
	text, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("encode a target: %w", err)
	}
	if r.Target, err = c.Sealer.SealSecret(aboutTarget(r.Owner, r.ID), text); err != nil {
		return err
	}
	r.URL = masked(u)
	return nil
}

// checkEvents refuses what names no event.
func checkEvents(patterns []string) error {
	if len(patterns) == 0 || len(patterns) > maxEvents {
		return tracker.Invalid("events", "names 1 to %d types of events", maxEvents)
	}
	for i, p := range patterns {
		if !slices.ContainsFunc(tracker.EventTypes, func(e tracker.EventType) bool { return tracker.MatchesEvent(p, e.Name) }) {
			return tracker.Invalid(fmt.Sprintf("events[%d]", i), "names no type of event, such as job.failed, job.* or *")
		}
	}
	return nil
}

// addSecret gives a webhook a new secret, which is returned this once.
func (c *Client) addSecret(r *store.WebhookRecord) (shown string, err error) {
	key, shown := newSecret()
	sealed, err := c.Sealer.SealSecret(aboutSecret(r.Owner, r.ID), key)
	if err != nil {
		return "", err
	}
	r.Secrets = append([]store.WebhookSecret{{Sealed: sealed}}, r.Secrets...)
	return shown, nil
}

// RotateWebhookSecret gives a webhook a new secret. Those before sign too, for a while.
func (c *Client) RotateWebhookSecret(ctx context.Context, owner, id string, keep time.Duration, who, from string) (w tracker.Webhook, secret string, err error) {
	r, err := c.webhooks().Webhook(ctx, owner, id)
	if err != nil {
		return w, "", err
	}
	if r.Form != tracker.FormStandard {
		return w, "", tracker.Errorf(tracker.CodeConflict, "events of the form %s are not signed: there is no secret", r.Form)
	}
	now := c.Store.Now().UTC()
	until := now.Add(keep)
	for i := range r.Secrets {
		if r.Secrets[i].Until == nil || r.Secrets[i].Until.After(until) {
			r.Secrets[i].Until = &until
		}
	}
	if keep <= 0 {
		r.Secrets = nil
	}
	if secret, err = c.addSecret(&r); err != nil {
		return w, "", err
	}
	r.Secrets = r.Secrets[:min(len(r.Secrets), secretsAtMost)]
	r.ChangedAt = now
	e := tracker.AuditEvent{Who: who, From: from, What: "webhook.secret_rotated", Webhook: id, Detail: "the secret before signs until " + until.Format(time.RFC3339)}
	if err := c.webhooks().PutWebhook(ctx, r, false, e); err != nil {
		return w, "", err
	}
	w, err = c.Webhook(ctx, owner, id)
	return w, secret, err
}

// Webhook returns a webhook.
func (c *Client) Webhook(ctx context.Context, owner, id string) (tracker.Webhook, error) {
	r, err := c.webhooks().Webhook(ctx, owner, id)
	return r.Webhook, err
}

// Webhooks returns the webhooks of a tenant, oldest first.
func (c *Client) Webhooks(ctx context.Context, owner string) ([]tracker.Webhook, error) {
	records, err := c.webhooks().Webhooks(ctx, owner)
	if err != nil {
		return nil, err
	}
	hooks := make([]tracker.Webhook, len(records))
	for i, r := range records {
		hooks[i] = r.Webhook
	}
	return hooks, nil
}

// DeleteWebhook deletes a webhook with its deliveries.
func (c *Client) DeleteWebhook(ctx context.Context, owner, id, who, from string) error {
	r, err := c.webhooks().Webhook(ctx, owner, id)
	if err != nil {
		return err
	}
	return c.webhooks().DeleteWebhook(ctx, r, tracker.AuditEvent{Who: who, From: from, What: "webhook.deleted", Webhook: id})
}

// TestWebhook sends a webhook an event that says that somebody asked for it.
func (c *Client) TestWebhook(ctx context.Context, owner, id string) (tracker.Delivery, error) {
	r, err := c.enabled(ctx, owner, id)
	if err != nil {
		return tracker.Delivery{}, err
	}
	body, err := json.Marshal(tracker.WebhookEvent{
		Type: tracker.EventTest.Name, Timestamp: c.Store.Now().UTC(), Data: tracker.EventData{WebhookID: r.ID, Links: map[string]string{"webhook": "/api/v1/webhooks/" + r.ID}},
	})
	if err != nil {
		return tracker.Delivery{}, fmt.Errorf("encode a test: %w", err)
	}
	ref := store.DeliveryRef{Owner: owner, Webhook: id, Event: store.EventID("test", rand.Text())}
	if err := c.webhooks().AddDelivery(ctx, ref, tracker.EventTest.Name, body); err != nil {
		return tracker.Delivery{}, err
	}
	return c.webhooks().Delivery(ctx, ref)
}

func (c *Client) enabled(ctx context.Context, owner, id string) (store.WebhookRecord, error) {
	r, err := c.webhooks().Webhook(ctx, owner, id)
	if err == nil && !r.Enabled {
		return r, tracker.Errorf(tracker.CodeConflict, "the webhook is disabled: enable it first")
	}
	return r, err
}

// WebhookDeliveries returns deliveries to a webhook, newest first.
func (c *Client) WebhookDeliveries(ctx context.Context, owner, id, cursor string, limit int) ([]tracker.Delivery, string, error) {
	if _, err := c.webhooks().Webhook(ctx, owner, id); err != nil {
		return nil, "", err
	}
	return c.webhooks().Deliveries(ctx, owner, id, cursor, limit)
}

// ReplayDelivery sends an event again, under the same ID.
func (c *Client) ReplayDelivery(ctx context.Context, owner, id, delivery string) (tracker.Delivery, error) {
	if _, err := c.enabled(ctx, owner, id); err != nil {
		return tracker.Delivery{}, err
	}
	ref := store.DeliveryRef{Owner: owner, Webhook: id, Event: delivery}
	if err := c.webhooks().ReplayDelivery(ctx, ref); err != nil {
		return tracker.Delivery{}, err
	}
	return c.webhooks().Delivery(ctx, ref)
}
