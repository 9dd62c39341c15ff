package service

import (
	"errors"
	"net"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/api"
)

// A program whose private Redis has ended says so and ends: it has nothing to work on.
func TestServiceEndsWithItsRedis(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone := make(chan struct{})
	close(gone)
	s := &Service{api: new(api.Server), grace: time.Minute, served: make(chan error, 1), gone: gone}
	s.serve(l, s.api)
	if err := s.Wait(t.Context()); !errors.Is(err, errRedisGone) {
		t.Errorf("ended with %v", err)
	}
}
