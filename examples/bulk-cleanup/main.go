// Bulk-cleanup deletes unattached volumes, at most LIMIT of them: first as a plan to look at, then for
// good.
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
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	tracker, err := client.New(os.Getenv("TRACKER_URL"), os.Getenv("TRACKER_API_KEY"))
	if err != nil {
		return err
	}
	limit, err := strconv.Atoi(cmp.Or(os.Getenv("LIMIT"), "2"))
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
	found, err := tracker.ListFindings(ctx, job.JobID, &client.ListFindingsParams{Rule: "unattached_volume", Counted: new(true), Limit: limit})
	if err != nil {
		return err
	}
	if len(found.Findings) == 0 {
		fmt.Println("nothing to clean up")
		return nil
	}

	var items []client.ActionBody
	for _, f := range found.Findings {
		items = append(items, client.ActionBody{
			ResourceID: f.Fix.ResourceID, ResourceType: f.Fix.ResourceType, Region: f.Fix.Region, Action: f.Fix.Action,
		})
	}
	made, err := tracker.AddPlan(ctx, nil, client.PlanBody{Actions: items})
	if err != nil {
		return err
	}
	plan, err := tracker.WaitPlan(ctx, made.Plan.PlanID, nil)
	if err != nil {
		return err
	}
	fmt.Printf("saves $%.2f a month\n", plan.Plan.Totals.MonthlySaving)
	for _, item := range plan.Items {
		fmt.Printf("%s %s: %s\n", item.Region, item.ResourceID, item.Would)
		for _, refusal := range item.Refusals {
			fmt.Println("  refused:", refusal.Message)
		}
	}

	if _, err := tracker.ApplyPlan(ctx, plan.Plan.PlanID, nil, client.ApplyBody{Digest: plan.Plan.Digest}); err != nil {
		return err
	}
	if plan, err = tracker.WaitPlan(ctx, plan.Plan.PlanID, nil); err != nil {
		return err
	}
	for _, item := range plan.Items {
		fmt.Printf("%s: %s\n", item.ResourceID, item.Ledger.ItemState)
	}
	if plan.Plan.State != "succeeded" {
		return fmt.Errorf("the plan is %s", plan.Plan.State)
	}
	return nil
}
