package telemetry

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"

	"github.com/redis/go-redis/v9"
)

// WatchRedis counts the errors of a client from now on.
func (m *Metrics) WatchRedis(rdb redis.UniversalClient) {
	rdb.AddHook(redisHook{m})
	for _, kind := range []string{"dial", "timeout", "connection", "reply"} {
		m.redisErrors.WithLabelValues(kind)
	}
}

type redisHook struct{ m *Metrics }

// DialHook implements redis.Hook.
func (h redisHook) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := next(ctx, network, addr)
		if err != nil && !errors.Is(err, context.Canceled) {
			h.m.redisError("dial")
		}
		return conn, err
	}
}

// ProcessHook implements redis.Hook.
func (h redisHook) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := next(ctx, cmd)
		h.count(err)
		return err
	}
}

// ProcessPipelineHook implements redis.Hook.
func (h redisHook) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		err := next(ctx, cmds)
		h.count(err)
		return err
	}
}

func (h redisHook) count(err error) {
	if kind := kindOf(err); kind != "" {
		h.m.redisError(kind)
	}
}

func (m *Metrics) redisError(kind string) {
	m.redisErrors.WithLabelValues(kind).Inc()
	m.redisFailed.Add(1)
}

// kindOf returns the class of an error, or nothing when there is no error. A
// missing key and a script that Redis does not know yet are answers like others.
func kindOf(err error) string {
	var timeout net.Error
	switch {
	case err == nil, errors.Is(err, redis.Nil), errors.Is(err, context.Canceled), errors.Is(err, redis.ErrClosed):
		return ""
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	}
	if reply, ok := errors.AsType[redis.Error](err); ok {
		if strings.HasPrefix(reply.Error(), "NOSCRIPT") {
			return ""
		}
		return "reply"
	}
	return "connection"
}
