package embedded

import "syscall"

// processAttributes make the child end with this process, even if that is
// killed, and keep Ctrl-C in a terminal from reaching it first. SIGTERM lets it
// write down what it was told.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}
