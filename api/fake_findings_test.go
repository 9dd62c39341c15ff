package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/consolesensei/resource-tracker/tracker"
)

// findings are what the fake has found, by job.
type findings struct {
	report map[string]tracker.FindingsReport
	list   map[string][]tracker.Finding
	billed map[string]tracker.BilledReport
}

func (f *fake) Billed(_ context.Context, id string) (tracker.BilledReport, error) {
	r, ok := f.findings.billed[id]
	if !ok && f.err == nil {
		return r, tracker.Errorf(tracker.CodeNotFound, "not asked")
	}
	return r, f.err
}

func (f *fake) Findings(_ context.Context, id string) (tracker.FindingsReport, error) {
	r, ok := f.findings.report[id]
	if !ok && f.err == nil {
		return r, tracker.Errorf(tracker.CodeNotFound, "no findings")
	}
	return r, f.err
}

func (f *fake) EachFinding(_ context.Context, id, cursor string, row func(at string, json []byte) error) error {
	from, err := strconv.Atoi(cursor)
	if err != nil && cursor != "" {
		return tracker.Invalid("cursor", "not a cursor")
	}
	for i, x := range f.findings.list[id] {
		if i < from {
			continue
		}
		b, _ := json.Marshal(x)
		if err := row(fmt.Sprint(i), b); err != nil {
			return err
		}
	}
	return f.err
}
