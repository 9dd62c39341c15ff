package actions

import (
	"context"
	"maps"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"

	"github.com/consolesensei/resource-tracker/internal/mototest"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/scanners"
)

// motoAccount is the account that moto takes every unknown key for.
const motoAccount = "123456789012"

func TestMain(m *testing.M) {
	code := m.Run()
	if started.stop != nil {
		started.stop()
	}
	os.Exit(code)
}

// started is the one moto_server of all tests.
var started struct {
	once sync.Once
	url  string
	err  error
	stop func()
}

// moto returns the URL of a moto_server, an AWS over HTTP that really changes.
func moto(t *testing.T) string {
	t.Helper()
	started.once.Do(func() { started.url, started.stop, started.err = mototest.Run(context.Background()) })
	if started.err != nil {
		t.Fatal(started.err)
	}
	return started.url
}

// world is one region in which a test makes and changes things.
type world struct {
	*testing.T
	cfg aws.Config // for the test's own calls
	n   int        // of names
}

func motoWorld(t *testing.T) *world {
	t.Helper()
	cfg := mototest.Config(moto(t))
	cfg.APIOptions = []func(*middleware.Stack) error{sdk.Whole}
	return &world{T: t, cfg: cfg}
}

// name returns one that nothing has yet, and that every service accepts.
func (w *world) name() string {
	w.n++
	return "t-" + copyName(w.Name() + strconv.Itoa(w.n))[17:]
}

// try fails the test that could not make what it needs.
func try[T any](w *world) func(T, error) T {
	return func(out T, err error) T {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
		return out
	}
}

// target is where the action under test works; calls notes what it calls.
func (w *world) target(calls *recorder) Target {
	return Target{Config: calls.on(w.cfg), AccountID: motoAccount}
}

// recorder notes the IAM actions of calls.
type recorder struct {
	mu    sync.Mutex
	count map[string]int
}

func newRecorder() *recorder { return &recorder{count: map[string]int{}} }

func (r *recorder) on(cfg aws.Config) aws.Config {
	cfg = cfg.Copy()
	cfg.APIOptions = append(slices.Clone(cfg.APIOptions), func(stack *middleware.Stack) error {
		return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("recorder", func(
			ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler,
		) (middleware.DeserializeOutput, middleware.Metadata, error) {
			r.mu.Lock()
			r.count[iamAction(awsmiddleware.GetServiceID(ctx), awsmiddleware.GetOperationName(ctx))]++
			r.mu.Unlock()
			return next.HandleDeserialize(ctx, in)
		}), middleware.Before)
	})
	return cfg
}

func (r *recorder) times(action string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.count[action]
}

func (r *recorder) actions() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Sorted(maps.Keys(r.count))
}

// iamAction names the IAM action that a call needs.
func iamAction(service, op string) string {
	if _, action := scanners.Action(service, op); action != "" {
		return action
	}
	return service + ":" + op
}
