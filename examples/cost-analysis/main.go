// Cost-analysis sums what resources cost a month at list prices, by type and by the tag Team.
package main

import (
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
	for _, group := range []string{"type", "tag:Team"} {
		costs, err := tracker.GetCosts(ctx, job.JobID, &client.GetCostsParams{GroupBy: group})
		if err != nil {
			return err
		}
		fmt.Printf("by %s: $%.0f a month, and %d resources of unknown cost\n", group, costs.EstimatedMonthlyTotal, costs.ResourcesWithUnknownCost)
		for _, g := range costs.Groups[:min(5, len(costs.Groups))] {
			key := "without"
			if g.Key != nil {
				key = *g.Key
			}
			fmt.Printf("  %-20s %10.2f\n", key, g.EstimatedMonthlyTotal)
		}
	}
	return nil
}
