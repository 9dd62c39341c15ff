package embedded

import "syscall"

// processAttributes make the child end with this process, even when that is
// killed. They keep Ctrl-C in a terminal from reaching the child first. On
// SIGTERM the child writes its data down.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}
