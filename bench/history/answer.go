package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/bench/internal/estate"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

// question is something that the API asks.
type question struct {
	name string
	aim  time.Duration // 0: none
	ask  func() (rows int, err error)
}

// answer prints how long what the API asks takes.
func answer(ctx context.Context, s *history.Store, e estate.Estate, scans int) error {
	fmt.Printf("\nload %s\n\n| question | median of five | longest | rows | aim | |\n|---|---|---|---|---|---|\n", load())
	for _, q := range questions(ctx, s, e, scans) {
		var took []time.Duration
		var rows int
		for range 5 {
			began := time.Now()
			n, err := q.ask()
			if err != nil {
				return fmt.Errorf("%s: %w", q.name, err)
			}
			took, rows = append(took, time.Since(began)), n
		}
		slices.Sort(took)
		aim, how := "", ""
		if q.aim > 0 {
			aim, how = fmt.Sprintf("%d ms", q.aim.Milliseconds()), reached(took[2] <= q.aim)
		}
		fmt.Printf("| %s | %.1f ms | %.1f ms | %d | %s | %s |\n", q.name, float64(took[2].Microseconds())/1000, float64(took[4].Microseconds())/1000, rows, aim, how)
	}
	return nil
}

func questions(ctx context.Context, s *history.Store, e estate.Estate, scans int) []question {
	last := estate.DayOf(scans - 1)
	account := estate.AccountID(e.Accounts / 2)
	one := history.Cells{Accounts: []string{account}}
	page := func(cells history.Cells, at int64) func() (int, error) {
		return func() (int, error) {
			p, err := s.AsOf(ctx, "default", cells, at, 0, 1000)
			return len(p), err
		}
	}
	diff := func(days int64, cells history.Cells) func() (int, error) {
		return func() (n int, err error) {
			from, err := s.SeenAt(ctx, "default", last-min(days, int64(scans-1))*estate.Day, cells.Accounts...)
			if err != nil {
				return 0, err
			}
			to, err := s.SeenAt(ctx, "default", last, cells.Accounts...)
			if err != nil {
				return 0, err
			}
			c, err := s.Compare(ctx, "default", cells, from, to)
			if err != nil {
				return 0, err
			}
			err = c.Each(ctx, 0, func(history.Change) error { n++; return nil })
			return n, err
		}
	}
	trend := func(dimension string) func() (int, error) {
		return func() (int, error) {
			d, err := s.Trend(ctx, "default", dimension, 0, 30_000)
			return len(d), err
		}
	}
	life := func() (int, error) {
		p, err := s.AsOf(ctx, "default", one, last, 0, 1)
		if err != nil || len(p) == 0 {
			return 0, err
		}
		id, _, _ := strings.Cut(strings.TrimPrefix(string(p[0].JSON), `{"resource_id":"`), `"`)
		l, _, err := s.Life(ctx, "default", tracker.Cell{AccountID: account, Region: estate.Regions[0], Type: estate.Types[0]}, id, history.Forever, 100)
		return len(l.Versions), err
	}
	return []question{
		{"1,000 resources now", mostAnswer, page(history.Cells{}, last)},
		{"1,000 resources, half of the days ago", mostAnswer, page(history.Cells{}, last-int64(scans/2)*estate.Day)},
		{"one account", mostAnswer, page(one, last)},
		{"one account, half of the days ago", mostAnswer, page(one, last-int64(scans/2)*estate.Day)},
		{"one type", mostAnswer, page(history.Cells{Types: estate.Types[:1]}, last)},
		{"a rare type", mostAnswer, page(history.Cells{Types: []tracker.Type{estate.Rare}}, last)},
		{"one type in one region", mostAnswer, page(history.Cells{Types: estate.Types[3:4], Regions: estate.Regions[5:6]}, last)},
		{"diff of one account, a day", mostAnswer, diff(1, one)},
		{"diff of one account, a week", mostAnswer, diff(7, one)},
		{"diff of one account, all days", mostAnswer, diff(1000, one)},
		{"diff of all accounts, a day", 0, diff(1, history.Cells{})},
		{"diff of all accounts, a week", 0, diff(7, history.Cells{})},
		{"trend by type", mostAnswer, trend("type")},
		{"trend by tag", mostAnswer, trend("tag:team")},
		{"trend by account", 0, trend("account")},
		{"life of one resource", mostAnswer, life},
		{"readings of all cells", 0, func() (int, error) { r, err := s.SeenAt(ctx, "default", last); return len(r.Readings()), err }},
	}
}
