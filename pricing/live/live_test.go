package live_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/pricing"
	"github.com/consolesensei/resource-tracker/pricing/live"
	"github.com/consolesensei/resource-tracker/tracker"
)

// cache is a live.Cache in memory.
type cache struct {
	mu   sync.Mutex
	kept map[string]tracker.PriceAnswer
}

func (c *cache) Answer(_ context.Context, want string) (*tracker.PriceAnswer, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if a, ok := c.kept[want]; ok {
		return &a, nil
	}
	return nil, nil
}

func (c *cache) Keep(_ context.Context, want string, a tracker.PriceAnswer) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept[want] = a
	return nil
}

// priceList answers GetProducts: the price by instance type and region, in the
// shape that AWS answers, with reserved terms and a product of another usage.
type priceList struct {
	mu     sync.Mutex
	prices map[string]string // "m5.large eu-west-1"
	asked  []string
	denied bool
}

func (p *priceList) Do(req *http.Request) (*http.Response, error) {
	var in struct {
		ServiceCode string
		Filters     []struct{ Field, Value string }
	}
	if err := json.NewDecoder(req.Body).Decode(&in); err != nil {
		return nil, err
	}
	f := map[string]string{"host": req.URL.Host}
	for _, filter := range in.Filters {
		f[filter.Field] = filter.Value
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	what := f["instanceType"] + " " + f["regionCode"]
	p.asked = append(p.asked, fmt.Sprintf("%s %s %s", in.ServiceCode, what, f["operatingSystem"]))
	status, body := http.StatusOK, `{"FormatVersion":"aws_v1","PriceList":[]}`
	if price := p.prices[what]; price != "" {
		b, err := json.Marshal(map[string]any{"FormatVersion": "aws_v1", "PriceList": []string{
			recorded("EUW1-BoxUsage:"+f["instanceType"], price), recorded("EUW1-UnusedBox:"+f["instanceType"], "99.0"),
		}})
		if err != nil {
			return nil, err
		}
		body = string(b)
	}
	if p.denied {
		status, body = http.StatusBadRequest, `{"__type":"AccessDeniedException","message":"not authorized to perform: pricing:GetProducts"}`
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: req}, nil
}

func recorded(usage, price string) string {
	return `{"product":{"productFamily":"Compute Instance","sku":"AAAA","attributes":{"usagetype":"` + usage + `","vcpu":"2"}},"serviceCode":"AmazonEC2",
	"terms":{"OnDemand":{"AAAA.JRTCKXETXF":{"sku":"AAAA","effectiveDate":"2026-11-01T00:00:00Z","offerTermCode":"JRTCKXETXF","termAttributes":{},
	"priceDimensions":{"AAAA.JRTCKXETXF.6YS6EN2CT7":{"unit":"Hrs","beginRange":"0","endRange":"Inf","rateCode":"AAAA.JRTCKXETXF.6YS6EN2CT7",
	"description":"an hour","appliesTo":[],"pricePerUnit":{"USD":"` + price + `"}}}}},
	"Reserved":{"AAAA.4NA7Y494T4":{"priceDimensions":{"x":{"unit":"Hrs","pricePerUnit":{"USD":"0.0600000000"}}}}}},"version":"20261101","publicationDate":"2026-11-01T00:00:00Z"}`
}

func (p *priceList) config() aws.Config {
	return aws.Config{
		Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""), HTTPClient: p,
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}
}

func instance(kind, region string) tracker.Resource {
	return tracker.Resource{ID: "i", Type: "EC2_Instance", State: "running", Region: region, Metadata: tracker.Metadata{
		"instance_type": kind, "usage_operation": "RunInstances", "tenancy": "default", "lifecycle": "on-demand",
	}}
}

func month(r tracker.Resource, l *live.List) string {
	l.Price(&r)
	value := "unknown"
	if r.MonthlyCost != nil {
		value = r.MonthlyCost.String()
	}
	return fmt.Sprintf("%s %s %s", value, r.Cost.Basis, r.Cost.Source)
}

func TestLearn(t *testing.T) {
	at := time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return at }
	aws := &priceList{prices: map[string]string{"m8i.large eu-west-1": "0.1070000000"}}
	kept := &cache{kept: map[string]tracker.PriceAnswer{}}
	l := live.New(pricing.Embedded(), kept, clock)
	m5, x9, home := instance("m8i.large", "eu-west-1"), instance("x9.huge", "eu-west-1"), instance("m8i.large", "us-east-1")
	learn := func(l *live.List, want error) {
		t.Helper()
		if err := l.Learn(t.Context(), aws.config(), []tracker.Resource{m5, m5, x9, home}); (err == nil) != (want == nil) {
			t.Errorf("error %v, want %v", err, want)
		}
	}
	costs := func(l *live.List, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, []string{month(m5, l), month(x9, l), month(home, l)}); diff != "" {
			t.Errorf("costs (-want +got):\n%s", diff)
		}
	}
	asked := func(want int) {
		t.Helper()
		if len(aws.asked) != want {
			t.Errorf("asked %q, want %d questions", aws.asked, want)
		}
	}
	const listed = "AWS's list by aws/karpenter-provider-aws, zz_generated.pricing_aws.go at 1d92708"
	costs(l, "77.2632 other_region "+listed, "unknown unknown ", "77.2632 list "+listed)

	learn(l, nil)
	asked(2) // each price once, and not what the book has of this year
	costs(l, "78.11 list the AWS Price List, live", "unknown unknown ", "77.2632 list "+listed)
	learn(l, nil)
	asked(2) // answered today, also with nothing

	other := live.New(pricing.Embedded(), kept, clock)
	learn(other, nil)
	asked(2) // another worker takes what was kept
	costs(other, "78.11 list the AWS Price List, live", "unknown unknown ", "77.2632 list "+listed)

	at = at.Add(25 * time.Hour)
	aws.denied = true
	third := live.New(pricing.Embedded(), kept, clock)
	learn(third, errors.New("denied"))
	costs(third, "78.11 list the AWS Price List, live", "unknown unknown ", "77.2632 list "+listed) // the last good one
	before := len(aws.asked)
	learn(third, nil)
	asked(before) // a failure is not repeated at once
}

// TestLearnCancelled asks on after a job that was cancelled.
func TestLearnCancelled(t *testing.T) {
	aws := &priceList{prices: map[string]string{"m8i.large eu-west-1": "0.1070000000"}}
	l := live.New(pricing.Embedded(), &cache{kept: map[string]tracker.PriceAnswer{}}, time.Now)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := instance("m8i.large", "eu-west-1")
	if err := l.Learn(ctx, aws.config(), []tracker.Resource{r}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that it was cancelled", err)
	}
	if err := l.Learn(t.Context(), aws.config(), []tracker.Resource{r}); err != nil {
		t.Error(err)
	}
	if got := month(r, l); got != "78.11 list the AWS Price List, live" {
		t.Error(got)
	}
}
