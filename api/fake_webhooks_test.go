package api_test

import (
	"context"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// webhooks are what the fake keeps of webhooks.
type webhooks struct {
	list    []tracker.Webhook
	changes []tracker.WebhookChange
	kept    time.Duration
	replays []string
}

const webhookID = "wh_abcdefgh234567"

func (f *fake) AddWebhook(_ context.Context, owner string, ch tracker.WebhookChange) (tracker.Webhook, string, error) {
	f.webhooks.changes = append(f.webhooks.changes, ch)
	if f.err != nil {
		return tracker.Webhook{}, "", f.err
	}
	w := tracker.Webhook{ID: webhookID, Owner: owner, Form: *ch.Form, Events: ch.Events, URL: "https://example.com/…", Enabled: true, CreatedAt: epoch, ChangedAt: epoch}
	f.webhooks.list = append(f.webhooks.list, w)
	return w, "whsec_shown", nil
}

func (f *fake) ChangeWebhook(ctx context.Context, owner, id string, ch tracker.WebhookChange) (tracker.Webhook, error) {
	f.webhooks.changes = append(f.webhooks.changes, ch)
	return f.Webhook(ctx, owner, id)
}

func (f *fake) Webhook(_ context.Context, owner, id string) (tracker.Webhook, error) {
	for _, w := range f.webhooks.list {
		if w.Owner == owner && w.ID == id && f.err == nil {
			return w, nil
		}
	}
	if f.err != nil {
		return tracker.Webhook{}, f.err
	}
	return tracker.Webhook{}, tracker.Errorf(tracker.CodeNotFound, "no webhook")
}

func (f *fake) Webhooks(_ context.Context, owner string) ([]tracker.Webhook, error) {
	var list []tracker.Webhook
	for _, w := range f.webhooks.list {
		if w.Owner == owner {
			list = append(list, w)
		}
	}
	return list, f.err
}

func (f *fake) DeleteWebhook(ctx context.Context, owner, id, _, _ string) error {
	_, err := f.Webhook(ctx, owner, id)
	return err
}

func (f *fake) RotateWebhookSecret(ctx context.Context, owner, id string, keep time.Duration, _, _ string) (tracker.Webhook, string, error) {
	f.webhooks.kept = keep
	w, err := f.Webhook(ctx, owner, id)
	return w, "whsec_new", err
}

func (f *fake) TestWebhook(ctx context.Context, owner, id string) (tracker.Delivery, error) {
	_, err := f.Webhook(ctx, owner, id)
	return tracker.Delivery{ID: "evt_0", Type: "webhook.test", State: tracker.DeliveryPending, CreatedAt: epoch, NextAt: &epoch, Attempts: []tracker.Attempt{}}, err
}

func (f *fake) WebhookDeliveries(ctx context.Context, owner, id, cursor string, limit int) ([]tracker.Delivery, string, error) {
	if cursor == "broken" {
		return nil, "", tracker.Invalid("cursor", "not a cursor that this listing gave out")
	}
	d, err := f.TestWebhook(ctx, owner, id)
	return []tracker.Delivery{d}[:min(limit, 1)], "next", err
}

func (f *fake) ReplayDelivery(ctx context.Context, owner, id, delivery string) (tracker.Delivery, error) {
	f.webhooks.replays = append(f.webhooks.replays, delivery)
	return f.TestWebhook(ctx, owner, id)
}
