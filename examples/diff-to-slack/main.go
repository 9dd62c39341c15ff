// Diff-to-slack tells a channel of Slack what has changed in a week: SLACK_WEBHOOK_URL is its incoming
// webhook.
package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"strings"

	client "github.com/consolesensei/resource-tracker/clients/go"
)

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	tracker, err := client.New(os.Getenv("TRACKER_URL"), os.Getenv("TRACKER_API_KEY"))
	if err != nil {
		return err
	}
	since := cmp.Or(os.Getenv("SINCE"), "7d")
	diff, err := tracker.GetDiff(ctx, &client.GetDiffParams{From: since, Limit: 5})
	if err != nil {
		return err
	}
	s := diff.Summary
	lines := []string{fmt.Sprintf("%d resources have changed in %s, $%.0f a month:", s.Added+s.Removed+s.Changed, since, s.CostDifference)}
	if !diff.Complete {
		lines = append(lines, fmt.Sprintf("of %d cells it is not known", diff.Unknown.Cells))
	}
	for _, c := range diff.Changes {
		fields := make([]string, len(c.Fields))
		for i, f := range c.Fields {
			fields[i] = f.Field
		}
		lines = append(lines, fmt.Sprintf("• %s: %s %s in %s %s", c.Change, c.ResourceType, c.ResourceID, c.Region, strings.Join(fields, ", ")))
	}
	text := strings.Join(lines, "\n")
	fmt.Println(text)
	return post(ctx, os.Getenv("SLACK_WEBHOOK_URL"), map[string]string{"text": text})
}

func post(ctx context.Context, url string, message any) error {
	body, err := json.Marshal(message)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("answer of Slack: %s", resp.Status)
	}
	return nil
}
