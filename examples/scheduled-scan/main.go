// Scheduled-scan schedules a scan for every morning, runs it now, and takes the schedule away again
// unless KEEP is set.
package main

import (
	"context"
	"errors"
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
	schedule, err := tracker.AddSchedule(ctx, nil, client.ScheduleBody{
		Name: "every morning", Cron: "0 6 * * *", TimeZone: "Europe/Berlin", Services: []string{"ec2"},
	})
	if err != nil {
		return err
	}
	for _, at := range schedule.NextRuns {
		fmt.Println("will run at", at)
	}
	err = runNow(ctx, tracker, schedule.ScheduleID)
	if os.Getenv("KEEP") == "" {
		err = errors.Join(err, tracker.DeleteSchedule(ctx, schedule.ScheduleID))
	}
	return err
}

func runNow(ctx context.Context, tracker *client.Tracker, schedule string) error {
	accepted, err := tracker.RunSchedule(ctx, schedule, nil)
	if err != nil {
		return err
	}
	if _, err := tracker.WaitJob(ctx, accepted.JobID, nil); err != nil {
		return err
	}
	runs, err := tracker.ListScheduleRuns(ctx, schedule)
	if err != nil {
		return err
	}
	for _, r := range runs.Runs {
		fmt.Printf("ran at %s: %s, %d resources\n", r.CreatedAt, r.State, r.Summary.TotalResources)
	}
	return nil
}
