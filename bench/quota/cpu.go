package main

import (
	"runtime"
	"time"

	"github.com/consolesensei/resource-tracker/bench/internal/lab"
)

// onThread ties the caller to its thread until took is called. took returns how
// long that thread has run since.
func onThread() (took func() time.Duration) {
	runtime.LockOSThread()
	before, _, err := lab.Rusage(lab.RusageThread)
	return func() time.Duration {
		defer runtime.UnlockOSThread()
		after, _, err2 := lab.Rusage(lab.RusageThread)
		if err != nil || err2 != nil {
			return 0
		}
		return after - before
	}
}
