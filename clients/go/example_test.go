package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	client "github.com/consolesensei/resource-tracker/clients/go"
)

// A scan, from its start to what it has found.
func Example() {
	ctx := context.Background()
	tracker, err := client.New(os.Getenv("TRACKER_URL"), os.Getenv("TRACKER_API_KEY"))
	if err != nil {
		log.Fatal(err)
	}
	accepted, err := tracker.StartScan(ctx, nil, client.ScanBody{Account: "prod", Types: []string{"EBS_Volume"}})
	if err != nil {
		log.Fatal(err)
	}
	job, err := tracker.WaitJob(ctx, accepted.JobID, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(job.State, job.Summary.TotalResources)
	for volume, err := range tracker.Resources(ctx, job.JobID, &client.ListJobResourcesParams{Filter: "state:available"}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(volume.ResourceID, volume.Region)
	}
}

// Each cell is told when it closes, also after the server restarted or the computer slept.
func ExampleTracker_Follow() {
	var tracker *client.Tracker // as client.New returns it
	for event, err := range tracker.Follow(context.Background(), "job-id") {
		if err != nil {
			log.Fatal(err)
		}
		for _, cell := range event.Cells {
			fmt.Println(cell.Region, cell.ResourceType, cell.Outcome, cell.Resources)
		}
		if event.Done != nil {
			fmt.Println("saw everything:", event.Done.Complete)
		}
	}
}

// A plan shows what would happen. Its digest says that exactly this is to be carried out.
func ExampleTracker_WaitPlan() {
	ctx := context.Background()
	var tracker *client.Tracker // as client.New returns it
	made, err := tracker.AddPlan(ctx, nil, client.PlanBody{
		Account: "prod",
		Select:  &client.SelectionBody{Filter: "type:EC2_Instance tag:Environment=dev state:running", Action: "stop"},
	})
	if err != nil {
		log.Fatal(err)
	}
	plan, err := tracker.WaitPlan(ctx, made.Plan.PlanID, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, item := range plan.Items {
		fmt.Println(item.ResourceID, item.Would)
	}
	if _, err := tracker.ApplyPlan(ctx, plan.Plan.PlanID, nil, client.ApplyBody{Digest: plan.Plan.Digest}); err != nil {
		log.Fatal(err)
	}
	if plan, err = tracker.WaitPlan(ctx, plan.Plan.PlanID, nil); err != nil {
		log.Fatal(err)
	}
	fmt.Println(plan.Plan.State, plan.Plan.Totals.ByState)
}

// What the server says about a request is an Error.
func ExampleError() {
	var tracker *client.Tracker // as client.New returns it
	_, err := tracker.GetJob(context.Background(), "job-id")
	if errors.Is(err, client.ErrNotFound) {
		fmt.Println("there is no such job, or it is another tenant's")
	} else if e, ok := errors.AsType[*client.Error](err); ok {
		fmt.Println(e.Message, e.Errors, "try again after", e.RetryAfter.Round(time.Second))
	}
}

// An export is read as it is written, however large it is.
func ExampleTracker_Open() {
	var tracker *client.Tracker // as client.New returns it
	body, err := tracker.Open(context.Background(), "/api/v1/jobs/job-id/result", map[string][]string{"format": {"csv"}})
	if err != nil {
		log.Fatal(err)
	}
	defer body.Close()
	if _, err := io.Copy(os.Stdout, body); err != nil {
		log.Fatal(err)
	}
}
