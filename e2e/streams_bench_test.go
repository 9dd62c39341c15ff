package e2e

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkStreams has 2,000 clients follow jobs that wait in the queue, and prints
// what they cost the API: memory, and the share of a core while nothing happens and
// while a job tells of something five times a second.
func BenchmarkStreams(b *testing.B) {
	const streams = 2000
	for _, jobs := range []int{1, 200} {
		b.Run(fmt.Sprintf("jobs=%d", jobs), func(b *testing.B) {
			s := newIdleStack(b, "http://127.0.0.1:9", "MAX_STREAMS_PER_TENANT=2000", "MAX_CONNECTIONS_PER_ADDRESS=4000", "MAX_CONNECTIONS=4000", "LOG_LEVEL=error")
			c := s.client(apiKey)
			ids := make([]string, jobs)
			for i := range ids {
				ids[i] = c.submit(keys(fmt.Sprintf("AKIAE2E%013d", i), "not-a-secret")).ID
			}
			quiet := memoryOf(b, s.api.cmd.Process.Pid)
			var messages atomic.Int64
			var reading sync.WaitGroup
			var conns []net.Conn
			for i := range streams {
				conn, err := (&net.Dialer{Timeout: time.Minute}).DialContext(b.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
				if err != nil {
					b.Fatal(err)
				}
				conns = append(conns, conn)
				if _, err := fmt.Fprintf(conn, "GET /api/v1/jobs/%s/events HTTP/1.1\r\nHost: x\r\nX-API-Key: %s\r\n\r\n", ids[i%jobs], apiKey); err != nil {
					b.Fatal(err)
				}
				reading.Go(func() {
					lines := bufio.NewScanner(conn)
					for lines.Scan() {
						if strings.HasPrefix(lines.Text(), "event: ") {
							messages.Add(1)
						}
					}
				})
			}
			eventually(b, time.Minute, "every stream has begun", func() bool { return messages.Load() >= streams })
			const measured = 10 * time.Second
			share := func(each time.Duration, tell func()) float64 {
				tick, end, before := time.NewTicker(each), time.After(measured), cpuOf(b, s.api.cmd.Process.Pid)
				defer tick.Stop()
				for {
					select {
					case <-tick.C:
						tell()
					case <-end:
						return 100 * (cpuOf(b, s.api.cmd.Process.Pid) - before).Seconds() / measured.Seconds()
					}
				}
			}
			for b.Loop() {
				silent := share(time.Hour, nil)
				memory := memoryOf(b, s.api.cmd.Process.Pid) - quiet
				rdb := s.redisClient()
				busy := share(200*time.Millisecond, func() { rdb.RPush(b.Context(), "rt:{"+ids[0]+"}:l", "squeued") })
				b.ReportMetric(float64(memory)/(1<<20), "MB")
				b.ReportMetric(float64(memory)/streams/(1<<10), "KB/stream")
				b.ReportMetric(silent, "%core-silent")
				b.ReportMetric(busy, "%core-busy")
				b.ReportMetric(float64(messages.Load()), "messages")
			}
			for _, conn := range conns {
				_ = conn.Close()
			}
			reading.Wait()
		})
	}
}

// memoryOf is what a process has in memory, in bytes.
func memoryOf(t testing.TB, pid int) int64 {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Skip("needs /proc: ", err)
	}
	_, rest, _ := strings.Cut(string(b), "VmRSS:")
	kb, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return kb << 10
}

// cpuOf is how long a process has had a core.
func cpuOf(t testing.TB, pid int) time.Duration {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Skip("needs /proc: ", err)
	}
	fields := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
	var ticks int64
	for _, f := range fields[11:13] { // utime and stime
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}
