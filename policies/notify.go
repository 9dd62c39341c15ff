package policies

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// The server's webhooks tell of its own events only, and it has no operation that sends a text. A run
// therefore tells receivers by itself. Their addresses come from the environment of the run: such an address
// is a secret, and a file of policies is none.

// told is how many resources a message names.
const told = 20

// notice is a message in the form json.
type notice struct {
	Policy      string   `json:"policy"`
	Description string   `json:"description,omitempty"`
	JobID       string   `json:"job_id"`
	Matched     int      `json:"matched"`
	MonthlyCost float64  `json:"monthly_cost"`
	CostUnknown int      `json:"cost_unknown"`
	Incomplete  []string `json:"incomplete,omitempty"`
	Resources   []Match  `json:"resources"` // the first of them
}

// notify tells a receiver about what matches, once a run.
func (r *run) notify(ctx context.Context, p *Policy, result *Result) error {
	address, err := r.receiver(p.Notify.URLEnv)
	if err != nil {
		return err
	}
	if !r.Apply {
		result.settle(StatePlanned, "%s would be told", address.Host)
		return nil
	}
	n := notice{
		result.Policy, result.Description, r.job.JobID, result.Matched, result.MonthlyCost, result.CostUnknown, result.Incomplete,
		result.Resources[:min(told, len(result.Resources))],
	}
	b, err := json.Marshal(n.in(p.Notify.Form))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address.String(), bytes.NewReader(b))
	if err != nil {
		return errors.New("the address of the receiver is none")
	}
	req.Header.Set("Content-Type", "application/json")
	h := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if r.HTTP != nil {
		h.Transport = r.HTTP.Transport
	}
	resp, err := h.Do(req)
	if err != nil {
		cause := err
		if e, ok := errors.AsType[*url.Error](err); ok {
			cause = e.Err // without the address, which is a secret
		}
		return fmt.Errorf("tell %s: %w", address.Host, cause)
	}
	_ = resp.Body.Close()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return fmt.Errorf("tell %s: it answers %s", address.Host, resp.Status)
	}
	result.settle(StateApplied, "%s was told", address.Host)
	return nil
}

// receiver is the address in a variable of the environment: https, or http on this machine.
func (r *run) receiver(variable string) (*url.URL, error) {
	text := ""
	if r.Getenv != nil {
		text = r.Getenv(variable)
	}
	if text == "" {
		return nil, fmt.Errorf("%s is not set: it holds the address of the receiver", variable)
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("%s holds no address", variable)
	}
	ip := net.ParseIP(u.Hostname())
	local := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	if u.Scheme != "https" && (u.Scheme != "http" || !local) {
		return nil, fmt.Errorf("%s: an address begins with https", variable)
	}
	return u, nil
}

// in is the message in the form that a receiver understands.
func (n notice) in(form string) any {
	switch form {
	case "slack":
		return map[string]any{"text": n.text()}
	case "teams":
		block := map[string]any{"type": "TextBlock", "text": n.text(), "wrap": true}
		card := map[string]any{"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4", "body": []any{block}}
		return map[string]any{"type": "message", "attachments": []any{map[string]any{"contentType": "application/vnd.microsoft.card.adaptive", "content": card}}}
	}
	return n
}

func (n notice) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Policy %s: %d resources match, $%.2f a month", n.Policy, n.Matched, n.MonthlyCost)
	if n.CostUnknown > 0 {
		fmt.Fprintf(&b, " and %d without a price", n.CostUnknown)
	}
	if n.Description != "" {
		b.WriteString("\n" + n.Description)
	}
	for _, m := range n.Resources {
		fmt.Fprintf(&b, "\n• %s %s in %s (%s)", m.ResourceType, m.ResourceID, m.Region, cmp.Or(m.State, "no state"))
	}
	if more := n.Matched - len(n.Resources); more > 0 {
		fmt.Fprintf(&b, "\nand %d more", more)
	}
	for _, why := range n.Incomplete {
		b.WriteString("\nNot seen: " + why)
	}
	// What tags and names hold must not become a mention or a link.
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(b.String())
}
