package history

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Move is a resource by which a total moved.
type Move struct {
	tracker.Cell
	Cost  int64 // by how much, in nano-dollars a month
	First int64 // when its oldest version that is kept began
	// Version is the newest before the end of the time.
	Version
}

// tagChanges is how many versions are read to tell how the total of a tag moved.
const tagChanges = 10_000

// Moves are the resources by which the total of a key moved most in a time, from a moment to another: which began,
// ended or cost something else. No dimension is everything. Of a tag it looks at the 10,000 costliest changes.
func (s *Store) Moves(ctx context.Context, tenant, dimension, key string, from, to int64, limit int) ([]Move, error) {
	var moved map[int64]int64
	var err error
	if tag, ok := strings.CutPrefix(dimension, "tag:"); ok {
		moved, err = s.tagMoves(ctx, tenant, tag, key, from, to)
	} else {
		moved, err = s.cellMoves(ctx, tenant, dimension, key, from, to, limit)
	}
	if err != nil {
		return nil, err
	}
	var ids []int64
	for id, cost := range moved {
		if cost != 0 {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b int64) int {
		return cmp.Or(cmp.Compare(max(moved[b], -moved[b]), max(moved[a], -moved[a])), cmp.Compare(a, b))
	})
	return s.moves(ctx, ids[:min(len(ids), limit)], moved, to)
}

// changed are the versions of a tenant that began in a time, and by a minus those that ended.
const changed = `(
	SELECT v.resource, v.body, coalesce(v.cost, 0) AS cost FROM version v
	WHERE v.account IN (SELECT id FROM account WHERE tenant = $1) AND v.valid_from >= $2 AND v.valid_from < $3
	UNION ALL
	SELECT v.resource, v.body, -coalesce(v.cost, 0) FROM version v
	WHERE v.account IN (SELECT id FROM account WHERE tenant = $1) AND v.valid_to >= $2 AND v.valid_to < $3 AND v.valid_to < 9223372036854775807) m`

func (s *Store) cellMoves(ctx context.Context, tenant, dimension, key string, from, to int64, limit int) (map[int64]int64, error) {
	where, args := "", []any{tenant, from, to}
	if column := map[string]string{"type": "c.type", "region": "c.region", "account": "a.account"}[dimension]; column != "" {
		where, args = " WHERE "+column+" = $4", append(args, key)
	}
	moved := map[int64]int64{}
	var id, cost int64
	return moved, each(ctx, s.reads, fmt.Sprintf(`SELECT m.resource, CAST(sum(m.cost) AS BIGINT) FROM %s
		JOIN cell c ON c.id = m.resource >> %d JOIN account a ON a.id = c.account%s
		GROUP BY m.resource HAVING sum(m.cost) <> 0 ORDER BY abs(sum(m.cost)) DESC, m.resource LIMIT %d`, changed, cellBits, where, limit),
		args, []any{&id, &cost}, func() error {
			moved[id] = cost
			return nil
		})
}

// tagMoves reads what has changed: which value of a tag a version has is in its row only.
func (s *Store) tagMoves(ctx context.Context, tenant, tag, value string, from, to int64) (map[int64]int64, error) {
	moved := map[int64]int64{}
	var id, cost int64
	var body []byte
	return moved, each(ctx, s.reads, fmt.Sprintf(`SELECT m.resource, m.cost, m.body FROM %s WHERE m.cost <> 0 ORDER BY abs(m.cost) DESC LIMIT %d`, changed, tagChanges),
		[]any{tenant, from, to}, []any{&id, &cost, &body}, func() error {
			json, err := s.decode(ctx, body)
			if err == nil && tagOf(gjson.GetBytes(json, "tags"), tag) == value {
				moved[id] += cost
			}
			return err
		})
}

// moves reads the newest versions of resources.
func (s *Store) moves(ctx context.Context, ids []int64, moved map[int64]int64, to int64) ([]Move, error) {
	at := map[int64]*Move{}
	var m Move
	into := append([]any{&m.AccountID, &m.Region, &m.Type}, m.fields()...)
	err := each(ctx, s.reads, `SELECT a.account, c.region, c.type, `+columns+fmt.Sprintf(` FROM version v JOIN cell c ON c.id = v.resource >> %d JOIN account a ON a.id = c.account
		WHERE `, cellBits)+s.in("v.resource")+` AND v.valid_from < $2 ORDER BY v.resource, v.valid_from`, []any{s.of(ids), to}, into, func() (err error) {
		newest := m
		newest.Cost, newest.First = moved[m.Resource], m.From
		if before := at[m.Resource]; before != nil {
			newest.First = before.First
		}
		newest.JSON, err = s.decode(ctx, m.body)
		at[m.Resource] = &newest
		return err
	})
	if err != nil {
		return nil, err
	}
	all := make([]Move, 0, len(ids))
	for _, id := range ids {
		if m := at[id]; m != nil {
			all = append(all, *m)
		}
	}
	return all, nil
}
