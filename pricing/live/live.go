// Package live keeps a book of prices up to date from the AWS Price List.
//
// It asks for prices that a scan needs and the book lacks in the region, or has
// only from long ago. It asks for each once. All workers share the answer for a
// day, and keep it after that until a newer one takes its place.
package live

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/pricing"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"

	"github.com/consolesensei/resource-tracker/pricing"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	// Endpoint is the region that answers for the prices of all regions.
	Endpoint = "us-east-1"
	// source is the source that rates name.
	source = "the AWS Price List, live"
	// fresh is how long an answer counts before it is asked for again. The
	// answer that there is no such price counts as long.
	fresh = 24 * time.Hour
	// old is the age from which on a newer price is asked for.
	old = 90 * 24 * time.Hour
	// patience bounds how long a page of resources waits for prices.
	patience = 15 * time.Second
	// pause is how long List asks for nothing after a failure.
	pause = 10 * time.Minute
	// asking bounds the questions that are on their way at once.
	asking = 4
)

// Cache keeps answers for all workers.
type Cache interface {
	// Answer returns the kept answer to a want; nil when there is none.
	Answer(ctx context.Context, want string) (*tracker.PriceAnswer, error)
	Keep(ctx context.Context, want string, a tracker.PriceAnswer) error
}

// List is a book that learns. It is safe for concurrent use.
type List struct {
	cache Cache
	now   func() time.Time

	book   atomic.Pointer[pricing.Book]
	flight singleflight.Group

	mu     sync.Mutex
	known  map[pricing.Want]time.Time // answered, also with nothing
	silent time.Time                  // nothing is asked before
}

// New returns a List that begins with a book.
func New(b *pricing.Book, cache Cache, now func() time.Time) *List {
	l := &List{cache: cache, now: now, known: map[pricing.Want]time.Time{}}
	l.book.Store(b)
	return l
}

// Book returns the book as it is now.
func (l *List) Book() *pricing.Book { return l.book.Load() }

// Cost returns what r costs by the book as it is now.
func (l *List) Cost(r tracker.Resource) tracker.Cost { return l.Book().Cost(r) }

// Price sets the cost of r from the book as it is now.
func (l *List) Price(r *tracker.Resource) { l.Book().Price(r) }

// Learn asks for the prices that resources need. Its error names the questions
// that failed. Prices then stay as before, and nothing is asked for a while.
func (l *List) Learn(ctx context.Context, cfg aws.Config, rs []tracker.Resource) error {
	wants := l.wants(rs)
	if len(wants) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cfg.Region = Endpoint
	client := sdk.NewFromConfig(cfg)
	rows, errs := make([]*pricing.Row, len(wants)), make([]error, len(wants))
	var g errgroup.Group
	g.SetLimit(asking)
	for i, w := range wants {
		g.Go(func() error {
			rows[i], errs[i] = l.learn(ctx, client, w)
			return nil
		})
	}
	_ = g.Wait()
	l.add(wants, rows, errs)
	return errors.Join(errs...)
}

// wants returns the prices to ask for, each once.
func (l *List) wants(rs []tracker.Resource) []pricing.Want {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if now.Before(l.silent) {
		return nil
	}
	var wants []pricing.Want
	seen := map[pricing.Want]bool{}
	for _, r := range rs {
		for _, w := range l.Book().Wants(r, now.Add(-old).Format(time.DateOnly)) {
			_, askable := queryOf(w.Key)
			if !askable || seen[w] || now.Sub(l.known[w]) < fresh {
				continue
			}
			seen[w] = true
			wants = append(wants, w)
		}
	}
	return wants
}

// add puts the answers into the book.
func (l *List) add(wants []pricing.Want, rows []*pricing.Row, errs []error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var fresh []pricing.Row
	for i, w := range wants {
		switch {
		case errs[i] == nil:
			l.known[w] = l.now()
		case !errors.Is(errs[i], context.Canceled): // a job that was cancelled says nothing of the Price List
			l.silent = l.now().Add(pause)
		}
		if rows[i] != nil {
			fresh = append(fresh, *rows[i])
		}
	}
	if len(fresh) > 0 {
		l.book.Store(l.Book().With(fresh...))
	}
}

// learn returns the price of a want, from the cache or from AWS. With an error
// it returns the last kept price, if there is one. It returns nil when there is
// no such price.
func (l *List) learn(ctx context.Context, client *sdk.Client, w pricing.Want) (*pricing.Row, error) {
	name := w.Region + " " + w.Key.String()
	kept, err := l.cache.Answer(ctx, name)
	if err != nil {
		return nil, err
	}
	if kept != nil && l.now().Sub(kept.At) < fresh {
		return row(w, *kept), nil
	}
	v, err, _ := l.flight.Do(name, func() (any, error) {
		a, err := ask(ctx, client, w)
		if err != nil {
			return nil, err
		}
		a.At = l.now().UTC()
		return a, l.cache.Keep(ctx, name, a)
	})
	if err != nil {
		if kept != nil {
			return row(w, *kept), err
		}
		return nil, err
	}
	return row(w, v.(tracker.PriceAnswer)), nil
}

// row returns an answer as a price of a book; nil when the answer is that there
// is none.
func row(w pricing.Want, a tracker.PriceAnswer) *pricing.Row {
	if !a.Found {
		return nil
	}
	return &pricing.Row{Region: w.Region, Key: w.Key, Rate: pricing.Rate{
		Price: a.Price, Unit: a.Unit, AsOf: a.At.Format(time.DateOnly), Source: source,
	}}
}

// ask reads all pages of the products that a want may mean.
func ask(ctx context.Context, client *sdk.Client, w pricing.Want) (tracker.PriceAnswer, error) {
	q, _ := queryOf(w.Key)
	in := q.input(w.Region)
	var products []string
	for {
		out, err := client.GetProducts(ctx, in)
		if err != nil {
			return tracker.PriceAnswer{}, fmt.Errorf("price of %s in %s: %w", w.Key, w.Region, err)
		}
		products = append(products, out.PriceList...)
		if aws.ToString(out.NextToken) == "" || aws.ToString(out.NextToken) == aws.ToString(in.NextToken) {
			break
		}
		in.NextToken = out.NextToken
	}
	price, ok, err := q.price(products)
	return tracker.PriceAnswer{Found: ok, Price: price, Unit: q.unit}, err
}
