package client

import "time"

// WithSilence sets how long a stream may say nothing.
func WithSilence(d time.Duration) Option {
	return func(t *Tracker) { t.silence = d }
}
