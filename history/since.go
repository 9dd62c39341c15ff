package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Key names a resource.
type Key struct {
	tracker.Cell
	Resource string // its ID
}

// heads calls f with the open version of each resource that has one.
func (s *Store) heads(ctx context.Context, q querier, tenant string, keys []Key, f func(Key, Version) error) error {
	rows := make([][4]string, len(keys))
	for i, k := range keys {
		rows[i] = [4]string{k.AccountID, k.Region, string(k.Type), k.Resource}
	}
	argument, err := json.Marshal(rows)
	if err != nil || len(keys) == 0 {
		return err
	}
	// SQLite keeps the order of CROSS JOIN. Of its own accord it reads the list once for each resource.
	list, join := `json_each($2)`, ` CROSS JOIN `
	if s.pg {
		list, join = `jsonb_array_elements($2::jsonb)`, ` JOIN `
	}
	var k Key
	var v Version
	return each(ctx, q, `SELECT k.account, k.region, k.type, k.rid, `+columns+`
		FROM (SELECT value->>0 AS account, value->>1 AS region, value->>2 AS type, value->>3 AS rid FROM `+list+`) k`+
		join+`account a ON a.tenant = $1 AND a.account = k.account`+
		join+`cell c ON c.account = a.id AND c.region = k.region AND c.type = k.type`+
		join+`resource r ON r.cell = c.id AND r.rid = k.rid AND r.hash IS NOT NULL`+
		join+`version v ON v.resource = r.id AND v.valid_from = r.since`,
		[]any{tenant, string(argument)}, append([]any{&k.AccountID, &k.Region, &k.Type, &k.Resource}, v.fields()...), func() error { return f(k, v) })
}

// StateSince is since when, as far as scans saw, resources are in their state. It says in which, too: a scan that is
// not in may have seen another. Of keys there are a page at most.
func (s *Store) StateSince(ctx context.Context, tenant string, keys []Key) (map[Key]StateSince, error) {
	since := make(map[Key]StateSince, len(keys))
	return since, s.heads(ctx, s.reads, tenant, keys, func(k Key, v Version) error {
		since[k] = StateSince{v.State, v.StateSince}
		return nil
	})
}

// StateSince is a state, and since when a resource is in it.
type StateSince struct {
	State string
	At    int64
}

// OpenSince is since when a finding is open; 0 is that it is not.
func (s *Store) OpenSince(ctx context.Context, tenant, finding string) (at int64, err error) {
	err = s.reads.QueryRowContext(ctx, `SELECT opened_at FROM finding WHERE tenant = $1 AND finding_id = $2 AND resolved_at IS NULL`, tenant, finding).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return at, err
}
