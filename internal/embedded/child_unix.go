//go:build unix && !linux

package embedded

import "syscall"

// processAttributes keep Ctrl-C in a terminal from reaching the child before
// this process is done with it. Only Linux can also end the child with this
// process. Elsewhere the child of a killed process stays and holds its lock.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
