// Package mototest gives tests a moto_server: an AWS over HTTP that really changes.
package mototest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// Start starts a moto_server for a test, and returns the way to it.
func Start(t *testing.T) aws.Config {
	t.Helper()
	url, stop, err := Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return Config(url)
}

// Run starts a moto_server, and returns its URL when it answers.
func Run(ctx context.Context) (url string, stop func(), err error) {
	if _, err := exec.LookPath("moto_server"); err != nil {
		return "", nil, fmt.Errorf("this test needs moto_server on PATH (`make deps` says how to get it)")
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	port := strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	if err := l.Close(); err != nil {
		return "", nil, err
	}
	cmd := exec.Command("moto_server", "-H", "127.0.0.1", "-p", port) //nolint:gosec,noctx // a port is all that varies; stop ends it
	// Without the setting each region has 560 images of others, owned by self.
	cmd.Env = append(os.Environ(), "MOTO_EC2_LOAD_DEFAULT_AMIS=false")
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	url = "http://127.0.0.1:" + port
	if err := answers(ctx, url); err != nil {
		stop()
		return "", nil, err
	}
	return url, stop, nil
}

// answers waits until a moto_server does.
func answers(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s did not answer: %w", url, ctx.Err())
		case <-tick.C:
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/moto-api/", http.NoBody)
			if err != nil {
				return err
			}
			if resp, err := http.DefaultClient.Do(r); err == nil {
				return resp.Body.Close()
			}
		}
	}
}

// Config is the way to a moto_server.
func Config(url string) aws.Config {
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: &url, Credentials: credentials.NewStaticCredentialsProvider("AKIATEST", "secret", ""),
		// moto closes every connection after its answer.
		HTTPClient: &http.Client{Timeout: time.Minute, Transport: &http.Transport{DisableKeepAlives: true}},
	}
}
