package lake

import (
	"errors"
	"io"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/tidwall/gjson"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Row is a line of the tables inventory and versions. Tenant, day and account are in the names of folders.
type Row struct {
	ResourceID     string            `parquet:"resource_id"`
	ResourceType   string            `parquet:"resource_type,dict"`
	AccountID      string            `parquet:"account_id,dict"`
	Region         string            `parquet:"region,dict"`
	ARN            string            `parquet:"arn"`
	Name           *string           `parquet:"name,optional"`
	State          string            `parquet:"state,dict"`
	CreatedAt      *time.Time        `parquet:"created_at,optional,timestamp(millisecond)"`
	Tags           map[string]string `parquet:"tags"`
	Metadata       string            `parquet:"metadata"` // JSON
	MonthlyCost    *float64          `parquet:"monthly_cost,optional"`
	Currency       *string           `parquet:"currency,optional,dict"`
	CostBasis      *string           `parquet:"cost_basis,optional,dict"`
	CostConfidence *string           `parquet:"cost_confidence,optional,dict"`
	FirstSeen      *time.Time        `parquet:"first_seen,optional,timestamp(millisecond)"`
	SeenAt         *time.Time        `parquet:"seen_at,optional,timestamp(millisecond)"`
	StateSince     time.Time         `parquet:"state_since,timestamp(millisecond)"`
	ValidFrom      time.Time         `parquet:"valid_from,timestamp(millisecond)"`
	ValidTo        *time.Time        `parquet:"valid_to,optional,timestamp(millisecond)"`
}

// CoverageRow is a line of the table coverage: what is known of a cell at the end of a day.
type CoverageRow struct {
	AccountID string     `parquet:"account_id,dict"`
	Region    string     `parquet:"region,dict"`
	Type      string     `parquet:"resource_type,dict"`
	SeenAt    *time.Time `parquet:"seen_at,optional,timestamp(millisecond)"`
	LookedAt  time.Time  `parquet:"looked_at,timestamp(millisecond)"`
	Outcome   string     `parquet:"outcome,dict"`
}

// rowOf is a version as a row, as it was known to be before a time.
func rowOf(v history.Version, cell tracker.Cell, first, seen, before int64) Row {
	r := Row{
		ResourceType: string(cell.Type), AccountID: cell.AccountID, Region: cell.Region, State: v.State, Metadata: "{}", Tags: map[string]string{},
		FirstSeen: moment(first), SeenAt: moment(seen), StateSince: *moment(v.StateSince), ValidFrom: *moment(v.From),
	}
	if v.To < before {
		r.ValidTo = moment(v.To)
	}
	if v.Cost != nil {
		r.MonthlyCost = new(float64(*v.Cost) / 1e9)
	}
	gjson.ParseBytes(v.JSON).ForEach(func(key, value gjson.Result) bool {
		switch key.Str {
		case "resource_id":
			r.ResourceID = value.Str
		case "resource_name":
			r.Name = text(value)
		case "region": // of a global type, where the resource is
			r.Region = value.Str
		case "arn":
			r.ARN = value.Str
		case "creation_date":
			if t, err := time.Parse(time.RFC3339, value.Str); err == nil {
				r.CreatedAt = &t
			}
		case "tags":
			value.ForEach(func(key, value gjson.Result) bool {
				r.Tags[key.Str] = value.Str
				return true
			})
		case "metadata":
			if value.IsObject() {
				r.Metadata = value.Raw
			}
		case "cost":
			r.Currency, r.CostBasis, r.CostConfidence = text(value.Get("currency")), text(value.Get("basis")), text(value.Get("confidence"))
		}
		return true
	})
	return r
}

func text(v gjson.Result) *string {
	if v.Type != gjson.String || v.Str == "" {
		return nil
	}
	return &v.Str
}

// moment is milliseconds since 1970 as a time; nil is of 0, which is not known.
func moment(ms int64) *time.Time {
	if ms == 0 {
		return nil
	}
	t := time.UnixMilli(ms).UTC()
	return &t
}

// groupBytes is how much text a row group has. It is what a writer holds in memory.
const groupBytes = 16 << 20

// table writes rows of a type as Parquet.
type table[T any] struct {
	w     *parquet.GenericWriter[T]
	rows  int64
	group int
}

func newTable[T any](w io.Writer) *table[T] {
	return &table[T]{w: parquet.NewGenericWriter[T](w, parquet.Compression(&parquet.Zstd))}
}

// add writes rows that have about as many bytes.
func (t *table[T]) add(rows []T, bytes int) error {
	if _, err := t.w.Write(rows); err != nil {
		return err
	}
	t.rows += int64(len(rows))
	if t.group += bytes; t.group < groupBytes {
		return nil
	}
	t.group = 0
	return t.w.Flush()
}

func (t *table[T]) close(err error) error {
	return errors.Join(err, t.w.Close())
}
