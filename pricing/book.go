// Package pricing says what a resource costs a month, from dated list prices.
//
// A Book does no I/O, and the same resource costs the same all day. A cost that
// it does not know is unknown with a reason, never zero.
package pricing

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// everywhere is the region of prices that hold in every region of the commercial
// partition.
const everywhere = "*"

// home is the first region whose prices stand in for those that a region lacks.
const home = "us-east-1"

// Key names a thing that is charged for. Parts that do not apply are empty: the
// key of gp3 storage is {"ebs", "storage", "gp3", ""}.
type Key struct {
	Service string // as in the price files: "ec2", "rds"
	Item    string // what is charged for: "instance", "storage"
	Class   string // which kind of it: an instance type, a volume type
	Variant string // in which variant: an operating system, an engine
}

// String returns the parts that are set, such as "ebs storage gp3".
func (k Key) String() string {
	return strings.Join(slices.DeleteFunc([]string{k.Service, k.Item, k.Class, k.Variant}, func(s string) bool { return s == "" }), " ")
}

func (k Key) compare(o Key) int {
	return cmp.Or(cmp.Compare(k.Service, o.Service), cmp.Compare(k.Item, o.Item), cmp.Compare(k.Class, o.Class), cmp.Compare(k.Variant, o.Variant))
}

// Rate is a list price on demand.
type Rate struct {
	Price  tracker.Money
	Unit   string // what the price is of: "hour", "gb-month", "1M-requests"
	AsOf   string // the day that it was read, as YYYY-MM-DD
	Source string
	// Basis is tracker.CostList, or tracker.CostOtherRegion when the price is of
	// another region, which Reason names. It is tracker.CostUnknown for no
	// price.
	Basis  tracker.CostBasis
	Reason string
}

// Row is a price with its place in a book.
type Row struct {
	Region string // "*" is every region of the commercial partition
	Key    Key
	Rate   Rate
}

type place struct {
	region string
	key    Key
}

// Book looks up prices. It does not change; With makes another book.
type Book struct {
	list  *list
	live  map[place]Rate // newer than the list, and before it
	today func() time.Time
}

// Embedded returns the book that comes with the program.
func Embedded() *Book { return embedded() }

var embedded = sync.OnceValue(func() *Book {
	l, err := readList()
	if err != nil {
		panic(fmt.Errorf("the embedded prices: %w", err)) // a test reads them
	}
	return &Book{list: l, today: time.Now}
})

// With returns the book with newer prices, which replace its own.
func (b *Book) With(rows ...Row) *Book {
	live := maps.Clone(b.live)
	if live == nil {
		live = make(map[place]Rate, len(rows))
	}
	for _, r := range rows {
		r.Rate.Basis = tracker.CostList
		live[place{r.Region, r.Key}] = r.Rate
	}
	return &Book{list: b.list, live: live, today: b.today}
}

// At returns the book on a day: what extended support costs follows from it.
func (b *Book) At(day time.Time) *Book {
	return &Book{list: b.list, live: b.live, today: func() time.Time { return day }}
}

// Rate returns the price of k in a region: the live one, else the newest of the
// list. Where both lack it, Rate returns the price of another region of the same
// partition, with the basis other_region. Where that is lacking too, or would
// mislead, ok is false and Reason says why.
func (b *Book) Rate(region string, k Key) (r Rate, ok bool) {
	if r, ok := b.own(region, k); ok {
		return r, true
	}
	return b.another(region, k)
}

// another returns the price of k in another region, for one that lacks it.
func (b *Book) another(region string, k Key) (r Rate, ok bool) {
	others := commercial
	switch partition := tracker.PartitionOf(region); {
	case partition == "aws-us-gov":
		others = gov
	case partition != "aws":
		return Rate{Basis: tracker.CostUnknown, Reason: "the price list has no prices of " + region}, false
	case region == tracker.Global || region == "":
		return Rate{Basis: tracker.CostUnknown, Reason: "the region is not known, and the price differs between regions"}, false
	}
	if s, listed := b.list.keys[k]; listed || b.live != nil {
		for other := range others(b.list) {
			if r, ok := b.exact(other, k, s); ok {
				r.Basis = tracker.CostOtherRegion
				r.Reason = "list price of " + other + ": the price list lacks that of " + region
				return r, true
			}
		}
	}
	return Rate{Basis: tracker.CostUnknown, Reason: "the price list lacks " + k.String()}, false
}

// own returns the price of k in the region itself.
func (b *Book) own(region string, k Key) (Rate, bool) {
	s := b.list.keys[k]
	if r, ok := b.exact(region, k, s); ok {
		return r, true
	}
	if tracker.PartitionOf(region) == "aws" {
		return b.exact(everywhere, k, s)
	}
	return Rate{}, false
}

// exact returns the price of k, whose lines are s, in one region.
func (b *Book) exact(region string, k Key, s span) (Rate, bool) {
	if b.live != nil {
		if r, ok := b.live[place{region, k}]; ok {
			return r, true
		}
	}
	l, price, ok := b.list.at(region, s)
	if !ok {
		return Rate{}, false
	}
	return Rate{Price: price, Unit: l.unit, AsOf: l.asOf, Source: l.source, Basis: tracker.CostList}, true
}

// Regions returns the regions that the list has prices of, in order.
func (b *Book) Regions() []string { return slices.Clone(b.list.order) }

// Rows yields every price of a region, ordered by key.
func (b *Book) Rows(region string) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for _, k := range b.list.sorted() {
			if r, ok := b.exact(region, k, b.list.keys[k]); ok && !yield(Row{region, k, r}) {
				return
			}
		}
	}
}

// commercial yields the regions whose prices stand in for one that is lacking,
// the usual ones first.
func commercial(l *list) iter.Seq[string] {
	return func(yield func(string) bool) {
		first := []string{home, "us-west-2", "eu-west-1"}
		for _, region := range first {
			if !yield(region) {
				return
			}
		}
		for _, region := range l.order {
			if tracker.PartitionOf(region) == "aws" && !slices.Contains(first, region) && !yield(region) {
				return
			}
		}
	}
}

// gov yields the regions of GovCloud, whose prices stand in for each other.
func gov(*list) iter.Seq[string] { return slices.Values([]string{"us-gov-west-1", "us-gov-east-1"}) }
