package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/tracker"
)

// A page is one Redis string: a byte that says whether a zone follows, the zone,
// and rows of JSON, one a line, compressed with zstd. Pages are named by the run
// that wrote them and count only once their cell is closed with that run, so a
// rerun replaces and never doubles.

const (
	pageBare  = 0 // rows follow
	pageZoned = 1 // a zone, then rows
)

func pageKey(job, cell string, run, n int) string {
	return jobKey(job, fmt.Sprintf("p:%s:%d:%d", cell, run, n))
}

// maxPageBytes bounds a decoded page, whatever Redis answers.
const maxPageBytes = 256 << 20

var (
	zstdEncoder = must(zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithWindowSize(1<<20), zstd.WithEncoderConcurrency(2), zstd.WithLowerEncoderMem(true)))
	// Findings are few and alike: a tenth less of them is worth the time.
	findingEncoder = must(zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBetterCompression), zstd.WithWindowSize(1<<20), zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true)))
	zstdDecoder    = must(zstd.NewReader(nil, zstd.WithDecoderMaxMemory(maxPageBytes), zstd.WithDecoderConcurrency(2), zstd.WithDecoderLowmem(true)))
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err) // wrong options: a bug, seen by every test
	}
	return v
}

// Written is what a cell wrote.
type Written struct {
	Rows, Pages, Bytes int
	Summary            tracker.Summary
}

// PageWriter writes the pages of one run of a cell. It holds one page in memory.
// It is for one goroutine.
type PageWriter struct {
	store   *Store
	job     string
	cell    string
	run     int
	expires time.Time
	rows    bytes.Buffer
	zone    zone
	inPage  int
	written Written
}

// Pages returns a writer of the pages of a cell. They are deleted at expires, the
// time by which the job is.
func (s *Store) Pages(job string, c tracker.Cell, run int, expires time.Time) *PageWriter {
	return &PageWriter{store: s, job: job, cell: c.ID(), run: run, expires: expires, zone: make(zone, zoneBytes), written: Written{Summary: tracker.NewSummary()}}
}

// Add appends resources and writes every page that is full.
func (w *PageWriter) Add(ctx context.Context, rs ...tracker.Resource) error {
	enc := json.NewEncoder(&w.rows)
	enc.SetEscapeHTML(false)
	for _, r := range rs {
		if err := enc.Encode(r); err != nil {
			return fmt.Errorf("encode %s: %w", r.Key(), err)
		}
		w.zone.addResource(r)
		w.written.Summary.Add(r)
		w.written.Rows++
		if w.inPage++; w.inPage == w.store.o.PageRows {
			if err := w.flush(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *PageWriter) flush(ctx context.Context) error {
	if w.inPage == 0 {
		return nil
	}
	page := make([]byte, 0, 1+zoneBytes+w.rows.Len()/8)
	if w.inPage == w.store.o.PageRows {
		page = append(append(page, pageZoned), w.zone...)
	} else {
		page = append(page, pageBare)
	}
	page = zstdEncoder.EncodeAll(w.rows.Bytes(), page)
	ttl := max(w.expires.Sub(w.store.o.Now()), time.Minute)
	if err := w.store.rdb.Set(ctx, pageKey(w.job, w.cell, w.run, w.written.Pages), page, ttl).Err(); err != nil {
		return fmt.Errorf("write page %d of %s: %w", w.written.Pages, w.cell, err)
	}
	w.written.Pages++
	w.written.Bytes += len(page)
	w.inPage = 0
	w.rows.Reset()
	clear(w.zone)
	return nil
}

// Close writes the last page and returns what was written.
func (w *PageWriter) Close(ctx context.Context) (Written, error) {
	err := w.flush(ctx)
	return w.written, err
}

// Drop deletes the pages: their cell was closed by another, or is to run again.
func (w *PageWriter) Drop(ctx context.Context) error {
	for n := range w.written.Pages {
		if err := w.store.rdb.Unlink(ctx, pageKey(w.job, w.cell, w.run, n)).Err(); err != nil {
			return fmt.Errorf("drop page %d of %s: %w", n, w.cell, err)
		}
	}
	return nil
}

func (s *Store) pageAt(ctx context.Context, key string) ([]byte, error) {
	return pageOf(s.rdb.Get(ctx, key))
}

// pageOf returns the rows of a page that was read, one a line.
func pageOf(read *redis.StringCmd) ([]byte, error) {
	b, err := read.Bytes()
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	body := b[min(1, len(b)):]
	if len(b) > zoneBytes && b[0] == pageZoned {
		body = b[1+zoneBytes:]
	}
	rows, err := zstdDecoder.DecodeAll(body, make([]byte, 0, 12*len(body)))
	return rows, wrap(err, "decode")
}

// zoneBatch is how many zones are read in one round trip: half a megabyte.
const zoneBatch = 256

// pagesHolding returns which pages of a cell, from first on, can hold a row that
// f selects.
func (s *Store) pagesHolding(ctx context.Context, job string, c closedCell, first int, f filter.Filter) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		zoned := c.pages > 1 && zonesTell(f)
		for start := first; start < c.pages; start += zoneBatch {
			end := min(start+zoneBatch, c.pages)
			zones := make([]*redis.StringCmd, 0, end-start)
			if zoned {
				_, err := s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
					for n := start; n < end; n++ {
						zones = append(zones, p.GetRange(ctx, pageKey(job, c.ID(), c.run, n), 0, zoneBytes))
					}
					return nil
				})
				if err != nil {
					yield(0, fmt.Errorf("read the zones of %s: %w", c.ID(), err))
					return
				}
			}
			for n := start; n < end; n++ {
				if len(zones) > 0 {
					z := zones[n-start].Val()
					if len(z) == 1+zoneBytes && z[0] == pageZoned && !zone(z[1:]).mayHold(f) {
						continue
					}
				}
				if !yield(n, nil) {
					return
				}
			}
		}
	}
}
