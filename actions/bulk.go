package actions

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// Most of AWS's APIs describe many resources in one call, and an account may make
// only so many calls a second. Looks at resources of one type that are asked for
// at about the same time are therefore made in one call, whoever asks. Each look is
// answered from a call that began after it was asked for: what was seen before a
// change was sent never verifies it.

const (
	// gatherFor is how long a call waits for more looks. It is short beside the time
	// that a call takes.
	gatherFor = 5 * time.Millisecond
	// holdFor is how much longer it waits for the call before it, so that where calls
	// are slow or have to be paid, each carries more. A call that hangs holds up
	// nobody for longer.
	holdFor = time.Second
	// singles is how many calls are made at once that are of one resource only.
	singles = 16
	// shares is how many parts a call is split into that AWS refused for one of its IDs.
	// Halves find a single bad one in a few calls less, but where all are bad they take
	// twice the calls of asking one by one, and eight parts a quarter more.
	shares = 8
)

// Looks are the looks at resources of one account that are being gathered. One
// value serves all regions, for as long as the credentials do.
type Looks struct {
	mu     sync.Mutex
	lines  map[lineKey]any // *line[T]
	single chan struct{}
}

// NewLooks returns an empty Looks.
func NewLooks() *Looks {
	return &Looks{lines: map[lineKey]any{}, single: make(chan struct{}, singles)}
}

// alone makes a call that is of one resource only, few of them at once: more would
// wait for the budget for longer than it lets them. A nil Looks makes it at once.
func (l *Looks) alone(ctx context.Context, call func() error) error {
	if l == nil {
		return call()
	}
	select {
	case l.single <- struct{}{}:
		defer func() { <-l.single }()
		return call()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// bulk describes things of one sort, many in a call.
type bulk[T any] struct {
	most int // IDs that AWS takes in a call
	// apart is what all IDs of a call have to share; nil: nothing.
	apart func(id string) string
	// missing are AWS's words for an ID that does not exist, invalid those for what
	// cannot be one. AWS refuses a call for a single such ID.
	missing, invalid []string
	// lasts says that an answer holds for as long as a plan.
	lasts bool
	// ask returns what there is, by the IDs that it was asked for.
	ask func(ctx context.Context, t Target, ids []string) (map[string]T, error)
}

// reply is what a look at one ID has seen.
type reply[T any] struct {
	v     T
	there bool
	err   error
}

// get looks at one thing, together with whatever else is looked at now.
func (b *bulk[T]) get(ctx context.Context, t Target, id string) (v T, there bool, err error) {
	var a reply[T]
	if t.Looks == nil {
		a = b.seeAll(ctx, t, []string{id})[id]
	} else {
		a = lineOf(t.Looks, b, t, id).look(ctx, t, id)
	}
	return a.v, a.there, a.err
}

// seeAll answers for every ID. Where AWS refuses to describe them for one that is
// not there, smaller parts are asked for until it stands alone.
func (b *bulk[T]) seeAll(ctx context.Context, t Target, ids []string) map[string]reply[T] {
	all := make(map[string]reply[T], len(ids))
	found, err := b.ask(ctx, t, ids)
	switch {
	case err == nil:
		for _, id := range ids {
			v, there := found[id]
			all[id] = reply[T]{v: v, there: there}
		}
	case len(ids) > 1 && (says(err, b.missing...) || says(err, b.invalid...)):
		for part := range slices.Chunk(ids, (len(ids)+shares-1)/shares) {
			maps.Copy(all, b.seeAll(ctx, t, part))
		}
	case says(err, b.missing...) && len(ids) == 1:
		all[ids[0]] = reply[T]{}
	default:
		for _, id := range ids {
			all[id] = reply[T]{err: err}
		}
	}
	return all
}

type lineKey struct {
	bulk          any
	region, apart string
}

// line gathers the looks that one call can answer.
type line[T any] struct {
	bulk *bulk[T]
	mu   sync.Mutex
	next *batch[T]       // is being gathered; nil: none is
	last <-chan struct{} // closed when the batch before it was answered
	kept map[string]reply[T]
}

// batch is one call, and who waits for it.
type batch[T any] struct {
	ids     []string
	waiting int
	full    chan struct{}
	done    chan struct{}
	ctx     context.Context
	cancel  context.CancelFunc
	answers map[string]reply[T] // once done
}

func lineOf[T any](l *Looks, b *bulk[T], t Target, id string) *line[T] {
	key := lineKey{bulk: b, region: t.Config.Region}
	if b.apart != nil {
		key.apart = b.apart(id)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if known, ok := l.lines[key].(*line[T]); ok {
		return known
	}
	fresh := &line[T]{bulk: b, kept: map[string]reply[T]{}}
	l.lines[key] = fresh
	return fresh
}

// look waits for the batch that answers for id. One that gives up leaves the
// others their answers; the last to give up ends the call.
func (l *line[T]) look(ctx context.Context, t Target, id string) reply[T] {
	l.mu.Lock()
	if a, ok := l.kept[id]; ok {
		l.mu.Unlock()
		return a
	}
	b := l.next
	if b == nil {
		b = l.begin(ctx, t)
	}
	b.waiting++
	if !slices.Contains(b.ids, id) {
		b.ids = append(b.ids, id)
	}
	if len(b.ids) == l.bulk.most {
		l.next = nil
		close(b.full)
	}
	l.mu.Unlock()

	select {
	case <-b.done:
		return b.answers[id]
	case <-ctx.Done():
		l.leave(b)
		return reply[T]{err: ctx.Err()}
	}
}

// begin opens a batch. Its call is not the first caller's alone, and outlives it.
func (l *line[T]) begin(ctx context.Context, t Target) *batch[T] {
	b := &batch[T]{full: make(chan struct{}), done: make(chan struct{})}
	b.ctx, b.cancel = context.WithCancel(context.WithoutCancel(ctx))
	before := l.last
	l.next, l.last = b, b.done
	go func() {
		defer b.cancel()
		defer close(b.done)
		b.gather(before)
		l.mu.Lock()
		if l.next == b {
			l.next = nil // whoever comes now wants a call that begins later
		}
		l.mu.Unlock()
		b.answers = l.bulk.seeAll(b.ctx, t, b.ids)
		if l.bulk.lasts {
			l.keep(b.answers)
		}
	}()
	return b
}

// gather waits until the batch is full, or until nobody is likely to join it.
func (b *batch[T]) gather(before <-chan struct{}) {
	timer := time.NewTimer(gatherFor)
	defer timer.Stop()
	select {
	case <-b.full:
		return
	case <-b.ctx.Done():
		return
	case <-timer.C:
	}
	if before == nil {
		return
	}
	timer.Reset(holdFor)
	select {
	case <-b.full:
	case <-b.ctx.Done():
	case <-timer.C:
	case <-before:
	}
}

func (l *line[T]) leave(b *batch[T]) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b.waiting--; b.waiting > 0 {
		return
	}
	if l.next == b {
		l.next = nil
	}
	b.cancel()
}

func (l *line[T]) keep(answers map[string]reply[T]) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, a := range answers {
		if a.err == nil {
			l.kept[id] = a
		}
	}
}
