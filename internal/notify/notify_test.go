package notify_test

import (
	"net"
	"path/filepath"
	"testing"

	"github.com/consolesensei/resource-tracker/internal/notify"
)

func TestSend(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "notify")
	listener, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Net: "unixgram", Name: socket})
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	getenv := func(name string) string { return map[string]string{"NOTIFY_SOCKET": socket}[name] }
	for _, state := range []notify.State{notify.Ready, notify.Stopping} {
		if err := notify.Send(getenv, state); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 64)
		n, err := listener.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(b[:n]); got != string(state) {
			t.Errorf("the service manager read %q, want %q", got, state)
		}
	}
}

func TestSendWithoutServiceManager(t *testing.T) {
	if err := notify.Send(func(string) string { return "" }, notify.Ready); err != nil {
		t.Error(err)
	}
	if err := notify.Send(func(string) string { return filepath.Join(t.TempDir(), "none") }, notify.Ready); err == nil {
		t.Error("a socket that is not there was written to")
	}
}
