package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// concern is whether something is about an account.
type concern int

const (
	apart   concern = iota // it is about others
	about                  // it is about the account
	unknown                // nobody can tell, or not yet
)

// isAbout is the concern of what is about one account, or unknown where that is not known.
func isAbout(one, account string) concern {
	switch one {
	case account:
		return about
	case "":
		return unknown
	}
	return apart
}

// roles is the concern of what enters accounts through roles.
func roles(refs []tracker.AccountRef, account string) concern {
	if slices.ContainsFunc(refs, func(a tracker.AccountRef) bool { return tracker.AccountOfRole(a.RoleARN) == account }) {
		return about
	}
	return apart
}

// jobHead is what of a job says whether it is wanted.
type jobHead struct {
	state   tracker.JobState // empty where there is no such job
	account string           // of the credentials, where they say it
	request tracker.ScanRequest
}

func (s *Store) jobHead(ctx context.Context, id string) (h jobHead, err error) {
	v, err := s.rdb.HMGet(ctx, jobKey(id, "m"), "state", "account", "request").Result()
	if err != nil {
		return h, fmt.Errorf("read the head of job %s: %w", id, err)
	}
	text := func(i int) string { t, _ := v[i].(string); return t }
	h.state, h.account = tracker.JobState(text(0)), text(1)
	if request := text(2); request != "" {
		err = wrap(json.Unmarshal([]byte(request), &h.request), "decode request of job %s", id)
	}
	return h, err
}

// jobConcerns tells whether a job is about an account, by what it was asked for and, where
// that does not name accounts, by the cells that were discovered.
func (s *Store) jobConcerns(ctx context.Context, id string, h jobHead, account string) (concern, error) {
	switch {
	case len(h.request.Accounts) > 0:
		return roles(h.request.Accounts, account), nil
	case h.request.Organization:
		return s.memberOf(ctx, id, account)
	case h.account != "":
		return isAbout(h.account, account), nil
	}
	// All its cells are of one account, or one stands for finding out which that is.
	cells, err := s.rdb.HRandField(ctx, jobKey(id, "c"), 1).Result()
	if err != nil || len(cells) == 0 {
		return unknown, wrap(err, "read a cell of job %s", id)
	}
	cell, err := tracker.ParseCell(cells[0])
	if err != nil || cell.AccountID == tracker.SelfAccount {
		return unknown, err
	}
	return isAbout(cell.AccountID, account), nil
}

// memberOf tells whether a job has units of an account, once the accounts of its
// organisation are known.
func (s *Store) memberOf(ctx context.Context, id, account string) (concern, error) {
	organization := tracker.Cell{AccountID: tracker.OrganizationAccount, Region: tracker.Any, Type: tracker.Any}
	waits, err := s.rdb.HExists(ctx, jobKey(id, "c"), organization.ID()).Result()
	if err != nil || waits {
		return unknown, wrap(err, "read the cells of job %s", id)
	}
	for cursor := uint64(0); ; {
		found, next, err := s.rdb.HScan(ctx, jobKey(id, "u"), cursor, account+"/*", 1000).Result()
		if err != nil {
			return unknown, fmt.Errorf("read the units of job %s: %w", id, err)
		}
		if len(found) > 0 {
			return about, nil
		}
		if cursor = next; cursor == 0 {
			return apart, nil
		}
	}
}

// concerns tells whether a schedule is about an account: by the roles that it enters, and
// where it names none by its newest run, if the schedule was not changed since.
func (s Schedules) concerns(ctx context.Context, sc tracker.Schedule, account string) (concern, error) {
	scans := sc.Plan == nil
	switch {
	case scans && len(sc.Request.Accounts) > 0:
		return roles(sc.Request.Accounts, account), nil
	case sc.RoleARN != "" && (!scans || !sc.Request.Organization):
		return isAbout(tracker.AccountOfRole(sc.RoleARN), account), nil
	}
	tells, err := s.lastRunTells(ctx, sc)
	if err != nil || !tells {
		return unknown, err
	}
	if !scans {
		one, err := s.rdb.HGet(ctx, jobKey(sc.LastRun, "pm"), "account").Result()
		if err != nil && !errors.Is(err, redis.Nil) {
			return unknown, fmt.Errorf("read the account of plan %s: %w", sc.LastRun, err)
		}
		return isAbout(one, account), nil
	}
	head, err := s.jobHead(ctx, sc.LastRun)
	if err != nil || head.state == "" { // it is kept no longer
		return unknown, err
	}
	return s.jobConcerns(ctx, sc.LastRun, head, account)
}

// lastRunTells reports whether the newest run of a schedule was started by the schedule as
// it is now.
func (s Schedules) lastRunTells(ctx context.Context, sc tracker.Schedule) (bool, error) {
	if sc.LastRun == "" {
		return false, nil
	}
	events, err := s.History(ctx, sc.ID)
	if err != nil {
		return false, err
	}
	for _, e := range events { // newest first
		if e.Job == sc.LastRun || e.PlanID == sc.LastRun {
			return true, nil
		}
		if e.What == "schedule.changed" {
			return false, nil
		}
	}
	return false, nil
}
