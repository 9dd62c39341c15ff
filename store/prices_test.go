package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestPrices(t *testing.T) {
	s, rdb := open(t, store.Options{})
	p := store.Prices{Store: s}
	const want = "eu-west-1 ec2 instance m5.large linux"
	if a, err := p.Answer(t.Context(), want); a != nil || err != nil {
		t.Errorf("%+v, %v before anything was kept", a, err)
	}
	for _, a := range []tracker.PriceAnswer{
		{At: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)},
		{Found: true, Price: tracker.Dollars(0.107), Unit: "hour", At: time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)},
	} {
		if err := p.Keep(t.Context(), want, a); err != nil {
			t.Fatal(err)
		}
		got, err := p.Answer(t.Context(), want)
		if diff := cmp.Diff(&a, got); diff != "" || err != nil {
			t.Errorf("%v (-kept +got):\n%s", err, diff)
		}
	}
	if ttl := rdb.TTL(t.Context(), "rt:price:"+want).Val(); ttl <= 0 {
		t.Errorf("a price is kept for ever: %v", ttl)
	}
}
