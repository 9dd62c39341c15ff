package api

import (
	"context"
	"net/http"
	"regexp"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

const webhooksPath = "/api/v1/webhooks"

// Webhooks keeps where events are sent. A webhook of somebody else is CodeNotFound.
type Webhooks interface {
	// AddWebhook makes a webhook, and answers its secret this once.
	AddWebhook(ctx context.Context, owner string, ch tracker.WebhookChange) (w tracker.Webhook, secret string, err error)
	ChangeWebhook(ctx context.Context, owner, id string, ch tracker.WebhookChange) (tracker.Webhook, error)
	Webhook(ctx context.Context, owner, id string) (tracker.Webhook, error)
	// Webhooks lists the owner's webhooks, oldest first. They are few.
	Webhooks(ctx context.Context, owner string) ([]tracker.Webhook, error)
	DeleteWebhook(ctx context.Context, owner, id, who, from string) error
	// RotateWebhookSecret makes a new secret. Those before sign too for as long as keep.
	RotateWebhookSecret(ctx context.Context, owner, id string, keep time.Duration, who, from string) (w tracker.Webhook, secret string, err error)
	TestWebhook(ctx context.Context, owner, id string) (tracker.Delivery, error)
	// WebhookDeliveries lists deliveries to a webhook, newest first.
	WebhookDeliveries(ctx context.Context, owner, id, cursor string, limit int) (deliveries []tracker.Delivery, next string, err error)
	ReplayDelivery(ctx context.Context, owner, id, delivery string) (tracker.Delivery, error)
}

// WebhookBody is a webhook that is to be.
type WebhookBody struct {
	_ struct{} `additionalProperties:"false"`
	WebhookMembers
	Form   string   `json:"form,omitempty" enum:"standard,slack,teams,pagerduty,email" default:"standard" doc:"What the receiver understands: the signed event itself, or a message"`
	Events []string `json:"events" minItems:"1" maxItems:"50" maxLength:"64" doc:"Types of events, such as job.failed, all of a kind such as job.*, or *"`
}

// WebhookPatch is what is to change of a webhook. What is absent stays.
type WebhookPatch struct {
	_ struct{} `additionalProperties:"false"`
	WebhookMembers
	Events []string `json:"events,omitempty" minItems:"1" maxItems:"50" maxLength:"64" doc:"Types of events, in place of those before"`
}

// WebhookMembers are what can be said of a webhook at any time.
type WebhookMembers struct {
	Description *string  `json:"description,omitempty" maxLength:"200" doc:"What people know it by"`
	URL         *string  `json:"url,omitempty" maxLength:"2048" writeOnly:"true" doc:"Where events are sent: https, to a public address. It is kept as a secret, and answered without what follows its first part. The form email takes none, and pagerduty has its own"`
	RoutingKey  *string  `json:"routing_key,omitempty" maxLength:"64" format:"password" writeOnly:"true" doc:"PagerDuty's integration key; needed whenever the URL changes"`
	To          []string `json:"to,omitempty" minItems:"1" maxItems:"10" maxLength:"254" doc:"Addresses that e-mails are sent to"`
	Enabled     *bool    `json:"enabled,omitempty" doc:"Whether events are sent. Enabling a webhook that the server disabled forgets that it failed"`
}

func (m WebhookMembers) change(ctx context.Context, events []string) tracker.WebhookChange {
	return tracker.WebhookChange{
		Description: m.Description, Events: events, URL: m.URL, RoutingKey: m.RoutingKey, To: m.To, Enabled: m.Enabled,
		Who: caller(ctx).Who, From: origin(ctx),
	}
}

// WebhookItem is a webhook as it is answered.
type WebhookItem struct {
	tracker.Webhook
	Links webhookLinks `json:"links"`
}

type webhookLinks struct {
	Self       string `json:"self"`
	Deliveries string `json:"deliveries"`
}

func webhookItemOf(w tracker.Webhook) WebhookItem {
	self := webhooksPath + "/" + w.ID
	return WebhookItem{w, webhookLinks{self, self + "/deliveries"}}
}

type webhookAnswer struct {
	Success bool `json:"success" doc:"Always true"`
	WebhookItem
}

type webhookSecretAnswer struct {
	Success bool `json:"success" doc:"Always true"`
	WebhookItem
	Secret string `json:"secret,omitempty" doc:"What events are signed with, for the receiver to verify them. It is not answered again. Absent for forms that are not signed"`
}

type deliveryAnswer struct {
	Success bool `json:"success" doc:"Always true"`
	tracker.Delivery
}

type webhooksAnswer struct {
	Success  bool          `json:"success" doc:"Always true"`
	Webhooks []WebhookItem `json:"webhooks" doc:"Oldest first: 20 at most"`
}

type deliveriesAnswer struct {
	Success    bool               `json:"success" doc:"Always true"`
	Deliveries []tracker.Delivery `json:"deliveries" doc:"Newest first: of 30 days, and 1,000 at most"`
	Next       string             `json:"next_cursor,omitempty" doc:"Absent on the last page"`
}

// WebhookInput names a webhook.
type WebhookInput struct {
	ID string `path:"id" maxLength:"128" doc:"The webhook"`
}

type (
	addWebhookInput    struct{ Body WebhookBody }
	changeWebhookInput struct {
		WebhookInput
		Body WebhookPatch
	}
	rotateSecretInput struct {
		WebhookInput
		Body *RotateBody `required:"false"`
	}
	deliveriesInput struct {
		WebhookInput
		Cursor string `query:"cursor" maxLength:"128" doc:"next_cursor of the page before"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"100" doc:"The most deliveries of a page"`
	}
	deliveryInput struct {
		WebhookInput
		Delivery string `path:"delivery" maxLength:"128" doc:"The delivery"`
	}
	webhookOutput struct{ Body webhookAnswer }
	secretOutput  struct {
		Location string `header:"Location" doc:"The webhook"`
		Body     webhookSecretAnswer
	}
	deliveryOutput struct{ Body deliveryAnswer }
)

// RotateBody says how the secret before goes.
type RotateBody struct {
	_    struct{} `additionalProperties:"false"`
	Keep *int     `json:"keep_old_seconds,omitempty" minimum:"0" maximum:"604800" doc:"How long the secret before signs too; none is a day, and 0 ends it at once"`
}

const keepOldSecret = 24 * time.Hour

func (s *Server) registerWebhooks() {
	operation := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: webhooksPath + path, Tags: []string{"webhooks"}, Summary: summary}
	}
	register(s, operation("list-webhooks", http.MethodGet, "", "List your webhooks, oldest first"), s.listWebhooks)
	add := operation("add-webhook", http.MethodPost, "", "Have events sent")
	add.Description = `Events are sent as Standard Webhooks (standardwebhooks.com), signed with the secret that this answer shows once, or as messages of
Slack, Teams, PagerDuty or e-mail. A delivery that fails is tried again for a day, under the same webhook-id.`
	add.DefaultStatus, add.Errors = http.StatusCreated, []int{http.StatusConflict}
	register(s, add, s.addWebhook)
	register(s, operation("get-webhook", http.MethodGet, "/{id}", "Read a webhook, and how it fares"), s.getWebhook)
	change := operation("change-webhook", http.MethodPatch, "/{id}", "Change a webhook")
	change.Description, change.Errors = "What is absent stays as it is.", []int{http.StatusConflict}
	register(s, change, s.changeWebhook)
	remove := operation("delete-webhook", http.MethodDelete, "/{id}", "Delete a webhook with its deliveries")
	remove.DefaultStatus = http.StatusNoContent
	register(s, remove, s.deleteWebhook)
	rotate := operation("rotate-webhook-secret", http.MethodPost, "/{id}/secret", "Make a new secret")
	rotate.Description = "The secret before signs too, for a day or as long as the request says, so that receivers can change without missing an event."
	rotate.Errors = []int{http.StatusConflict}
	register(s, rotate, s.rotateWebhook)
	test := operation("test-webhook", http.MethodPost, "/{id}/test", "Send an event of the type webhook.test")
	test.DefaultStatus, test.Errors = http.StatusAccepted, []int{http.StatusConflict}
	register(s, test, s.testWebhook)
	register(s, operation("list-webhook-deliveries", http.MethodGet, "/{id}/deliveries", "List deliveries to a webhook with their attempts, newest first"), s.listDeliveries)
	replay := operation("replay-webhook-delivery", http.MethodPost, "/{id}/deliveries/{delivery}/replay", "Send an event again, under the same webhook-id")
	replay.DefaultStatus, replay.Errors = http.StatusAccepted, []int{http.StatusConflict}
	register(s, replay, s.replayDelivery)
}

var (
	webhookID  = regexp.MustCompile(`^wh_[a-z2-7]{1,64}$`)
	deliveryID = regexp.MustCompile(`^evt_[0-9a-f]{32}$`)
)

// checkIDs answers an ID that cannot be one as what is not found.
func checkIDs(hook string, delivery ...string) error {
	if !webhookID.MatchString(hook) {
		return tracker.Errorf(tracker.CodeNotFound, "no such webhook")
	}
	for _, d := range delivery {
		if !deliveryID.MatchString(d) {
			return tracker.Errorf(tracker.CodeNotFound, "no such delivery")
		}
	}
	return nil
}

func (s *Server) listWebhooks(ctx context.Context, _ *struct{}) (*struct{ Body webhooksAnswer }, error) {
	hooks, err := s.Jobs.Webhooks(ctx, owner(ctx))
	if err != nil {
		return nil, err
	}
	out := webhooksAnswer{Success: true, Webhooks: make([]WebhookItem, len(hooks))}
	for i, w := range hooks {
		out.Webhooks[i] = webhookItemOf(w)
	}
	return &struct{ Body webhooksAnswer }{out}, nil
}

func (s *Server) addWebhook(ctx context.Context, in *addWebhookInput) (*secretOutput, error) {
	ch := in.Body.change(ctx, in.Body.Events)
	form := tracker.WebhookForm(in.Body.Form)
	ch.Form = &form
	w, secret, err := s.Jobs.AddWebhook(ctx, owner(ctx), ch)
	return secretOf(w, secret, located("body.", err))
}

func secretOf(w tracker.Webhook, secret string, err error) (*secretOutput, error) {
	if err != nil {
		return nil, err
	}
	return &secretOutput{webhooksPath + "/" + w.ID, webhookSecretAnswer{true, webhookItemOf(w), secret}}, nil
}

func (s *Server) getWebhook(ctx context.Context, in *WebhookInput) (*webhookOutput, error) {
	if err := checkIDs(in.ID); err != nil {
		return nil, err
	}
	w, err := s.Jobs.Webhook(ctx, owner(ctx), in.ID)
	return webhookOf(w, err)
}

func webhookOf(w tracker.Webhook, err error) (*webhookOutput, error) {
	if err != nil {
		return nil, err
	}
	return &webhookOutput{webhookAnswer{true, webhookItemOf(w)}}, nil
}

func (s *Server) changeWebhook(ctx context.Context, in *changeWebhookInput) (*webhookOutput, error) {
	if err := checkIDs(in.ID); err != nil {
		return nil, err
	}
	w, err := s.Jobs.ChangeWebhook(ctx, owner(ctx), in.ID, in.Body.change(ctx, in.Body.Events))
	return webhookOf(w, located("body.", err))
}

func (s *Server) deleteWebhook(ctx context.Context, in *WebhookInput) (*struct{}, error) {
	if err := checkIDs(in.ID); err != nil {
		return nil, err
	}
	return nil, s.Jobs.DeleteWebhook(ctx, owner(ctx), in.ID, caller(ctx).Who, origin(ctx))
}

func (s *Server) rotateWebhook(ctx context.Context, in *rotateSecretInput) (*secretOutput, error) {
	if err := checkIDs(in.ID); err != nil {
		return nil, err
	}
	keep := keepOldSecret
	if in.Body != nil && in.Body.Keep != nil {
		keep = time.Duration(*in.Body.Keep) * time.Second
	}
	w, secret, err := s.Jobs.RotateWebhookSecret(ctx, owner(ctx), in.ID, keep, caller(ctx).Who, origin(ctx))
	return secretOf(w, secret, err)
}

func (s *Server) testWebhook(ctx context.Context, in *WebhookInput) (*deliveryOutput, error) {
	if err := checkIDs(in.ID); err != nil {
		return nil, err
	}
	d, err := s.Jobs.TestWebhook(ctx, owner(ctx), in.ID)
	return deliveryOf(d, err)
}

func deliveryOf(d tracker.Delivery, err error) (*deliveryOutput, error) {
	if err != nil {
		return nil, err
	}
	return &deliveryOutput{deliveryAnswer{true, d}}, nil
}

func (s *Server) listDeliveries(ctx context.Context, in *deliveriesInput) (*struct{ Body deliveriesAnswer }, error) {
	if err := checkIDs(in.ID); err != nil {
		return nil, err
	}
	deliveries, next, err := s.Jobs.WebhookDeliveries(ctx, owner(ctx), in.ID, in.Cursor, in.Limit)
	if err != nil {
		return nil, located("query.", err)
	}
	return &struct{ Body deliveriesAnswer }{deliveriesAnswer{true, deliveries, next}}, nil
}

func (s *Server) replayDelivery(ctx context.Context, in *deliveryInput) (*deliveryOutput, error) {
	if err := checkIDs(in.ID, in.Delivery); err != nil {
		return nil, err
	}
	d, err := s.Jobs.ReplayDelivery(ctx, owner(ctx), in.ID, in.Delivery)
	return deliveryOf(d, err)
}
