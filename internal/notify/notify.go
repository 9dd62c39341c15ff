// Package notify tells the service manager how far a program is, by the protocol of
// sd_notify(3).
package notify

import (
	"fmt"
	"net"
)

// State is something that a service manager is told.
type State string

// What the programs tell: that they work, and that they have begun to stop.
const (
	Ready    State = "READY=1"
	Stopping State = "STOPPING=1"
)

// Send tells the service manager that started the program. It does nothing where none
// did, or where that one does not listen.
func Send(getenv func(string) string, state State) error {
	socket := getenv("NOTIFY_SOCKET")
	if socket == "" {
		return nil
	}
	// A name that begins with @ is in the abstract name space, as net takes it too.
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Net: "unixgram", Name: socket})
	if err != nil {
		return fmt.Errorf("tell the service manager %s: %w", state, err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte(state)); err != nil {
		return fmt.Errorf("tell the service manager %s: %w", state, err)
	}
	return nil
}
