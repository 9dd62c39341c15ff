package lab

import (
	"fmt"
	"syscall"
	"time"
)

// RusageThread is Linux's RUSAGE_THREAD: the calling thread alone.
const RusageThread = 1

// Rusage returns how long this process (syscall.RUSAGE_SELF), or this thread, has run on
// all cores together, and the most memory that the process ever had resident, in bytes.
func Rusage(who int) (cpu time.Duration, peak int64, err error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(who, &u); err != nil {
		return 0, 0, fmt.Errorf("getrusage: %w", err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), u.Maxrss << 10, nil
}
