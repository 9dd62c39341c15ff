// Basic-scan scans the account and says what there is, by type, and what could not be seen.
package main

import (
	"context"
	"fmt"
	"log"
	"maps"
	"os"
	"slices"

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
	fmt.Printf("%s: %d resources, about $%.0f a month\n", job.State, job.Summary.TotalResources, job.CostSummary.EstimatedMonthlyTotal)
	for _, kind := range slices.Sorted(maps.Keys(job.Summary.ByType)) {
		fmt.Println(kind, job.Summary.ByType[kind])
	}
	for _, failure := range job.Errors {
		fmt.Println("not seen:", failure.Outcome, failure.Message)
	}
	return nil
}
