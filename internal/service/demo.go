package service

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/consolesensei/resource-tracker/internal/config"
)

// demoLife bounds how long filling the demo takes.
const demoLife = 2 * time.Minute

// fillDemo gives a new demo what a service has that is in use: schedules, a scan with its
// billed cost, a plan to look at, one that waits for its hour and one that was carried
// out. It asks the service's own API, and leaves alone what has schedules already.
func (s *Service) fillDemo(ctx context.Context, cfg config.Config) error {
	ctx, cancel := context.WithTimeout(ctx, demoLife)
	defer cancel()
	d := demo{url: s.URL, key: cmp.Or(s.Key, firstKey(cfg.OperatorAPIKeys))}
	if d.key == "" {
		return nil // whoever set keys without an operator's gets an empty demo
	}
	var schedules struct{ Schedules []json.RawMessage }
	if err := d.call(ctx, http.MethodGet, "/schedules?limit=1", nil, &schedules); err != nil || len(schedules.Schedules) > 0 {
		return err
	}
	var nightly struct {
		ID string `json:"schedule_id"`
	}
	if err := d.call(ctx, http.MethodPost, "/schedules", demoScan, &nightly); err != nil {
		return err
	}
	if err := d.call(ctx, http.MethodPost, "/schedules", demoOffice, nil); err != nil {
		return err
	}
	if err := d.call(ctx, http.MethodPost, "/schedules/"+nightly.ID+"/run", nil, nil); err != nil {
		return err
	}
	for _, plan := range demoPlans {
		var planned struct {
			Plan struct {
				ID     string `json:"plan_id"`
				Digest string `json:"digest"`
			}
		}
		if err := d.call(ctx, http.MethodPost, "/plans?wait=60", plan.body, &planned); err != nil {
			return err
		}
		if !plan.apply {
			continue
		}
		apply := values{"digest": planned.Plan.Digest, "after_seconds": plan.after}
		if err := d.call(ctx, http.MethodPost, "/plans/"+planned.Plan.ID+"/apply", apply, nil); err != nil {
			return err
		}
	}
	return nil
}

func firstKey(keys config.Secrets) string {
	for _, key := range keys {
		return key.Reveal()
	}
	return ""
}

// values are a body.
type values = map[string]any

var (
	demoScan = values{
		"name": "every night", "cron": "0 3 * * *", "metrics": true,
		"billed_cost": values{"group_by": []string{"service", "region", "tag:Team"}, "max_paid_calls": 10},
	}
	demoOffice = values{
		"name": "office hours of dev", "off_hours": values{"begin": "0 19 * * 1-5", "end": "0 7 * * 1-5"}, "time_zone": "Europe/Berlin",
		"plan": values{"select": values{"filter": "type:EC2_Instance tag:Environment=dev", "action": "stop"}},
	}
	// What the demo costs and could save does not change by them.
	demoPlans = []struct {
		body  values
		apply bool
		after int // seconds
	}{
		{body: values{"select": values{"filter": "type:EBS_Volume state:available", "action": "delete"}}},
		{body: values{"select": values{"filter": "type:EC2_Instance state:running tag:Environment=test", "action": "stop"}}, apply: true, after: 24 * 3600},
		{
			body:  values{"select": values{"filter": "type:EBS_Volume tag:Team=data", "action": "tag", "params": values{"tags": values{"Reviewed": "2026"}}}},
			apply: true,
		},
	}
)

// demo is a client of the service, for its own use.
type demo struct{ url, key string }

func (d demo) call(ctx context.Context, method, path string, body, answer any) error {
	content, err := json.Marshal(body)
	if err != nil {
		return err
	}
	if body == nil {
		content = nil
	}
	req, err := http.NewRequestWithContext(ctx, method, d.url+"/api/v1"+path, bytes.NewReader(content))
	if err != nil {
		return err
	}
	req.Header.Set("X-API-Key", d.key)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s: %s", method, path, text)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(text, answer)
}
