package embedded

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"
)

// TestKept has what a Redis in memory holds be there at the next start, once.
func TestKept(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	dir := filepath.Join(t.TempDir(), "data")
	begin := func() *Server {
		t.Helper()
		s, err := StartKept(t.Context(), dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := begin()
	var used *InUse
	if _, err := StartKept(t.Context(), dir, nil); !errors.As(err, &used) || used.PID != os.Getpid() {
		t.Errorf("a second at the same time: %v", err)
	}
	ctx, c := t.Context(), s.Client()
	_, err := c.Pipelined(ctx, func(p redis.Pipeliner) error {
		p.Set(ctx, "text", "a\x00\xff", 0)
		p.Set(ctx, "passing", "x", time.Hour)
		p.Set(ctx, "passed", "x", time.Millisecond)
		p.RPush(ctx, "list", "b", "a", "b")
		p.SAdd(ctx, "set", "one")
		p.HSet(ctx, "hash", "name", "value")
		p.ZAdd(ctx, "zset", redis.Z{Score: 1.5, Member: "m"}, redis.Z{Score: 1785000000000, Member: "n"})
		p.XAdd(ctx, &redis.XAddArgs{Stream: "stream", ID: "7-1", Values: []string{"f", "v"}})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // what is read once is written again
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = begin()
		c = s.Client()
		left, err := c.PTTL(ctx, "passing").Result()
		if err != nil || left > time.Hour || left < 59*time.Minute {
			t.Errorf("passes in %v, %v", left, err)
		}
		got := map[string]any{
			"text": c.Get(ctx, "text").Val(), "passing": c.Get(ctx, "passing").Val(), "list": c.LRange(ctx, "list", 0, -1).Val(), "set": c.SMembers(ctx, "set").Val(),
			"hash": c.HGetAll(ctx, "hash").Val(), "zset": c.ZRangeWithScores(ctx, "zset", 0, -1).Val(), "stream": c.XRange(ctx, "stream", "-", "+").Val(),
			"keys": c.DBSize(ctx).Val(),
		}
		want := map[string]any{
			"text": "a\x00\xff", "passing": "x", "list": []string{"b", "a", "b"}, "set": []string{"one"},
			"hash": map[string]string{"name": "value"}, "zset": []redis.Z{{Score: 1.5, Member: "m"}, {Score: 1785000000000, Member: "n"}},
			"stream": []redis.XMessage{{ID: "7-1", Values: map[string]any{"f": "v"}}}, "keys": int64(7),
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if _, err := os.Stat(filepath.Join(dir, snapshotFile)); err == nil {
			t.Error("the file is still there: a process that is killed would leave data of before")
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, snapshotFile), []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := StartKept(t.Context(), dir, nil); err == nil {
		t.Error("read what is damaged")
	}
	if err := begin().Close(); err != nil {
		t.Error(err)
	}
}
