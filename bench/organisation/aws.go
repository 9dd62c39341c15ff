package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/consolesensei/resource-tracker/bench/internal/lab"
	"github.com/consolesensei/resource-tracker/bench/internal/wire"
)

// serveAWS serves the organisation until the process is ended.
func serveAWS(address string, o setup) error {
	front := &wire.Front{Next: wire.OrganizationHandler(o.organization()), Latency: o.latency, PerSecond: o.perSecond, Burst: max(1, 2*o.perSecond)}
	server := &http.Server{Addr: address, Handler: front, ReadHeaderTimeout: time.Minute}
	return server.ListenAndServe()
}

// aws is the AWS of the organisation as a process.
type aws struct {
	*lab.Process
	url string
}

// startAWS starts this program as the AWS of the organisation.
func startAWS(ctx context.Context, dir string, o setup) (aws, error) {
	self, err := os.Executable()
	if err != nil {
		return aws{}, err
	}
	port, err := lab.FreePort(ctx)
	if err != nil {
		return aws{}, err
	}
	address := "127.0.0.1:" + port
	a := aws{
		lab.Keep(dir, "aws", os.Environ(), self, "-serve", address, "-latency", o.latency.String(), "-quota", fmt.Sprint(o.perSecond),
			"-accounts", fmt.Sprint(o.accounts), "-regions", fmt.Sprint(o.regions), "-most", fmt.Sprint(o.most)),
		"http://" + address,
	}
	if err := lab.Until(ctx, "the AWS of the organisation answers", func() bool { _, err := a.tally(ctx); return err == nil }); err != nil {
		a.End()
		return a, err
	}
	return a, nil
}

// tally returns the calls that AWS has got so far.
func (a aws) tally(ctx context.Context) (t wire.Tally, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.url+wire.TallyPath, nil)
	if err != nil {
		return t, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return t, err
	}
	defer resp.Body.Close()
	return t, json.NewDecoder(resp.Body).Decode(&t)
}
