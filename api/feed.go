package api

import (
	"cmp"
	"context"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"
)

const (
	// eventPoll is how often the store is asked while nothing happens. After a long
	// silence it is asked every slowPoll.
	eventPoll = 200 * time.Millisecond
	slowPoll  = time.Second
	// eventBatch is how many events go into one message at most.
	eventBatch = 1000
	// windowSize is how many events a feed keeps for followers who are a little behind,
	// and windowLife how long after the last one. Who is further behind reads alone.
	windowSize = 2 * eventBatch
	windowLife = 2 * time.Second
)

// source is where a feed reads of a job or a plan.
type source struct {
	head string // the name of messages that tell how it stands
	news string // the name of messages that tell what happened
	list string // the member of these that has what happened
	// lookEvery is how often look is called although nothing tells of a change.
	lookEvery time.Duration
	// grace is how long the event that tells of the end may come after the end.
	grace time.Duration
	// begin answers the ID after which a feed begins to read.
	begin func(ctx context.Context) (string, error)
	// look answers how the job or plan stands.
	look func(ctx context.Context) (standing, error)
	// read answers what happened after the ID, in order, and the ID up to which it looked.
	read func(ctx context.Context, after string) (batch []happening, end string, err error)
}

// standing is how a job or plan stands, encoded.
type standing struct {
	state         string
	terminal      bool
	message, done []byte
}

// happening is one event of a job, or one line of a plan's audit.
type happening struct {
	id    string
	data  []byte // encoded; nil is one that is not told itself
	turn  bool   // the job stands differently since
	tells string // the state that it tells of
}

// feed reads of one job or plan, once for all who follow it. It never waits for a
// follower: each takes from the window what comes after the ID that it has come to.
type feed struct {
	source
	stop      context.CancelFunc
	gone      chan struct{} // closed when run has ended
	followers int           // the hub's

	mu      sync.Mutex
	changed chan struct{} // closed when anything below changes, and replaced
	window  []happening
	base    string // the window has everything after it
	now     standing
	version int // of now; 0 is before the first look
	ended   bool
	err     error
	// The message that was made last, which followers in step share.
	from, to string
	text     []byte
}

// run reads until the job or plan has ended, the store fails or ctx ends.
func (f *feed) run(ctx context.Context) {
	err := f.poll(ctx)
	f.change(func() { f.ended, f.err = err == nil, err })
}

func (f *feed) poll(ctx context.Context) error {
	at, err := f.begin(ctx)
	if err != nil {
		return err
	}
	now, err := f.look(ctx)
	if err != nil {
		return err
	}
	f.change(func() { f.base, f.now, f.version = at, now, 1 })
	looked, news, ended, told := time.Now(), time.Now(), time.Now(), false
	for {
		over := now.terminal // whatever happened before is read below
		batch, end, err := f.read(ctx, at)
		if err != nil {
			return err
		}
		turned := slices.ContainsFunc(batch, func(h happening) bool { return h.turn })
		if turned || time.Since(looked) >= f.lookEvery {
			before := now
			if now, err = f.look(ctx); err != nil {
				return err
			}
			looked = time.Now()
			turned = turned || now.state != before.state
			if now.terminal && !before.terminal {
				ended = time.Now()
			}
		}
		told = told || slices.ContainsFunc(batch, func(h happening) bool { return h.tells == now.state })
		moved := end != at
		if over && !moved && (told || time.Since(ended) >= f.grace) {
			return nil
		}
		at = end
		if moved || turned {
			news = time.Now()
			f.add(batch, now, turned)
		}
		pause := eventGap
		if !moved {
			pause = min(max(time.Since(news)/10, eventPoll), slowPoll)
		}
		if time.Since(news) > windowLife {
			f.shrink(0)
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// change changes what followers see, and wakes them.
func (f *feed) change(do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	do()
	close(f.changed)
	f.changed = make(chan struct{})
}

func (f *feed) add(batch []happening, now standing, turned bool) {
	f.change(func() {
		f.window = append(f.window, batch...)
		if turned {
			f.now = now
			f.version++
		}
	})
	f.shrink(windowSize)
}

// shrink drops what is oldest in the window, down to a size.
func (f *feed) shrink(size int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if more := len(f.window) - size; more > 0 {
		f.base = f.window[more-1].id
		f.window = slices.Clone(f.window[more:])
		f.from, f.to, f.text = "", "", nil
	}
}

// view is what a feed has for a follower.
type view struct {
	standing
	version int
	ended   bool
	err     error
	base    string
	behind  bool   // the window does not reach back so far
	to      string // the ID that text goes up to; empty is that nothing has happened
	text    []byte // the message, shared; nil is none
	changed <-chan struct{}
}

// after returns what a follower sees who has come to an ID.
func (f *feed) after(id string) view {
	f.mu.Lock()
	defer f.mu.Unlock()
	v := view{standing: f.now, version: f.version, ended: f.ended, err: f.err, base: f.base, changed: f.changed}
	if v.behind = compareIDs(id, f.base) < 0; v.behind {
		return v
	}
	i := sort.Search(len(f.window), func(i int) bool { return compareIDs(f.window[i].id, id) > 0 })
	batch := f.window[i:min(i+eventBatch, len(f.window))]
	if len(batch) == 0 {
		return v
	}
	v.to = batch[len(batch)-1].id
	if f.from != batch[0].id || f.to != v.to {
		f.from, f.to, f.text = batch[0].id, v.to, f.message(batch, v.to)
	}
	v.text = f.text
	return v
}

// message is the message of what happened, or nil when none of it is told.
func (s source) message(batch []happening, id string) []byte {
	size, n := 100, 0
	for _, h := range batch {
		size += len(h.data) + 1
	}
	b := make([]byte, 0, size)
	b = append(b, "id: "+id+"\nevent: "+s.news+"\ndata: {\""+s.list+"\":["...)
	for _, h := range batch {
		if h.data == nil {
			continue
		}
		if n++; n > 1 {
			b = append(b, ',')
		}
		b = append(b, h.data...)
	}
	if n == 0 {
		return nil
	}
	return append(b, "]}\n\n"...)
}

// compareIDs orders the numbers of events, and the IDs of lines of the audit, which
// are two numbers. The empty ID is before all.
func compareIDs(a, b string) int {
	a1, a2, _ := strings.Cut(a, "-")
	b1, b2, _ := strings.Cut(b, "-")
	return cmp.Or(compareNumbers(a1, b1), compareNumbers(a2, b2))
}

func compareNumbers(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}
