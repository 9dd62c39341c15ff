package tracker

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Quota names something that is limited.
type Quota string

// The quotas of a tenant.
const (
	QuotaRequests    Quota = "requests"
	QuotaJobs        Quota = "jobs"
	QuotaJobsDay     Quota = "jobs_per_day"
	QuotaCellsJob    Quota = "cells_per_job"
	QuotaCellsDay    Quota = "cells_per_day"
	QuotaSchedules   Quota = "schedules"
	QuotaPlans       Quota = "plans"
	QuotaPlansDay    Quota = "plans_per_day"
	QuotaStoredBytes Quota = "stored_bytes"
	QuotaPaidCalls   Quota = "paid_calls_per_month"
)

// The limits of an address, which count before anybody is known.
const (
	QuotaAddressRequests Quota = "address.requests"
	QuotaAddressFailures Quota = "address.failures"
)

const (
	ofPrincipal = "principal."
	ofAddress   = "address."
)

// OfPrincipal is the same quota for each principal of a tenant.
func (q Quota) OfPrincipal() Quota { return ofPrincipal + q }

// OfAddress reports whether the quota is one of an address, which no tenant has.
func (q Quota) OfAddress() bool { return strings.HasPrefix(string(q), ofAddress) }

// IsOfPrincipal reports whether the quota is one of each principal.
func (q Quota) IsOfPrincipal() bool { return strings.HasPrefix(string(q), ofPrincipal) }

// QuotaInfo is a row of the table of quotas.
type QuotaInfo struct {
	Quota   Quota
	Per     string // second, job, day or month; empty is what there is at once
	Default int64  // 0 is no limit
	Meaning string
}

// QuotaTable is all quotas.
var QuotaTable = []QuotaInfo{
	{QuotaRequests, "second", 200, "Requests of a tenant."},
	{QuotaJobs, "", 100, "Jobs of a tenant that have not ended."},
	{QuotaJobsDay, "day", 5000, "Jobs that a tenant starts. A retry is one."},
	{QuotaCellsJob, "job", 100_000, "Cells of a job."},
	{QuotaCellsDay, "day", 2_000_000, "Cells of all jobs of a tenant."},
	{QuotaSchedules, "", 500, "Schedules of a tenant."},
	{QuotaPlans, "", 200, "Plans of a tenant that have not ended."},
	{QuotaPlansDay, "day", 2000, "Plans that a tenant makes."},
	{QuotaStoredBytes, "", 2 << 30, "Bytes of all pages of resources and findings that are kept for a tenant. A tenant beyond it starts no job."},
	{QuotaPaidCalls, "month", 1000, "Calls to Cost Explorer that a tenant's scans make. AWS takes USD 0.01 for each."},
	{QuotaRequests.OfPrincipal(), "second", 0, "Requests of one principal."},
	{QuotaJobs.OfPrincipal(), "", 0, "Jobs of one principal that have not ended."},
	{QuotaJobsDay.OfPrincipal(), "day", 0, "Jobs that one principal starts."},
	{QuotaCellsDay.OfPrincipal(), "day", 0, "Cells of all jobs of one principal."},
	{QuotaPlans.OfPrincipal(), "", 0, "Plans of one principal that have not ended."},
	{QuotaPlansDay.OfPrincipal(), "day", 0, "Plans that one principal makes."},
	{QuotaPaidCalls.OfPrincipal(), "month", 0, "Calls to Cost Explorer that the scans of one principal make."},
	{QuotaAddressRequests, "second", 500, "Requests of one address, or one /64 of IPv6, to one process of the API, whoever makes them."},
	{QuotaAddressFailures, "", 10, "Failed log-ins of one address before further ones have to wait."},
}

// Info is the row of a quota; ok is false when there is no such quota.
func (q Quota) Info() (info QuotaInfo, ok bool) {
	i := slices.IndexFunc(QuotaTable, func(i QuotaInfo) bool { return i.Quota == q })
	if i < 0 {
		return QuotaInfo{}, false
	}
	return QuotaTable[i], true
}

// Limits are limits by quota. One that is missing or 0 is no limit.
type Limits map[Quota]int64

// MaxLimit is the largest limit: numbers of Lua are exact up to it.
const MaxLimit = 1 << 50

// DefaultLimits are those of the table that are limits.
func DefaultLimits() Limits {
	l := Limits{}
	for _, i := range QuotaTable {
		if i.Default > 0 {
			l[i.Quota] = i.Default
		}
	}
	return l
}

// ParseLimits reads a list such as jobs=20,requests=50. It has what is named alone.
func ParseLimits(text string) (Limits, error) {
	l := Limits{}
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item == "" {
			continue
		}
		name, value, _ := strings.Cut(item, "=")
		q := Quota(strings.TrimSpace(name))
		if _, ok := q.Info(); !ok {
			return nil, fmt.Errorf("holds %q, which is not the name of a quota and a number, such as jobs=20", item)
		}
		if _, twice := l[q]; twice {
			return nil, fmt.Errorf("names %s twice", q)
		}
		n, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
		if err != nil || n < 0 || n > MaxLimit {
			return nil, fmt.Errorf("gives %s a limit that is not a whole number from 0 to %d", q, int64(MaxLimit))
		}
		l[q] = n
	}
	return l, nil
}

// String writes limits as ParseLimits reads them, in the order of the table.
func (l Limits) String() string {
	var items []string
	for _, i := range QuotaTable {
		if n, ok := l[i.Quota]; ok {
			items = append(items, fmt.Sprintf("%s=%d", i.Quota, n))
		}
	}
	return strings.Join(items, ",")
}

// With is these limits with others in their place.
func (l Limits) With(others Limits) Limits {
	all := Limits{}
	maps.Copy(all, l)
	maps.Copy(all, others)
	return all
}

// QuotaUse is how far a quota is used.
type QuotaUse struct {
	Name     Quota      `json:"name" doc:"Of the tenant; principal. before it is what you may use of it yourself"`
	Per      string     `json:"per,omitempty" enum:"second,job,day,month" doc:"The time that it is counted in, or job; absent where it counts what there is at once"`
	Limit    int64      `json:"limit" doc:"0 is no limit"`
	Used     int64      `json:"used"`
	ResetsAt *time.Time `json:"resets_at,omitempty" doc:"When it is counted anew"`
}

// Use is how far a quota is used at a time.
func (q Quota) Use(limit, used int64, now time.Time) QuotaUse {
	info, _ := q.Info()
	u := QuotaUse{Name: q, Per: info.Per, Limit: limit, Used: used}
	now = now.UTC()
	var reset time.Time
	switch info.Per {
	case "second":
		reset = now.Truncate(time.Second).Add(time.Second)
	case "day":
		reset = time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, time.UTC)
	case "month":
		reset = time.Date(now.Year(), now.Month()+1, 1, 0, 0, 0, 0, time.UTC)
	default:
		return u
	}
	u.ResetsAt = &reset
	return u
}

// Window is the time that a quota is counted in; 0 where it counts what there is.
func (u QuotaUse) Window() time.Duration {
	switch u.Per {
	case "second":
		return time.Second
	case "day":
		return 24 * time.Hour
	case "month":
		return 30 * 24 * time.Hour
	}
	return 0
}

// Wait is when asking again may be worth it.
func (u QuotaUse) Wait(now time.Time) time.Duration {
	switch {
	case u.ResetsAt != nil:
		return max(time.Second, u.ResetsAt.Sub(now))
	case u.Passes():
		return 5 * time.Second
	}
	return time.Minute
}

// Passes reports whether the quota is free again once something ends that ends by
// itself.
func (u QuotaUse) Passes() bool {
	switch Quota(strings.TrimPrefix(string(u.Name), ofPrincipal)) {
	case QuotaJobs, QuotaPlans:
		return true
	}
	return false
}

// Refused is the error of a request that the quota refuses.
func (u QuotaUse) Refused() *Error {
	e := Errorf(CodeQuota, "the quota %s does not allow it: its limit is %d, and %d are used", u.Name, u.Limit, u.Used)
	e.Quota = &u
	return e
}

// CountedAs names whose use a principal's is: the person's, however many keys they have.
func (p Principal) CountedAs() string { return cmp.Or(p.Person, p.Who) }

// RateUse is how far a quota a second is used.
type RateUse struct {
	Quota Quota
	Limit int64
	Left  int64         // requests that may be made at once
	Reset time.Duration // until all of Limit is left again
	// Wait is until the next request may be made; 0 where this one may.
	Wait time.Duration
}
