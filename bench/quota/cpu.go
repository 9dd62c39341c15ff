package main

import (
	"fmt"
	"runtime"
	"syscall"
	"time"
)

// rusageThread is Linux's RUSAGE_THREAD: the calling thread alone.
const rusageThread = 1

// cpu returns the time that this process, or this thread, has run.
func cpu(who int) (time.Duration, error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(who, &u); err != nil {
		return 0, fmt.Errorf("getrusage: %w", err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), nil
}

// onThread ties the caller to its thread until took is called. took returns how
// long that thread has run since.
func onThread() (took func() time.Duration) {
	runtime.LockOSThread()
	before, err := cpu(rusageThread)
	return func() time.Duration {
		defer runtime.UnlockOSThread()
		after, err2 := cpu(rusageThread)
		if err != nil || err2 != nil {
			return 0
		}
		return after - before
	}
}
