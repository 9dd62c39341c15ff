package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// pricesLife is how long an answer of the Price List is kept when no newer one
// takes its place.
const pricesLife = 30 * 24 * time.Hour

// Prices keeps what the AWS Price List answered, for all workers.
type Prices struct{ *Store }

func priceKey(want string) string { return "rt:price:" + want }

// Answer returns what is kept of a price; nil when nothing is.
func (p Prices) Answer(ctx context.Context, want string) (*tracker.PriceAnswer, error) {
	b, err := p.rdb.Get(ctx, priceKey(want)).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the price of %s: %w", want, err)
	}
	var a tracker.PriceAnswer
	if err := json.Unmarshal(b, &a); err != nil {
		return nil, fmt.Errorf("decode the price of %s: %w", want, err)
	}
	return &a, nil
}

// Keep keeps an answer. Run twice, the later one stays.
func (p Prices) Keep(ctx context.Context, want string, a tracker.PriceAnswer) error {
	b, err := encode(a)
	if err != nil {
		return err
	}
	return wrap(p.rdb.Set(ctx, priceKey(want), b, pricesLife).Err(), "keep the price of %s", want)
}
