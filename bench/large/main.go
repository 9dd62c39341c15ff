// Command large scans a simulated account of a million resources with the real
// programs, and prints the memory and the time that it takes.
//
//	go run ./bench/large -resources 1000000
//
// It needs redis-server on PATH, and the two programs in -bin.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/consolesensei/resource-tracker/bench/internal/lab"
	"github.com/consolesensei/resource-tracker/tracker"
)

const mib = 1 << 20

func main() {
	bin := flag.String("bin", "bin", "folder of the programs api and worker")
	resources := flag.Int("resources", 1_000_000, "resources of the simulated account")
	findings := flag.Bool("findings", true, "look for what the resources could cost less")
	patience := flag.Duration("patience", 30*time.Minute, "how long all of it may take")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, *patience)
	defer cancel()
	if err := run(ctx, *bin, *resources, *findings); err != nil {
		log.Fatal("large: ", err)
	}
}

func run(ctx context.Context, bin string, resources int, findings bool) error {
	s, err := lab.Start(ctx, lab.Options{
		Bin: bin, Workers: 1, Account: map[string]any{"Resources": resources},
		// The simulator has no quotas here: the service alone is measured.
		Env: []string{"SCAN_TIMEOUT_SECONDS=3600", "AWS_CALL_LIMITS=" + lab.Unlimited},
	})
	if err != nil {
		return err
	}
	defer s.Stop()
	before, err := redisMemory(ctx, s)
	if err != nil {
		return err
	}
	began := time.Now()
	id, err := s.Client.ScanWith(ctx, "large", map[string]any{"findings": findings})
	if err != nil {
		return err
	}
	j, err := s.Client.Ended(ctx, id)
	if err != nil {
		return err
	}
	row("scan", "%s, %d resources in %.0f s", j.State, j.Summary.TotalResources, time.Since(began).Seconds())
	if j.State != tracker.JobSucceeded {
		return fmt.Errorf("the scan ended %s: %s", j.State, j.Reason)
	}
	worker, err := s.Workers[0].PeakRSS()
	if err != nil {
		return err
	}
	row("worker, peak RSS", "%d MiB (256 allowed)", worker/mib)
	after, err := redisMemory(ctx, s)
	if err != nil {
		return err
	}
	row("Redis", "%.1f bytes a resource (100 allowed)", float64(after-before)/float64(j.Summary.TotalResources))

	// A fresh API has nothing of the job in its memory.
	s.API.Kill()
	if err := s.Client.Ready(ctx); err != nil {
		return err
	}
	for _, q := range []string{"state=stopped", "resource_type=RDS_Instance&region=eu-west-1", "tag=Name=no-such-name", "state=running&tag=Environment=dev"} {
		if err := list(ctx, s, id, q); err != nil {
			return err
		}
	}
	if err := stream(ctx, s, id, j.Summary.TotalResources); err != nil {
		return err
	}
	api, err := s.API.PeakRSS()
	if err != nil {
		return err
	}
	row("API, peak RSS", "%d MiB (128 allowed)", api/mib)
	return nil
}

func row(what, format string, args ...any) {
	fmt.Printf("%-34s %s\n", what, fmt.Sprintf(format, args...))
}

// list times the first page of a filtered listing.
func list(ctx context.Context, s *lab.System, id, query string) error {
	v, err := url.ParseQuery(query)
	if err != nil {
		return err
	}
	began := time.Now()
	resp, err := s.Client.Do(ctx, http.MethodGet, "/api/v1/jobs/"+id+"/resources?limit=100&"+v.Encode(), "", "application/json", nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var page struct {
		Resources []json.RawMessage `json:"resources"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&page); err != nil {
		return err
	}
	row("first page, "+query, "%d rows in %d ms", len(page.Resources), time.Since(began).Milliseconds())
	return nil
}

// stream reads the whole result.
func stream(ctx context.Context, s *lab.System, id string, resources int) error {
	began := time.Now()
	resp, err := s.Client.Do(ctx, http.MethodGet, "/api/v1/jobs/"+id+"/result", "", "application/x-ndjson", nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var lines lineCounter
	n, err := io.Copy(&lines, resp.Body)
	if err != nil {
		return err
	}
	row("result, streamed", "%d rows, %d MiB in %.1f s", lines, n/mib, time.Since(began).Seconds())
	if int(lines) != resources {
		return fmt.Errorf("the result has %d rows, the job counted %d resources", lines, resources)
	}
	return nil
}

type lineCounter int

func (c *lineCounter) Write(b []byte) (int, error) {
	for _, x := range b {
		if x == '\n' {
			*c++
		}
	}
	return len(b), nil
}

func redisMemory(ctx context.Context, s *lab.System) (int64, error) {
	info, err := s.RDB.Info(ctx, "memory").Result()
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(info) {
		if v, ok := strings.CutPrefix(line, "used_memory:"); ok {
			return strconv.ParseInt(strings.TrimSpace(v), 10, 64)
		}
	}
	return 0, fmt.Errorf("INFO memory has no used_memory")
}
