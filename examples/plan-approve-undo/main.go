// Plan-approve-undo stops what runs of the environment test: a plan that somebody else approves (with
// TRACKER_APPROVER_KEY, where the server wants that), that is applied and then undone by a plan of its own.
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
	made, err := tracker.AddPlan(ctx, nil, client.PlanBody{Select: &client.SelectionBody{
		Filter: "type:EC2_Instance state:running tag:Environment=test -tag:aws:autoscaling:groupName", Regions: []string{"us-east-1"}, Action: "stop",
	}})
	if err != nil {
		return err
	}
	if err := carryOut(ctx, tracker, made.Plan.PlanID); err != nil {
		return err
	}
	undo, err := tracker.UndoPlan(ctx, made.Plan.PlanID, nil, client.UndoBody{})
	if err != nil {
		return err
	}
	return carryOut(ctx, tracker, undo.Plan.PlanID)
}

// carryOut shows a plan, has it approved where it must be, applies it and waits for its end.
func carryOut(ctx context.Context, tracker *client.Tracker, id string) error {
	plan, err := tracker.WaitPlan(ctx, id, nil)
	if err != nil {
		return err
	}
	for _, item := range plan.Items {
		fmt.Printf("%s %s: %s\n", item.Action, item.ResourceID, item.Would)
	}
	if plan.Plan.Approval.Required {
		approver, err := client.New(os.Getenv("TRACKER_URL"), os.Getenv("TRACKER_APPROVER_KEY"))
		if err != nil {
			return err
		}
		approved, err := approver.ApprovePlan(ctx, id, client.ApproveInputBody{Digest: plan.Plan.Digest})
		if err != nil {
			return err
		}
		fmt.Println("approved by", approved.Plan.Approval.By)
	}
	if _, err := tracker.ApplyPlan(ctx, id, nil, client.ApplyBody{Digest: plan.Plan.Digest}); err != nil {
		return err
	}
	if plan, err = tracker.WaitPlan(ctx, id, nil); err != nil {
		return err
	}
	fmt.Println(plan.Plan.State, plan.Plan.Totals.ByState)
	if plan.Plan.State != "succeeded" {
		return fmt.Errorf("the plan is %s", plan.Plan.State)
	}
	return nil
}
