package scanners

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/smithy-go"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

// TestWithDetails emits what it can of a page whose look-ups go differently.
func TestWithDetails(t *testing.T) {
	denied := &smithy.GenericAPIError{Code: "AccessDenied", Message: "no"}
	lookUps := map[string]error{
		"found":   nil,
		"denied":  denied,
		"denied2": denied,
		"gone":    &smithy.GenericAPIError{Code: "AWS.SimpleQueueService.NonExistentQueue"},
		"gone2":   fmt.Errorf("operation error: %w", &smithy.GenericAPIError{Code: "ResourceNotFoundException"}),
		"alien":   errDropped,
		"last":    nil,
	}
	look := func(_ context.Context, r *tracker.Resource) error {
		if lookUps[r.ID] == nil {
			r.State = "seen"
		}
		return lookUps[r.ID]
	}
	list := func(emit Emit) error {
		var page []tracker.Resource
		for _, id := range []string{"found", "gone", "denied", "alien", "gone2", "denied2", "last"} {
			page = append(page, tracker.Resource{ID: id, State: "listed"})
		}
		return emit(page...)
	}
	var got []string
	err := withDetails(t.Context(), func(rs ...tracker.Resource) error {
		for _, r := range rs {
			got = append(got, r.ID+" "+r.State)
		}
		return nil
	}, look, list)
	if want := []string{"found seen", "denied listed", "denied2 listed", "last seen"}; !gocmp.Equal(want, got) {
		t.Errorf("emitted %q, want %q", got, want)
	}
	if !errors.Is(err, denied) || !strings.Contains(err.Error(), "and 1 more") {
		t.Errorf("error %v", err)
	}
}

// TestOneQueueDenied lists three queues of which one refuses and one is gone.
func TestOneQueueDenied(t *testing.T) {
	aws := func(c call) (int, string) {
		switch {
		case c.op == "ListQueues":
			return http.StatusOK, `{"QueueUrls": ["https://q/1/open", "https://q/1/shut", "https://q/1/past"]}`
		case c.op == "GetResources":
			return http.StatusOK, tagged(nil, "")
		case strings.Contains(c.text, "open"):
			return http.StatusOK, `{"Attributes": {"ApproximateNumberOfMessages": "5"}}`
		case strings.Contains(c.text, "past"):
			return http.StatusBadRequest, `{"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "gone"}`
		default:
			return denied(c)
		}
	}
	got := map[string]any{}
	err := sqsQueue.Run(t.Context(), target(answers(aws)), func(rs ...tracker.Resource) error {
		for _, r := range rs {
			got[*r.Name] = r.Metadata["messages"]
		}
		return nil
	})
	if diff := gocmp.Diff(map[string]any{"open": int64(5), "shut": nil}, got); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
	if err == nil || !strings.Contains(err.Error(), "GetQueueAttributes") {
		t.Errorf("error %v", err)
	}
}

// TestManagedKeys describes no key that an alias shows to be AWS's own.
func TestManagedKeys(t *testing.T) {
	var n counted
	err := kmsKey.Run(t.Context(), target(n.over(func(c call) (int, string) {
		if c.op == "ListKeys" {
			return http.StatusOK, `{"Keys": [{"KeyId": "k", "KeyArn": "arn:aws:kms:eu-west-1:111122223333:key/k"}]}`
		}
		return http.StatusOK, `{"Aliases": [{"AliasName": "alias/aws/ebs", "TargetKeyId": "k"}]}`
	})), func(rs ...tracker.Resource) error {
		t.Errorf("emitted %v", rs)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(map[string]int{"ListAliases": 1, "ListKeys": 1}, n.calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

// TestBusDenied lists the rules of the buses that do not refuse.
func TestBusDenied(t *testing.T) {
	aws := func(c call) (int, string) {
		switch {
		case c.op == "ListEventBuses":
			return http.StatusOK, `{"EventBuses": [{"Name": "shut"}, {"Name": "open"}]}`
		case c.op == "GetResources":
			return http.StatusOK, tagged(nil, "")
		case strings.Contains(c.text, "open"):
			return http.StatusOK, `{"Rules": [{"Name": "r", "Arn": "arn:aws:events:eu-west-1:111122223333:rule/open/r"}]}`
		default:
			return denied(c)
		}
	}
	var got []string
	err := eventBridgeRule.Run(t.Context(), target(answers(aws)), func(rs ...tracker.Resource) error {
		for _, r := range rs {
			got = append(got, r.ID)
		}
		return nil
	})
	if want := []string{"open/r"}; !gocmp.Equal(want, got) {
		t.Errorf("rules %q, want %q", got, want)
	}
	if err == nil || !strings.Contains(err.Error(), "rules of bus shut") {
		t.Errorf("error %v", err)
	}
}
