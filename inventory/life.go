package inventory

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Life is what is known of one resource: what it was from when to when, and how much is known of its cell.
type Life struct {
	Key      string
	Resource json.RawMessage // as it was seen last
	First    time.Time
	Gone     *time.Time // nil while it is there, as far as scans saw
	Cell     KnownCell
	Versions []LifeVersion // the newest first
	More     bool          // there are older ones
}

// LifeVersion is what a resource was from one time to another.
type LifeVersion struct {
	Since          time.Time          `json:"since" doc:"When a scan first saw it like this"`
	Until          *time.Time         `json:"until" doc:"When a scan first saw it otherwise, or gone; null: it is still so, as far as scans saw"`
	Began          tracker.ChangeKind `json:"began,omitempty" enum:"added,changed" doc:"added: it was not there before. changed: it was otherwise before. Absent: what it was before is not kept any more"`
	Ended          tracker.ChangeKind `json:"ended,omitempty" enum:"changed,removed" doc:"changed: it was otherwise after. removed: it was gone after. Absent: it is still so"`
	State          string             `json:"state"`
	StateSince     time.Time          `json:"state_since" doc:"Since when, as far as scans saw, it was in its state"`
	Cost           *tracker.Money     `json:"cost" doc:"US dollars a month; null where it is not known"`
	CostDifference *tracker.Money     `json:"cost_difference" doc:"By how much the known cost had changed since the version before; null where either is not known"`
	Fields         []Field            `json:"fields" doc:"What differs from the version before, where it was changed"`
	Noise          []Field            `json:"noise,omitempty" doc:"What differs although nobody has changed anything"`
}

// ParseKey is which resource a key names: account_id/region/resource_type/resource_id. ok is false of what is no key.
func ParseKey(key string) (c tracker.Cell, id string, ok bool) {
	part := strings.SplitN(key, "/", 4)
	if len(part) != 4 || part[0] == "" || part[1] == "" || part[2] == "" || part[3] == "" {
		return c, "", false
	}
	return tracker.Cell{AccountID: part[0], Region: part[1], Type: tracker.Type(part[2])}, part[3], true
}

// Life is that of a resource with a key, with at most limit of the versions that began before a time. The region of a
// key is that of the resource, or its cell's, which of global types is another. ok is false where none was ever seen.
func (v View) Life(ctx context.Context, key string, before int64, limit int, noisy func(string) bool) (l Life, ok bool, err error) {
	cell, id, ok := ParseKey(key)
	if !ok {
		return l, false, nil
	}
	region := cell.Region
	of, ok, err := v.History.Life(ctx, v.Tenant, cell, id, before, limit+1)
	if err == nil && !ok {
		cell.Region = tracker.Global
		of, ok, err = v.History.Life(ctx, v.Tenant, cell, id, before, limit+1)
	}
	if err != nil || !ok {
		return l, false, err
	}
	newest := of.Versions
	if before != history.Forever {
		last, _, err := v.History.Life(ctx, v.Tenant, cell, id, history.Forever, 1)
		if err != nil {
			return l, false, err
		}
		newest = last.Versions
	}
	if len(newest) == 0 { // its versions are not kept any more
		return l, false, nil
	}
	l.Resource = newest[0].JSON
	own := gjson.GetBytes(l.Resource, "region").String()
	if region != cell.Region && region != own {
		return l, false, nil
	}
	l.Key = strings.Join([]string{cell.AccountID, own, string(cell.Type), id}, "/")
	l.First, l.Gone = time.UnixMilli(of.First).UTC(), moment(of.Gone)
	seen, err := v.History.SeenAt(ctx, v.Tenant, v.At.UnixMilli(), cell.AccountID)
	if err != nil {
		return l, false, err
	}
	l.Cell = v.cell(seen.Reading(cell))
	l.Versions = make([]LifeVersion, len(of.Versions))
	for i, version := range of.Versions {
		after := before
		if i > 0 {
			after = of.Versions[i-1].From
		}
		l.Versions[i] = lifeVersion(version, after)
		if i > 0 {
			l.Versions[i-1].follows(version, of.Versions[i-1], noisy)
		}
	}
	if oldest := len(of.Versions) - 1; oldest >= 0 && of.Versions[oldest].From == of.First {
		l.Versions[oldest].Began = tracker.Added
	}
	if l.More = len(of.Versions) > limit; l.More { // the last one was read for what differs from it
		l.Versions = l.Versions[:limit]
	}
	return l, true, nil
}

// lifeVersion is a version of which the next began at a time; Forever is none.
func lifeVersion(v history.Version, next int64) LifeVersion {
	out := LifeVersion{Since: time.UnixMilli(v.From).UTC(), State: v.State, StateSince: time.UnixMilli(v.StateSince).UTC(), Cost: (*tracker.Money)(v.Cost), Fields: []Field{}}
	if v.To == history.Forever {
		return out
	}
	out.Until, out.Ended = moment(v.To), tracker.Removed
	if v.To == next {
		out.Ended = tracker.Changed
	}
	return out
}

// follows notes what differs from the version before.
func (l *LifeVersion) follows(old, now history.Version, noisy func(string) bool) {
	if old.To != now.From {
		l.Began = tracker.Added
		return
	}
	l.Began = tracker.Changed
	l.Fields, l.Noise = differing(old.JSON, now.JSON, noisy)
	if old.Cost != nil && now.Cost != nil {
		l.CostDifference = new(tracker.Money(*now.Cost - *old.Cost))
	}
}
