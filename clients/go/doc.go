// Package client speaks to AWS Resource Tracker.
//
//	tracker, err := client.New(os.Getenv("TRACKER_URL"), os.Getenv("TRACKER_API_KEY"))
//	accepted, err := tracker.StartScan(ctx, nil, client.ScanBody{Account: "prod"})
//	job, err := tracker.WaitJob(ctx, accepted.JobID, nil)
//	for resource, err := range tracker.Resources(ctx, job.JobID, nil) {
//		…
//	}
//
// Each operation of the API has a method of its name, which takes the parameters in the path, then
// the others, which may be nil, then the body. Beside them stand methods that do more than one
// request: [Tracker.WaitJob] and [Tracker.WaitPlan] wait, [Tracker.Follow] and [Tracker.FollowPlan] tell what happens
// as it happens, and those that return an [iter.Seq2], such as [Tracker.Resources], read page after page.
//
// A request that the server answers with an error returns an [*Error]. [errors.Is] tells its kind:
//
//	if errors.Is(err, client.ErrNotFound) …
//
// What can be sent again without harm is sent again: where the server cannot be reached, is busy or
// restarts, and after the time that it asks for. A POST that starts work bears an Idempotency-Key,
// made by the client where the caller gives none, and so starts it once.
//
// A member that is left out where that differs from zero is a pointer: new(false), new(30).
package client
