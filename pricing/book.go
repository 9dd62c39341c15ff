// Package pricing says what a resource costs a month, from dated list prices.
//
// A Book is pure: it does no I/O, and the same resource costs the same each
// time. A cost that it does not know is unknown with a reason, never zero.
package pricing

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/consolesensei/resource-tracker/tracker"
)

// everywhere is the region of prices that hold in every region of the commercial
// partition.
const everywhere = "*"

// home is the region whose prices stand in for those that the book lacks.
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
	rates map[place]Rate
	live  map[place]Rate // newer than rates, and before them
}

//go:embed data/ec2.csv
var ec2File []byte

//go:embed data/prices.csv
var pricesFile []byte

//go:embed data/sources.csv
var sourcesFile []byte

// Embedded returns the book that comes with the program.
func Embedded() *Book { return embedded() }

var embedded = sync.OnceValue(func() *Book {
	b, err := parse()
	if err != nil {
		panic(fmt.Errorf("the embedded prices: %w", err)) // a test reads them
	}
	return b
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
	return &Book{rates: b.rates, live: live}
}

// Rate returns the price of k in a region. Where the book lacks it, Rate returns
// the price of us-east-1, with the basis other_region. Where that is lacking
// too, or would mislead, ok is false and Reason says why.
func (b *Book) Rate(region string, k Key) (r Rate, ok bool) {
	if r, ok := b.exact(region, k); ok {
		return r, true
	}
	if !commercial(region) {
		return Rate{Basis: tracker.CostUnknown, Reason: "the price list has no prices of " + region}, false
	}
	if r, ok := b.exact(everywhere, k); ok {
		return r, true
	}
	if region == tracker.Global || region == "" {
		return Rate{Basis: tracker.CostUnknown, Reason: "the region is not known, and the price differs between regions"}, false
	}
	if r, ok := b.exact(home, k); ok {
		r.Basis = tracker.CostOtherRegion
		r.Reason = "list price of " + home + ": the price list lacks that of " + region
		return r, true
	}
	return Rate{Basis: tracker.CostUnknown, Reason: "the price list lacks " + k.String()}, false
}

// exact returns the price of k in the region itself.
func (b *Book) exact(region string, k Key) (Rate, bool) {
	p := place{region, k}
	if r, ok := b.live[p]; ok {
		return r, true
	}
	r, ok := b.rates[p]
	return r, ok
}

// Rows yields every price, ordered by key and region.
func (b *Book) Rows() iter.Seq[Row] {
	all := maps.Clone(b.rates)
	maps.Copy(all, b.live)
	places := slices.SortedFunc(maps.Keys(all), func(x, y place) int {
		return cmp.Or(
			cmp.Compare(x.key.Service, y.key.Service), cmp.Compare(x.key.Item, y.key.Item),
			cmp.Compare(x.key.Class, y.key.Class), cmp.Compare(x.key.Variant, y.key.Variant), cmp.Compare(x.region, y.region),
		)
	})
	return func(yield func(Row) bool) {
		for _, p := range places {
			if !yield(Row{p.region, p.key, all[p]}) {
				return
			}
		}
	}
}

// commercial reports whether a region is in the partition whose prices the book
// has. Other partitions have price lists of their own.
func commercial(region string) bool { return tracker.PartitionOf(region) == "aws" }

func parse() (*Book, error) {
	sources := map[string]string{}
	for line, err := range lines(sourcesFile, 2) {
		if err != nil {
			return nil, err
		}
		sources[line[0]] = line[1]
	}
	b := &Book{rates: make(map[place]Rate, 2000)}
	add := func(p place, unit, usd, asOf, source string) error {
		price, err := dollars(usd)
		if err != nil {
			return fmt.Errorf("%s: %w", p.key, err)
		}
		if sources[source] == "" {
			return fmt.Errorf("%s: the source %q is not in sources.csv", p.key, source)
		}
		if _, twice := b.rates[p]; twice {
			return fmt.Errorf("%s: two prices in %s", p.key, p.region)
		}
		b.rates[p] = Rate{Price: price, Unit: unit, AsOf: asOf, Source: sources[source], Basis: tracker.CostList}
		return nil
	}
	for f, err := range lines(ec2File, 4) {
		if err != nil {
			return nil, err
		}
		if err := add(place{home, Key{"ec2", "instance", f[0], linux}}, perHour, f[1], f[2], f[3]); err != nil {
			return nil, err
		}
	}
	for f, err := range lines(pricesFile, 9) {
		if err != nil {
			return nil, err
		}
		if err := add(place{f[0], Key{f[1], f[2], f[3], f[4]}}, f[5], f[6], f[7], f[8]); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// lines yields the rows of a file of prices after its header.
func lines(file []byte, fields int) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		in := csv.NewReader(bytes.NewReader(file))
		in.Comment, in.FieldsPerRecord = '#', fields
		if _, err := in.Read(); err != nil {
			yield(nil, err)
			return
		}
		for {
			f, err := in.Read()
			if err == io.EOF || !yield(f, err) || err != nil {
				return
			}
		}
	}
}

// dollars reads a decimal without passing through binary fractions.
func dollars(s string) (tracker.Money, error) {
	whole, fraction, _ := strings.Cut(s, ".")
	if len(fraction) > 9 {
		return 0, fmt.Errorf("%q has more than nine decimals", s)
	}
	n, err := strconv.ParseUint(whole+fraction+strings.Repeat("0", 9-len(fraction)), 10, 63)
	if err != nil {
		return 0, fmt.Errorf("%q is not an amount of dollars", s)
	}
	return tracker.Money(n), nil
}
