package scanners

import (
	"context"
	"sync"

	"github.com/consolesensei/resource-tracker/internal/aws/rds"
)

// Share holds answers that several scanners of one account need, so that the
// account is asked once. It keeps only answers that were one page, and is safe
// for concurrent use. Make one for each account and scan: it does not age.
type Share struct {
	principals *memo[principals]

	tags        regional[regionTags]
	dbInstances regional[*rds.DescribeDBInstancesOutput] // nil: more than a page
	dbClusters  regional[*rds.DescribeDBClustersOutput]  // nil: more than a page
}

// NewShare returns an empty Share.
func NewShare() *Share { return &Share{principals: newMemo[principals]()} }

// regional is a memo for each region.
type regional[T any] struct {
	mu    sync.Mutex
	memos map[string]*memo[T]
}

// of returns the memo of a region.
func (r *regional[T]) of(region string) *memo[T] {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.memos == nil {
		r.memos = map[string]*memo[T]{}
	}
	m := r.memos[region]
	if m == nil {
		m = newMemo[T]()
		r.memos[region] = m
	}
	return m
}

// memo remembers one answer. One caller at a time asks for it, with its own
// context, while others wait; a failure is the asker's own and not remembered.
type memo[T any] struct {
	turn  chan struct{}
	known bool
	value T
}

func newMemo[T any]() *memo[T] { return &memo[T]{turn: make(chan struct{}, 1)} }

func (m *memo[T]) get(ctx context.Context, ask func() (T, error)) (T, error) {
	var none T
	select {
	case m.turn <- struct{}{}:
		defer func() { <-m.turn }()
	case <-ctx.Done():
		return none, ctx.Err()
	}
	if m.known {
		return m.value, nil
	}
	v, err := ask()
	if err != nil {
		return none, err
	}
	m.value, m.known = v, true
	return v, nil
}
