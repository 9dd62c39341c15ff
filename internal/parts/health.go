package parts

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/consolesensei/resource-tracker/internal/config"
)

// healthPatience is how long a program has to say whether it works.
const healthPatience = 5 * time.Second

// Health asks the program that runs on this machine with these settings. An API answers
// whether it is ready, a worker at METRICS_ADDR whether it lives: a Redis that is away is no
// reason to start a worker again. The error wraps syscall.ECONNREFUSED where no program
// listens.
func Health(ctx context.Context, cfg config.Config) error {
	address, path := net.JoinHostPort(cfg.Host, strconv.Itoa(cfg.Port)), "/ready"
	if cfg.Program == config.Worker {
		address, path = cfg.MetricsAddr, "/healthz"
	}
	if address == "" {
		return errors.New("METRICS_ADDR is not set: a worker without it answers nobody; set it, such as to 127.0.0.1:9090")
	}
	address, err := reachable(address)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, healthPatience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+path, nil)
	if err != nil {
		return err
	}
	direct := http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // by no proxy of the environment
	resp, err := direct.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("not ready: %s", resp.Status)
	}
	return nil
}

// reachable is where a program is asked that listens at an address: one that listens at
// every address of the machine, on its loopback.
func reachable(address string) (string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", err
	}
	if port == "0" {
		return "", fmt.Errorf("%s is any free port, which nobody but the program knows: name one", address)
	}
	ip, err := netip.ParseAddr(host)
	switch {
	case host == "", err == nil && ip.IsUnspecified() && ip.Is4():
		host = "127.0.0.1"
	case err == nil && ip.IsUnspecified():
		host = "::1"
	}
	return net.JoinHostPort(host, port), nil
}
