package lab

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Process is a program that is started again whenever it ends.
type Process struct {
	mu      sync.Mutex
	running *os.Process
	ended   bool
	done    sync.WaitGroup
	// What the processes took that have ended.
	cpu  time.Duration
	peak int64
}

// Keep runs a program until End. Its output goes to a file in dir.
func Keep(dir, name string, env []string, program string, args ...string) *Process {
	p := &Process{}
	p.done.Go(func() {
		for p.once(dir, name, env, program, args) {
			time.Sleep(200*time.Millisecond + rand.N(800*time.Millisecond))
		}
	})
	return p
}

func (p *Process) once(dir, name string, env []string, program string, args []string) (again bool) {
	cmd := exec.Command(program, args...) //nolint:gosec,noctx // our own programs, ended by End
	cmd.Env = env
	if out, err := os.OpenFile(filepath.Join(dir, name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err == nil {
		defer out.Close()
		cmd.Stdout, cmd.Stderr = out, out
	}
	p.mu.Lock()
	if p.ended {
		p.mu.Unlock()
		return false
	}
	err := cmd.Start()
	if err == nil {
		p.running = cmd.Process
	}
	p.mu.Unlock()
	if err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", name, err)
		return true
	}
	if err := cmd.Wait(); cmd.ProcessState.Exited() { // not killed: it gave up by itself
		last, _ := os.ReadFile(filepath.Join(dir, name+".log"))
		fmt.Fprintf(os.Stderr, "%s ended: %v\n%s\n", name, err, last[max(0, len(last)-1000):])
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running = nil
	p.cpu += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		p.peak = max(p.peak, u.Maxrss<<10)
	}
	return !p.ended
}

// Kill ends the process as kill -9 does. The process comes back.
func (p *Process) Kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running != nil {
		_ = p.running.Kill()
	}
}

// End ends the process for good.
func (p *Process) End() {
	p.mu.Lock()
	p.ended = true
	p.mu.Unlock()
	p.Kill()
	p.done.Wait()
}

// proc reads a file of the process's folder in /proc. It is empty between two
// processes.
func (p *Process) proc(name string) (string, error) {
	if p.running == nil {
		return "", nil
	}
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", p.running.Pid, name))
	return string(b), err
}

// CPU returns the time that the process, and those before it, have run on all
// cores together, in their own code and in the kernel's.
func (p *Process) CPU() (time.Duration, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	stat, err := p.proc("stat")
	if err != nil || stat == "" {
		return p.cpu, err
	}
	// The second field is the program's name, in parentheses and with any characters.
	fields := strings.Fields(stat[strings.LastIndex(stat, ")")+1:])
	if len(fields) < 13 {
		return 0, fmt.Errorf("/proc/<pid>/stat has %d fields after the name", len(fields))
	}
	user, err := strconv.ParseInt(fields[11], 10, 64)
	if err != nil {
		return 0, err
	}
	system, err := strconv.ParseInt(fields[12], 10, 64)
	if err != nil {
		return 0, err
	}
	const tick = 10 * time.Millisecond // USER_HZ is 100 on every Linux that Go runs on
	return p.cpu + time.Duration(user+system)*tick, nil
}

// PeakRSS returns the most memory that the process, or one before it, ever had
// resident, in bytes.
func (p *Process) PeakRSS() (int64, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	status, err := p.proc("status")
	if err != nil || status == "" {
		return p.peak, err
	}
	for line := range strings.Lines(status) {
		if v, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(v), " kB"), 10, 64)
			return max(p.peak, kb<<10), err
		}
	}
	return 0, fmt.Errorf("/proc/<pid>/status has no VmHWM")
}
