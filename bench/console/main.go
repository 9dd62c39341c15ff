// Command console measures the console in Chromium: the first page, an inventory of a million
// resources, and a scan while it runs. It prints each figure beside its aim, and beside what
// the API or an idle page took in the same run.
//
//	go run ./bench/console -resources 1000000
//
// It needs chromium or chromium-headless-shell and node on PATH, redis-server for the program's own Redis, the program api in
// -bin (make build), and what `npm ci` puts into web.
package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/consolesensei/resource-tracker/bench/internal/estate"
	"github.com/consolesensei/resource-tracker/bench/internal/lab"
	"github.com/consolesensei/resource-tracker/history"
)

func main() {
	bin := flag.String("bin", "bin", "folder of the program api")
	resources := flag.Int("resources", 1_000_000, "resources of the inventory")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *bin, *resources); err != nil {
		log.Fatal("console: ", err)
	}
}

func run(ctx context.Context, bin string, resources int) error {
	fmt.Println("| | took | aim | | beside it |\n|---|---|---|---|---|")
	if err := onDemo(ctx, bin); err != nil {
		return err
	}
	if err := onScan(ctx, bin); err != nil {
		return err
	}
	return onMillion(ctx, bin, resources)
}

// server is the program api with an embedded Redis and a worker, and files of its own.
type server struct {
	*lab.Process
	client *lab.Client
	dir    string
}

// serve starts the program on a folder of its own, which prepare puts files into, and end deletes. It has
// the arguments that prepare answers.
func serve(ctx context.Context, bin string, prepare func(dir string) (args []string, err error)) (server, error) {
	dir, err := os.MkdirTemp("", "console")
	if err != nil {
		return server{}, err
	}
	args, err := prepare(dir)
	if err != nil {
		return server{}, err
	}
	port, err := lab.FreePort(ctx)
	if err != nil {
		return server{}, err
	}
	key := rand.Text()
	env := append(os.Environ(), "PORT="+port, "DATA_DIR="+dir, "VALID_API_KEYS="+key, "LOG_LEVEL=error", "AWS_EC2_METADATA_DISABLED=true",
		"AWS_CALL_LIMITS="+lab.Unlimited, "QUOTAS=requests=0,address.requests=0")
	s := server{lab.Keep(dir, "api", env, filepath.Join(bin, "api"), args...), &lab.Client{URL: "http://127.0.0.1:" + port, Key: key}, dir}
	return s, s.client.Ready(ctx)
}

func (s server) end() {
	s.End()
	_ = os.RemoveAll(s.dir)
}

// measured is what measure.mjs answers of one thing.
func measured[T any](ctx context.Context, s server, what, job string) (answer T, err error) {
	browser, err := exec.LookPath("chromium")
	if err != nil { // make deps installs the one without a window
		if browser, err = exec.LookPath("chromium-headless-shell"); err != nil {
			return answer, err
		}
	}
	cmd := exec.CommandContext(ctx, "node", "bench/console/measure.mjs")
	cmd.Env = append(os.Environ(), "WHAT="+what, "URL="+s.client.URL, "KEY="+s.client.Key, "JOB="+job, "CHROMIUM="+browser)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return answer, fmt.Errorf("measure %s: %w", what, err)
	}
	return answer, json.Unmarshal(out, &answer)
}

// line prints a figure, its aim, and what it is compared with.
func line(what string, took, aim float64, unit, beside string) {
	verdict := "reached"
	if took > aim {
		verdict = "**not reached**"
	}
	fmt.Printf("| %s | %.3g %s | %.3g %s | %s | %s |\n", what, took, unit, aim, unit, verdict, beside)
}

// looks is how many browsers, of which none has seen it, the first page is measured in. Their middle one is told: what else a machine of two cores
// does makes one of them a quarter slower.
const looks = 7

// onDemo measures the first page of the demo.
func onDemo(ctx context.Context, bin string) error {
	s, err := serve(ctx, bin, func(string) ([]string, error) { return []string{"-demo", "-no-open"}, nil })
	if err != nil {
		return err
	}
	defer s.end()
	// The past of the demo comes with its first scan.
	if _, err := s.client.ScanWith(ctx, rand.Text(), map[string]any{"types": nil}); err != nil {
		return err
	}
	type page struct{ CPU, Main, Assets, Answers float64 }
	var pages []page
	for range looks {
		first, err := measured[page](ctx, s, "first", "")
		if err != nil {
			return err
		}
		pages = append(pages, first)
	}
	slices.SortFunc(pages, func(a, b page) int { return cmp.Compare(a.CPU, b.CPU) })
	first := pages[looks/2]
	line("first page, until nothing loads", first.CPU, 1, "s of renderer CPU",
		fmt.Sprintf("its main thread %.3g s; %d browsers took %.3g to %.3g s", first.Main, looks, pages[0].CPU, pages[looks-1].CPU))
	line("first page, compressed", first.Assets/1e3, 250, "KB", fmt.Sprintf("answers of the API %.3g KB", first.Answers/1e3))
	return nil
}

// onScan measures a scan of many cells while it runs. AWS answers late, so that cells end one after another.
func onScan(ctx context.Context, bin string) error {
	s, err := serve(ctx, bin, func(dir string) ([]string, error) {
		account := filepath.Join(dir, "account.json")
		return []string{"-demo", "-no-open", "-demo-options", account}, os.WriteFile(account, []byte(`{"latency":"3s"}`), 0o600)
	})
	if err != nil {
		return err
	}
	defer s.end()
	job, err := s.client.ScanWith(ctx, rand.Text(), map[string]any{"regions": estate.Regions, "types": nil})
	if err != nil {
		return err
	}
	live, err := measured[struct{ Seconds, CPU float64 }](ctx, s, "live", job)
	if err != nil {
		return err
	}
	j, err := s.client.Job(ctx, job)
	if err != nil {
		return err
	}
	line(fmt.Sprintf("a live scan of %d cells in %.0f s", j.Progress.CellsTotal, live.Seconds), 100*live.CPU/live.Seconds, 20, "% of a core", "")
	return nil
}

// onMillion measures the inventory of an organisation.
func onMillion(ctx context.Context, bin string, resources int) error {
	s, err := serve(ctx, bin, func(dir string) ([]string, error) {
		return nil, fill(ctx, filepath.Join(dir, "history.sqlite"), estate.Estate{Resources: resources, Accounts: max(1, resources/1000)})
	})
	if err != nil {
		return err
	}
	defer s.end()
	type rows struct{ API, After float64 }
	got, err := measured[struct {
		Opened, Sorted, Filtered           rows
		Still, Scrolled, Whole, Heap, Rows float64
	}](ctx, s, "inventory", "")
	if err != nil {
		return err
	}
	for _, one := range []struct {
		what string
		rows rows
	}{{"first rows", got.Opened}, {"rows in another order", got.Sorted}, {"rows of a filter", got.Filtered}} {
		line(fmt.Sprintf("%s of %d resources, after the API's answer", one.what, resources), one.rows.After, 300, "ms", fmt.Sprintf("the API took %.3g ms", one.rows.API))
	}
	line("scrolling, a frame at p95", got.Scrolled, 16, "ms of renderer CPU", fmt.Sprintf("at rest %.3g ms; with the threads that paint, at the mean %.3g ms", got.Still, got.Whole))
	line(fmt.Sprintf("heap with %.0f rows come", got.Rows), got.Heap/1e6, 150, "MB", "")
	return nil
}

// fill brings a scan of today into a new history.
func fill(ctx context.Context, file string, e estate.Estate) error {
	s, err := history.Open(ctx, history.Options{URL: file, Dictionary: e.Examples(), Migrate: true})
	if err != nil {
		return err
	}
	defer s.Close()
	scan := e.Scan(0)
	scan.At = time.Now().Add(-time.Hour).UnixMilli()
	slices.Sort(scan.Accounts)
	return s.Ingest(ctx, scan)
}
