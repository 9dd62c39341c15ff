package e2e

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// demo is `api -demo` with its data in a folder, from which it can be started again.
type demo struct {
	t    testing.TB
	dir  string
	port int
	env  []string
	args []string
	api  *process
}

// newDemo starts a demo with more settings than those that every demo here has. Options are the
// simulated account's, in JSON.
func newDemo(t testing.TB, options string, settings ...string) *demo {
	t.Helper()
	d := &demo{t: t, dir: t.TempDir(), port: freePort(), args: []string{"-demo"}}
	if options != "" {
		file := filepath.Join(d.dir, "options.json")
		if err := os.WriteFile(file, []byte(options), 0o600); err != nil {
			t.Fatal(err)
		}
		d.args = append(d.args, "-demo-options", file)
	}
	d.env = append([]string{unbounded, "PORT=" + strconv.Itoa(d.port), "DATA_DIR=" + d.dir, "LOG_LEVEL=error"}, settings...)
	d.start()
	return d
}

// start begins the program, in a new process after a kill.
func (d *demo) start() {
	d.t.Helper()
	d.api = start(d.t, d.env, d.dir, filepath.Join(bin, "api"), d.args...)
	if err := d.api.answers(d.url()+"/ready", time.Minute); err != nil {
		d.t.Fatal(err)
	}
}

func (d *demo) url() string { return localURL(d.port) }

// nameOf is what the audit calls a key of the environment.
func nameOf(key string) string {
	sum := sha256.Sum256([]byte(key))
	return "key:" + hex.EncodeToString(sum[:4])
}
