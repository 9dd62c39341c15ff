package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"

	"golang.org/x/term"

	"github.com/consolesensei/resource-tracker/internal/service"
)

// showConsole prints the address of a demo's console, with a link that signs in once where
// the service can make one. At a terminal it opens it too, if that is wanted.
func showConsole(ctx context.Context, s *service.Service, open bool, stdout io.Writer) {
	link, err := s.SignInLink(ctx)
	if err != nil {
		fmt.Fprintf(stdout, "Console: %s/ (sign in with a key: %v)\n", s.URL, err)
		return
	}
	fmt.Fprintf(stdout, "Console: %s\nThe link signs in once, within ten minutes. After that, sign in at %s/ with the key\n", link, s.URL)
	if open && isTerminal(stdout) {
		browse(ctx, link, stdout)
	}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// browse opens an address in the person's browser, and says so where there is none. The
// browser goes on when the program ends.
func browse(ctx context.Context, address string, stdout io.Writer) {
	name, args := opener(runtime.GOOS)
	cmd := exec.CommandContext(context.WithoutCancel(ctx), name, append(args, address)...) //nolint:gosec // of the list below, with our own address
	if err := cmd.Start(); err != nil {
		fmt.Fprintf(stdout, "No browser was opened: %v\n", err)
		return
	}
	go func() { _ = cmd.Wait() }()
}

// opener is the command that opens an address on a system.
func opener(system string) (name string, args []string) {
	switch system {
	case "darwin":
		return "open", nil
	case "windows":
		return "rundll32", []string{"url.dll,FileProtocolHandler"}
	}
	return "xdg-open", nil
}
