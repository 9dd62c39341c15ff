package fleet

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// Process is a program that can be killed, and started again as it was.
type Process struct {
	Bin     string // the folder of the program; empty: it is on PATH
	name    string // that of its log
	dir     string
	program string
	env     []string
	args    []string
	cmd     *exec.Cmd
}

// Start starts the process. Its output goes to a file in its folder.
func (p *Process) Start() error {
	out, err := os.OpenFile(filepath.Join(p.dir, p.name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	cmd := exec.Command(filepath.Join(p.Bin, p.program), p.args...) //nolint:gosec,noctx // our own programs, ended by Kill
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = p.dir, slices.Concat(os.Environ(), p.env), out, out
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", p.name, err)
	}
	p.cmd = cmd
	return nil
}

// Kill ends the process as kill -9 does. One that has ended is left alone.
func (p *Process) Kill() { p.end(os.Kill) }

// Stop asks the process to end, and waits until it has.
func (p *Process) Stop() {
	if p.cmd == nil {
		return
	}
	late := time.AfterFunc(time.Minute, func() { _ = p.cmd.Process.Kill() })
	defer late.Stop()
	p.end(syscall.SIGTERM)
}

func (p *Process) end(by os.Signal) {
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Signal(by)
	_ = p.cmd.Wait() // it was told to end
	p.cmd = nil
}

// Log is the end of what the process has printed.
func (p *Process) Log() string {
	b, _ := os.ReadFile(filepath.Join(p.dir, p.name+".log"))
	return string(b[max(0, len(b)-3000):])
}
