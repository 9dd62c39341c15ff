package actions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/smithy-go"
	gocmp "github.com/google/go-cmp/cmp"
)

// shelf answers for things in bulk, as they are when its call begins.
type shelf struct {
	takes time.Duration // of a call

	mu    sync.Mutex
	state map[string]string
	bad   map[string]string // the codes by which a call for an ID is refused
	calls [][]string
}

func (s *shelf) set(id, state string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state[id] = state
}

func (s *shelf) sizes() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	var sizes []int
	for _, ids := range s.calls {
		sizes = append(sizes, len(ids))
	}
	return sizes
}

func (s *shelf) bulk(most int) *bulk[string] {
	return &bulk[string]{
		most: most, missing: []string{"NotFound"}, invalid: []string{"Malformed"},
		ask: func(ctx context.Context, _ Target, ids []string) (map[string]string, error) {
			s.mu.Lock()
			s.calls = append(s.calls, slices.Clone(ids))
			found := map[string]string{}
			var err error
			for _, id := range ids {
				if state, ok := s.state[id]; ok {
					found[id] = state
				}
				if code := s.bad[id]; code != "" && err == nil {
					err = &smithy.GenericAPIError{Code: code, Message: id}
				}
			}
			s.mu.Unlock()
			if s.takes > 0 {
				select {
				case <-time.After(s.takes):
				case <-ctx.Done():
					return nil, ctx.Err()
				}
			}
			return found, err
		},
	}
}

func things(n int) (*shelf, []string) {
	s := &shelf{state: map[string]string{}, bad: map[string]string{}}
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("x-%03d", i)
		s.state[ids[i]] = "there"
	}
	return s, ids
}

// lookAll looks at all IDs at once, and says in a word what each look saw.
func lookAll(ctx context.Context, b *bulk[string], t Target, ids []string) map[string]string {
	saw := make([]string, len(ids))
	var wg sync.WaitGroup
	for i, id := range ids {
		wg.Go(func() {
			v, there, err := b.get(ctx, t, id)
			switch {
			case err != nil:
				saw[i] = err.Error()
			case !there:
				saw[i] = "gone"
			default:
				saw[i] = v
			}
		})
	}
	wg.Wait()
	all := map[string]string{}
	for i, id := range ids {
		all[id] = saw[i]
	}
	return all
}

// TestBulk_Together: looks that come together are few calls, none of them larger
// than AWS allows, and each sees its own.
func TestBulk_Together(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, ids := things(100)
		saw := lookAll(t.Context(), s.bulk(50), Target{Looks: NewLooks()}, ids)
		if diff := gocmp.Diff([]int{50, 50}, s.sizes()); diff != "" || len(saw) != 100 || saw["x-042"] != "there" {
			t.Errorf("calls (-want +got):\n%s%v", diff, saw)
		}
	})
}

// TestBulk_SlowCalls: while a call is under way, the next one gathers; one that
// hangs holds up nobody for long.
func TestBulk_SlowCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, ids := things(40)
		s.takes = 500 * time.Millisecond
		b, target := s.bulk(1000), Target{Looks: NewLooks()}
		var wg sync.WaitGroup
		for i, id := range ids {
			wg.Go(func() {
				time.Sleep(time.Duration(i) * 20 * time.Millisecond)
				_, _, _ = b.get(t.Context(), target, id)
			})
		}
		wg.Wait()
		if n := len(s.sizes()); n != 3 {
			t.Errorf("40 looks within 800 ms at calls of 500 ms are %d calls: %v", n, s.sizes())
		}

		s.takes = time.Hour
		go func() { _, _, _ = b.get(t.Context(), target, ids[0]) }()
		time.Sleep(time.Minute)
		begun := time.Now()
		go func() { _, _, _ = b.get(t.Context(), target, ids[1]) }()
		for n := len(s.sizes()); len(s.sizes()) == n; {
			time.Sleep(time.Millisecond)
		}
		if waited := time.Since(begun); waited > 2*holdFor {
			t.Errorf("a call that hangs held up the next one for %v", waited)
		}
	})
}

// TestBulk_Fresh: what is seen is as it was after the look was asked for, also when
// a call for the same is under way.
func TestBulk_Fresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, ids := things(1)
		s.takes = time.Second
		b, target := s.bulk(1000), Target{Looks: NewLooks()}
		var first map[string]string
		var wg sync.WaitGroup
		wg.Go(func() { first = lookAll(t.Context(), b, target, ids) })
		time.Sleep(gatherFor + time.Millisecond) // its call has begun
		s.set(ids[0], "changed")
		second := lookAll(t.Context(), b, target, ids)
		wg.Wait()
		if first[ids[0]] != "there" || second[ids[0]] != "changed" {
			t.Errorf("before the change %v, after it %v", first, second)
		}
	})
}

// TestBulk_BadIDs: an ID that AWS refuses a call for spoils no other, and few calls
// find it.
func TestBulk_BadIDs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, ids := things(1000)
		s.bad[ids[123]], s.bad[ids[900]] = "NotFound", "Malformed"
		saw := lookAll(t.Context(), s.bulk(1000), Target{Looks: NewLooks()}, ids)
		for id, state := range saw {
			want := "there"
			switch id {
			case ids[123]:
				want = "gone"
			case ids[900]:
				want = "api error Malformed: x-900"
			}
			if state != want {
				t.Errorf("of %s was seen %q, want %q", id, state, want)
			}
		}
		if n := len(s.sizes()); n > 60 {
			t.Errorf("two bad ones of a thousand take %d calls", n)
		}

		// Where all are bad, it is not much more than a call for each.
		all, ids := things(200)
		for _, id := range ids {
			all.bad[id] = "NotFound"
		}
		for id, state := range lookAll(t.Context(), all.bulk(1000), Target{Looks: NewLooks()}, ids) {
			if state != "gone" {
				t.Errorf("of %s was seen %q", id, state)
			}
		}
		if n := len(all.sizes()); n > 260 {
			t.Errorf("200 bad ones take %d calls", n)
		}
	})
}

// TestBulk_Refused: an error that is about the caller and not an ID is everybody's,
// and is asked for once.
func TestBulk_Refused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, ids := things(10)
		s.bad[ids[3]] = "UnauthorizedOperation"
		for id, state := range lookAll(t.Context(), s.bulk(1000), Target{Looks: NewLooks()}, ids) {
			if !strings.Contains(state, "UnauthorizedOperation") {
				t.Errorf("of %s was seen %q", id, state)
			}
		}
		if n := len(s.sizes()); n != 1 {
			t.Errorf("%d calls", n)
		}
	})
}

// TestBulk_GivesUp: a caller that gives up costs the others nothing, the first one
// included, and the last one ends the call.
func TestBulk_GivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, ids := things(3)
		s.takes = time.Second
		b, target := s.bulk(1000), Target{Looks: NewLooks()}
		impatient, cancel := context.WithCancel(t.Context())
		var first error
		var others map[string]string
		var wg sync.WaitGroup
		wg.Go(func() { _, _, first = b.get(impatient, target, ids[0]) })
		synctest.Wait()
		wg.Go(func() { others = lookAll(t.Context(), b, target, ids[1:]) })
		time.Sleep(100 * time.Millisecond)
		cancel()
		wg.Wait()
		if !errors.Is(first, context.Canceled) || others[ids[1]] != "there" || others[ids[2]] != "there" {
			t.Errorf("the one that gave up got %v, the others saw %v", first, others)
		}

		s.takes = time.Hour
		alone, giveUp := context.WithTimeout(t.Context(), time.Minute)
		defer giveUp()
		begun := time.Now()
		_, _, err := b.get(alone, target, ids[0])
		synctest.Wait() // no goroutine is left behind
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) != time.Minute {
			t.Errorf("alone it got %v after %v", err, time.Since(begun))
		}
	})
}

// TestBulk_Apart: what AWS describes apart is asked for apart, and so are regions.
func TestBulk_Apart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := things(0)
		b := s.bulk(1000)
		b.apart = func(id string) string { return id[:1] }
		looks := NewLooks()
		here, there := Target{Looks: looks}, Target{Looks: looks}
		there.Config.Region = "eu-west-1"
		var wg sync.WaitGroup
		wg.Go(func() { lookAll(t.Context(), b, here, []string{"a/1", "a/2", "b/1"}) })
		wg.Go(func() { lookAll(t.Context(), b, there, []string{"a/3"}) })
		wg.Wait()
		for _, ids := range s.calls {
			slices.Sort(ids)
		}
		slices.SortFunc(s.calls, slices.Compare)
		if diff := gocmp.Diff([][]string{{"a/1", "a/2"}, {"a/3"}, {"b/1"}}, s.calls); diff != "" {
			t.Errorf("calls (-want +got):\n%s", diff)
		}
	})
}

// TestBulk_Lasting: what does not change is asked for once, unless nobody answered.
func TestBulk_Lasting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, ids := things(2)
		s.bad[ids[1]] = "RequestLimitExceeded"
		b, target := s.bulk(1), Target{Looks: NewLooks()}
		b.lasts = true
		for range 2 {
			lookAll(t.Context(), b, target, ids)
		}
		if n := len(s.sizes()); n != 3 {
			t.Errorf("%d calls: %v", n, s.calls)
		}
	})
}
