// Package historytest starts a PostgreSQL for tests.
package historytest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
)

// server is the server of this test process: its folder, and the socket in it.
var server string

// Run runs the tests of a package with a PostgreSQL beside them, and stops it. It is what TestMain calls.
func Run(m *testing.M) int {
	stop, err := start(context.Background(), "fsync=off", "shared_buffers=64MB") // a test kills programs, never the machine
	if err != nil {
		fmt.Fprintln(os.Stderr, "PostgreSQL:", err)
		return 1
	}
	defer stop()
	return m.Run()
}

// binary is the path of a program of PostgreSQL, on PATH or where Debian has it.
func binary(name string) (string, error) {
	if p, err := exec.LookPath(name); err == nil {
		return p, nil
	}
	all, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(all) == 0 {
		return "", fmt.Errorf("%s is not on PATH: install the package postgresql", name)
	}
	return all[len(all)-1], nil
}

// Start starts a server with settings, for what is no test, with an empty database.
func Start(ctx context.Context, settings ...string) (url string, stop func(), err error) {
	if stop, err = start(ctx, settings...); err != nil {
		return "", nil, err
	}
	return at("postgres"), stop, nil
}

func start(ctx context.Context, settings ...string) (stop func(), err error) {
	initdb, err := binary("initdb")
	if err != nil {
		return nil, err
	}
	postgres, err := binary("postgres")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "postgres")
	if err != nil {
		return nil, err
	}
	remove := func() { _ = os.RemoveAll(dir) }
	as, err := nobody(dir)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	data := filepath.Join(dir, "data")
	run := func(name string, args ...string) *exec.Cmd {
		cmd := exec.Command(name, args...) //nolint:noctx,gosec // it is stopped by hand; the programs are PostgreSQL's
		cmd.Dir, cmd.SysProcAttr = dir, &syscall.SysProcAttr{Credential: as, Pdeathsig: syscall.SIGQUIT}
		return cmd
	}
	if out, err := run(initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync").CombinedOutput(); err != nil {
		remove()
		return nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	args := []string{"-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "max_connections=200"}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	cmd := run(postgres, args...)
	if err := cmd.Start(); err != nil {
		remove()
		return nil, err
	}
	server = dir
	stop = func() {
		_ = cmd.Process.Signal(syscall.SIGINT)
		_ = cmd.Wait()
		remove()
	}
	db, err := sql.Open("pgx", at("postgres"))
	if err != nil {
		stop()
		return nil, err
	}
	defer db.Close()
	for range 200 {
		if err = db.PingContext(ctx); err == nil {
			return stop, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	stop()
	return nil, err
}

// nobody is who the server runs as: PostgreSQL refuses to run as root.
func nobody(dir string) (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("nobody")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, os.Chown(dir, uid, gid)
}

// at is the URL of a database.
func at(database string) string {
	return "postgres:///" + database + "?host=" + url.QueryEscape(server) + "&user=postgres"
}

var databases atomic.Int64

// Database is the URL of a new, empty database of this test.
func Database(t testing.TB) string {
	t.Helper()
	if server == "" {
		t.Fatal("TestMain does not call historytest.Run")
	}
	db, err := sql.Open("pgx", at("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	name := fmt.Sprintf("t%d", databases.Add(1))
	if _, err := db.ExecContext(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return at(name)
}
