package lab

import (
	"os"
	"runtime/pprof"
)

// Profile writes a CPU profile of what follows to a file until end is called. Without a file it does nothing.
func Profile(file string) (end func(), err error) {
	if file == "" {
		return func() {}, nil
	}
	f, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		_ = f.Close()
	}, nil
}
