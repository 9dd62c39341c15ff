package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// example is one command of a document and what it prints; "…" stands for
// anything.
type example struct {
	command, answer string
}

var (
	consoleBlock = regexp.MustCompile("(?ms)^```console\n(.*?)^```$")
	// inAnswer finds the value of a variable in an answer, by the variable's name.
	inAnswer = map[string]*regexp.Regexp{
		"JOB": regexp.MustCompile(`"job_id":"([^"]+)"`), "PLAN": regexp.MustCompile(`"plan_id":"([^"]+)"`), "DIGEST": regexp.MustCompile(`"digest":"([^"]+)"`),
	}
)

// TestReadmeAnswersAsPrinted runs every command in the consoles of README.md,
// and then of docs/api.md, against the program that the first one starts.
func TestReadmeAnswersAsPrinted(t *testing.T) {
	t.Parallel()
	var examples []example
	for _, document := range []string{"../README.md", "../docs/api.md"} {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		found := readExamples(string(text))
		if len(found) < 10 {
			t.Fatalf("%s has %d commands only: %+v", document, len(found), found)
		}
		examples = append(examples, found...)
	}
	if examples[0].command != "go run ./cmd/api -demo" {
		t.Fatalf("the first command of the README does not start the demo: %+v", examples[0])
	}

	port := freePort()
	server := start(t, []string{"PORT=" + strconv.Itoa(port), "DATA_DIR=" + t.TempDir(), "LOG_LEVEL=error"}, t.TempDir(),
		filepath.Join(bin, "api"), "-demo")
	if err := server.answers(localURL(port)+"/ready", time.Minute); err != nil {
		t.Fatal(err)
	}
	// The program's output reaches the test through a pipe, after /ready answers.
	whole := func(context.Context) bool {
		return examples[0].matches(asUnderGoRun(server.output(), port))
	}
	_ = server.ready(10*time.Second, whole) // a difference is shown below
	printed := asUnderGoRun(server.output(), port)
	if !examples[0].matches(printed) {
		t.Errorf("the demo printed\n%s\nwant\n%s", printed, examples[0].answer)
	}
	_, key, _ := strings.Cut(server.output(), "TRACKER_API_KEY=")
	key, _, _ = strings.Cut(key, "\n")

	env := append(os.Environ(), "TRACKER_URL="+localURL(port), "TRACKER_API_KEY="+strings.TrimSpace(key))
	last := ""
	for _, e := range examples[1:] {
		if name, ok := strings.CutSuffix(e.command, "=…"); ok {
			if name != "export TRACKER_API_KEY" {
				env = append(env, name+"="+inAnswer[name].FindStringSubmatch(last)[1])
			}
			continue
		}
		ask := func() bool {
			script := strings.ReplaceAll(e.command, "localhost:5000", "127.0.0.1:"+strconv.Itoa(port))
			if line, ok := strings.CutPrefix(script, "go run ./cmd/tracker "); ok {
				script = filepath.Join(bin, "tracker") + " " + line + " 2>/dev/null" // without the progress
			}
			cmd := exec.Command("bash", "-o", "pipefail", "-c", script)
			cmd.Env = env
			out, err := cmd.CombinedOutput()
			last = string(out)
			return err == nil && e.matches(last)
		}
		// A request that only reads is asked again, as the README says of polling.
		limit := time.NewTimer(10 * time.Second)
		for !ask() {
			again := time.NewTimer(100 * time.Millisecond)
			select {
			case <-again.C:
				if !strings.Contains(e.command, " -X ") {
					continue
				}
			case <-limit.C:
			}
			t.Fatalf("%s\nprinted\n%.3000s\nwant\n%s", e.command, last, e.answer)
		}
		limit.Stop()
	}
}

// asUnderGoRun is what a program prints as if "go run" had started it, on port 5000.
func asUnderGoRun(printed string, port int) string {
	printed = strings.ReplaceAll(printed, strconv.Itoa(port), "5000")
	return strings.Replace(printed, "\ntracker scan\n", "\ngo run ./cmd/tracker scan\n", 1)
}

// matches reports whether a program printed the answer.
func (e example) matches(printed string) bool {
	parts := strings.Split(strings.TrimSpace(e.answer), "…")
	for i, p := range parts {
		parts[i] = regexp.QuoteMeta(p)
	}
	return regexp.MustCompile("(?s)^" + strings.Join(parts, ".*?") + "$").MatchString(strings.TrimSpace(printed))
}

// readExamples reads the commands, which begin with "$ " and go on after a
// backslash, and the lines that follow each.
func readExamples(text string) []example {
	var all []example
	for _, block := range consoleBlock.FindAllStringSubmatch(text, -1) {
		more := false
		for line := range strings.Lines(block[1]) {
			command, ok := strings.CutPrefix(line, "$ ")
			switch {
			case ok:
				all = append(all, example{command: strings.TrimSuffix(command, "\n")})
			case more:
				all[len(all)-1].command += "\n" + strings.TrimSuffix(line, "\n")
			default:
				all[len(all)-1].answer += line
			}
			more = (ok || more) && strings.HasSuffix(strings.TrimRight(line, "\n"), `\`)
		}
	}
	return all
}
