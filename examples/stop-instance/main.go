// Stop-instance stops one running instance of dev, and waits until AWS shows it stopped. REGION is
// where.
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
	region := cmp.Or(os.Getenv("REGION"), "us-east-1")
	accepted, err := tracker.StartScan(ctx, nil, client.ScanBody{Types: []string{"EC2_Instance"}, Regions: []string{region}})
	if err != nil {
		return err
	}
	job, err := tracker.WaitJob(ctx, accepted.JobID, nil)
	if err != nil {
		return err
	}
	filter := "state:running tag:Environment=dev -tag:aws:autoscaling:groupName"
	found, err := tracker.ListJobResources(ctx, job.JobID, &client.ListJobResourcesParams{Filter: filter, Limit: 1})
	if err != nil {
		return err
	}
	if len(found.Resources) == 0 {
		return fmt.Errorf("no instance of dev runs in %s", region)
	}

	instance := found.Resources[0]
	made, err := tracker.AddPlan(ctx, nil, client.PlanBody{Actions: []client.ActionBody{{
		ResourceID: instance.ResourceID, ResourceType: instance.ResourceType, Region: instance.Region, Action: "stop",
	}}})
	if err != nil {
		return err
	}
	plan, err := tracker.WaitPlan(ctx, made.Plan.PlanID, nil)
	if err != nil {
		return err
	}
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
