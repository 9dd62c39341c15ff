package cli

import (
	"os/exec"
	"runtime"
)

type openCmd struct {
	Page  string `arg:"" optional:"" help:"The page: docs, openapi, monitoring or metrics." enum:"docs,openapi,monitoring,metrics" default:"docs"`
	Print bool   `help:"Print the address, and open nothing."`
}

var pagesOf = map[string]string{"docs": "/api/v1/docs", "openapi": "/api/v1/openapi.json", "monitoring": "/monitoring", "metrics": "/metrics"}

func (c *openCmd) Run(e *env) error {
	t, err := e.remote()
	if err != nil {
		return err
	}
	url := t.URL(pagesOf[c.Page])
	e.say("%s", url)
	opener := map[string]string{"darwin": "open", "linux": "xdg-open"}[runtime.GOOS]
	if c.Print || opener == "" || !e.interactive() {
		return nil
	}
	path, err := exec.LookPath(opener)
	if err != nil {
		return nil //nolint:nilerr // the address is printed: there is no browser here
	}
	return exec.CommandContext(e.ctx, path, url).Run() //nolint:gosec // the address of the server that the user named
}
