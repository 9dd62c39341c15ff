// Filter lists what a filter selects: volumes that nothing uses. FILTER is another one.
package main

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"os"

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
	filter := cmp.Or(os.Getenv("FILTER"), "type:EBS_Volume state:available")
	for r, err := range tracker.Resources(ctx, job.JobID, &client.ListJobResourcesParams{Filter: filter}) {
		if err != nil {
			return err
		}
		cost := "unknown"
		if r.EstimatedCostMonthly != nil {
			cost = fmt.Sprintf("$%.2f", *r.EstimatedCostMonthly)
		}
		fmt.Println(r.ResourceID, r.Region, r.State, cost)
	}
	return nil
}
