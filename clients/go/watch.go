package client

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"time"
)

// errSilent is how a connection ends that has said nothing for too long.
var errSilent = errors.New("the server has said nothing for too long")

// watcher is the body of an answer, which ends when nothing comes for too long: the server was
// killed without a word, or the computer slept and the connection is gone.
type watcher struct {
	body   io.ReadCloser
	ctx    context.Context
	cancel context.CancelCauseFunc
	heard  atomic.Int64 // when, by the clock on the wall: others stand still while the computer sleeps
}

// watch begins to watch a request. Whoever calls it closes the watcher.
func watch(ctx context.Context, silence time.Duration) (context.Context, *watcher) {
	ctx, cancel := context.WithCancelCause(ctx)
	w := &watcher{ctx: ctx, cancel: cancel}
	w.hear()
	go func() {
		tick := time.NewTicker(silence / 16)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				if time.Now().UnixNano()-w.heard.Load() > int64(silence) {
					cancel(errSilent)
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return ctx, w
}

func (w *watcher) hear() {
	w.heard.Store(time.Now().UnixNano())
}

// Read reads from the body.
func (w *watcher) Read(p []byte) (int, error) {
	n, err := w.body.Read(p)
	w.hear()
	if err != nil && !errors.Is(err, io.EOF) {
		err = w.explain(err)
	}
	return n, err
}

// explain is the error, or that of the watcher, which it followed from.
func (w *watcher) explain(err error) error {
	if errors.Is(context.Cause(w.ctx), errSilent) {
		return errSilent
	}
	return err
}

// Close ends the request.
func (w *watcher) Close() error {
	w.cancel(nil)
	if w.body == nil {
		return nil
	}
	return w.body.Close()
}
