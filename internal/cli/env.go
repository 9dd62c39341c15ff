package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
	"github.com/consolesensei/resource-tracker/internal/logins"
)

// env is what a verb works in.
type env struct {
	ctx    context.Context //nolint:containedctx // the whole of the program's one run
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	getenv func(string) string
	global

	tracker *client.Tracker
	here    bool          // the server runs on this machine, for this person
	login   *logins.Login // that the client uses, where it does
	closers []func()
}

// global are the flags that every verb has.
type global struct {
	URL     string   `help:"Address of the server; else TRACKER_URL, else that of tracker login, else it runs in this process." placeholder:"URL"`
	Key     string   `help:"API key; else TRACKER_API_KEY, which other users of this machine cannot see." placeholder:"KEY"`
	Demo    bool     `help:"Work on a simulated AWS account, in this process."`
	Output  string   `help:"Form of what is printed: table, json, ndjson, csv or yaml." short:"o" enum:"table,json,ndjson,csv,yaml" default:"table" placeholder:"FORM"`
	Columns []string `help:"Columns to print, by name or by path in the JSON, such as name,cost,tags.env." placeholder:"NAME"`
	Sort    []string `help:"Columns to sort by; descending after a minus, such as -cost,name." placeholder:"NAME"`
}

// close undoes what verbs have opened, the last first.
func (e *env) close() {
	for _, closer := range slices.Backward(e.closers) {
		closer()
	}
}

// size is the terminal that a stream is shown by.
func size(stream any) (width, height int, ok bool) {
	f, ok := stream.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0, 0, false
	}
	width, height, err := term.GetSize(int(f.Fd()))
	if err != nil || width <= 0 {
		return 80, 24, true
	}
	return width, height, true
}

// interactive tells whether a person can be asked.
func (e *env) interactive() bool {
	_, _, in := size(e.stdin)
	_, _, out := size(e.stderr)
	return in && out
}

// colored tells whether a stream shows colours.
func (e *env) colored(stream any) bool {
	_, _, ok := size(stream)
	return ok && wantsColor(e.getenv)
}

// wantsColor tells whether a terminal shall show them. NO_COLOR is that of no-color.org.
func wantsColor(getenv func(string) string) bool {
	return getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"
}

func (e *env) options() output.Options {
	width, _, terminal := size(e.stdout)
	return output.Options{
		Format: e.Output, Columns: e.Columns, Sort: e.Sort,
		Width: width, Terminal: terminal, Color: e.colored(e.stdout), Local: time.Local,
	}
}

// print prints rows in the form that the user wants. Of a table it says which columns had no room.
func (e *env) print(columns []output.Column, rows output.Rows) error {
	return e.first(0, columns, rows)
}

// first is print of the first rows, once they are in order; 0 is all of them.
func (e *env) first(n int, columns []output.Column, rows output.Rows) error {
	o := e.options()
	o.Limit = n
	hidden, err := o.Print(e.stdout, columns, rows)
	if err != nil {
		return err
	}
	if len(hidden) > 0 {
		e.note("no room for %s: --columns names the columns to show", strings.Join(hidden, ", "))
	}
	return nil
}

// table prints a table that is part of something that only people read.
func (e *env) table(columns []output.Column, rows output.Rows) error {
	o := e.options()
	o.Columns, o.Sort = nil, nil
	_, err := o.Print(e.stdout, columns, rows)
	return err
}

// one prints one thing: as it is for programs, and by a function for people.
func (e *env) one(v any, columns []output.Column, human func() error) error {
	raw, err := output.Encode(v)
	if err != nil {
		return err
	}
	if e.Output == output.Table && len(e.Columns) > 0 {
		return e.print(columns, output.Of([]json.RawMessage{raw}))
	}
	done, err := e.options().Object(e.stdout, columns, raw)
	if done || err != nil {
		return err
	}
	return human()
}

// say prints a line to stdout for people. What the arguments hold cannot command the terminal.
func (e *env) say(format string, args ...any) {
	fmt.Fprintln(e.stdout, output.Clean(fmt.Sprintf(format, args...)))
}

// note prints a line to stderr, which programs that read stdout do not see.
func (e *env) note(format string, args ...any) {
	fmt.Fprintln(e.stderr, output.Paint(e.colored(e.stderr), output.Dim, output.Clean(fmt.Sprintf(format, args...))))
}

// ask prints a question to stderr and reads a line. The read goes on after Ctrl-C, until the program ends: nothing else
// ends a read of a terminal.
func (e *env) ask(format string, args ...any) (string, error) {
	fmt.Fprint(e.stderr, output.Clean(fmt.Sprintf(format, args...))+" ")
	type answer struct {
		line string
		err  error
	}
	got := make(chan answer, 1)
	go func() {
		line, err := bufio.NewReader(e.stdin).ReadString('\n')
		got <- answer{strings.TrimSpace(line), err}
	}()
	select {
	case a := <-got:
		return a.line, a.err
	case <-e.ctx.Done():
		return "", e.ctx.Err()
	}
}
