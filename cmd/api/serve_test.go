package main

import (
	"errors"
	"net"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/api"
)

// A program whose private Redis has ended says so and ends: it has nothing to work on.
func TestListenEndsWithItsRedis(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone := make(chan struct{})
	close(gone)
	if err := listen(t.Context(), l, new(api.Server), time.Minute, gone); !errors.Is(err, errRedisGone) {
		t.Errorf("ended with %v", err)
	}
}
