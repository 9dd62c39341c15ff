package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

// counted holds a worker's counts of its calls to AWS.
type counted struct {
	calls               map[string]int // by "service:Operation"
	failed              map[string]int // by "service:Operation code"
	total               int
	throttled, heldBack int
}

var sample = regexp.MustCompile(`^resource_tracker_aws_(\w+)_total\{(.*)\} (\S+)$`)

var labelPattern = regexp.MustCompile(`(\w+)="([^"]*)"`)

// scrape reads a worker's metrics.
func scrape(ctx context.Context, address string) (counted, error) {
	c := counted{calls: map[string]int{}, failed: map[string]int{}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/metrics", nil)
	if err != nil {
		return c, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return c, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return c, err
	}
	for line := range strings.Lines(string(text)) {
		m := sample.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue
		}
		labels := map[string]string{}
		for _, l := range labelPattern.FindAllStringSubmatch(m[2], -1) {
			labels[l[1]] = l[2]
		}
		v, err := strconv.ParseFloat(m[3], 64)
		if err != nil {
			return c, fmt.Errorf("metrics of the worker: %w", err)
		}
		switch n := int(v); m[1] {
		case "calls":
			api := labels["service"] + ":" + labels["operation"]
			c.calls[api] += n
			c.total += n
			if labels["code"] != "OK" {
				c.failed[api+" "+labels["code"]] += n
			}
		case "throttles":
			c.throttled += n
		case "budget_refusals":
			c.heldBack += n
		}
	}
	return c, nil
}
