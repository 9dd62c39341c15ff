// Ci-gate fails a pipeline, with 5, when findings would save more than MAX_WASTE dollars a
// month, or with 3 when the scan did not see everything.
package main

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"os"
	"strconv"

	client "github.com/consolesensei/resource-tracker/clients/go"
)

func main() {
	code, err := run(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	os.Exit(code)
}

func run(ctx context.Context) (code int, err error) {
	bound, err := strconv.ParseFloat(cmp.Or(os.Getenv("MAX_WASTE"), "100"), 64)
	if err != nil {
		return 0, err
	}
	tracker, err := client.New(os.Getenv("TRACKER_URL"), os.Getenv("TRACKER_API_KEY"))
	if err != nil {
		return 0, err
	}
	accepted, err := tracker.StartScan(ctx, nil, client.ScanBody{Services: []string{"ec2"}})
	if err != nil {
		return 0, err
	}
	job, err := tracker.WaitJob(ctx, accepted.JobID, nil)
	if err != nil {
		return 0, err
	}
	found, err := tracker.ListFindings(ctx, job.JobID, &client.ListFindingsParams{Counted: new(true), Limit: 1})
	if err != nil {
		return 0, err
	}
	if !job.Complete || found.Summary.MonthlySaving == nil {
		fmt.Println("the scan did not see everything:", job.Errors)
		return 3, nil
	}
	fmt.Printf("waste: $%.2f a month; allowed: $%.2f\n", *found.Summary.MonthlySaving, bound)
	if *found.Summary.MonthlySaving > bound {
		return 5, nil
	}
	return 0, nil
}
