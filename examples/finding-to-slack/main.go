// Finding-to-slack tells a channel of Slack what could be saved: SLACK_WEBHOOK_URL is its incoming
// webhook.
package main

import (
	"bytes"
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
	accepted, err := tracker.StartScan(ctx, nil, client.ScanBody{Services: []string{"ec2"}})
	if err != nil {
		return err
	}
	job, err := tracker.WaitJob(ctx, accepted.JobID, nil)
	if err != nil {
		return err
	}
	found, err := tracker.ListFindings(ctx, job.JobID, &client.ListFindingsParams{Counted: new(true), MinSaving: new(20.0), Limit: 5})
	if err != nil {
		return err
	}
	if found.Summary.MonthlySaving == nil {
		return fmt.Errorf("the findings were not evaluated: %s", found.Summary.Reason)
	}
	lines := []string{fmt.Sprintf("$%.0f a month could be saved, such as:", *found.Summary.MonthlySaving)}
	for _, f := range found.Findings {
		lines = append(lines, fmt.Sprintf("• %s: %s in %s, $%.2f", f.Title, f.ResourceID, f.Region, *f.MonthlySaving))
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
