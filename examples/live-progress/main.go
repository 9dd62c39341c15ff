// Live-progress follows a scan as it happens. A stream that breaks off is resumed by the client.
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
	accepted, err := tracker.StartScan(ctx, nil, client.ScanBody{Services: []string{"ec2"}, SingleFlight: new(false)})
	if err != nil {
		return err
	}
	closed := 0
	for event, err := range tracker.Follow(ctx, accepted.JobID) {
		switch {
		case err != nil:
			return err
		case event.Job != nil:
			fmt.Println("the scan is", event.Job.State)
		case event.Done != nil:
			fmt.Println("it has seen everything:", event.Done.Complete)
		default:
			closed += len(event.Cells)
			fmt.Println(closed, "cells closed")
		}
	}
	return nil
}
