package pricing

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/consolesensei/resource-tracker/tracker"
)

// The list is in two parts. keys.csv.gz says of each line what it prices:
//
//	service,item,class,variant,unit,as_of,source,usd
//
// REGION.csv.gz has the price of each of these lines in a region; an empty line
// is a price that is not known. Lines with a price in keys.csv.gz hold in every
// region and are not in the other files. prices.csv adds prices that the sheets
// lack, each with its region.
//
//go:embed data
var data embed.FS

// list is the price list that comes with the program. It reads a region when it
// is first asked for.
type list struct {
	keys    map[Key]span
	lines   []line // those of one key are neighbours, the newest first
	columns map[string]*column
	order   []string // the regions
	sorted  func() []Key
}

// span is the place of the lines of a key.
type span struct{ from, to int32 }

// line is where a price stands. In the column of a region it is at its position,
// unless it has a region of its own.
type line struct {
	*origin
	at     int32
	region string
	price  tracker.Money
}

type origin struct{ unit, asOf, source string }

// column is the prices of a region; 0 is a price that is not known.
type column struct {
	read   sync.Once
	prices []tracker.Money
}

// anywhere is the region of prices that are the same in all partitions that the
// list has.
const anywhere = "**"

// at returns the newest price of a region among the lines of a key.
func (l *list) at(region string, s span) (line, tracker.Money, bool) {
	var prices []tracker.Money
	c := l.columns[region]
	for _, line := range l.lines[s.from:s.to] {
		switch line.region {
		case "":
			if c == nil {
				continue
			}
			if prices == nil {
				prices = c.load(region)
			}
			if p := prices[line.at]; p > 0 {
				return line, p, true
			}
		case region:
			return line, line.price, true
		case anywhere:
			if c != nil {
				return line, line.price, true
			}
		}
	}
	return line{}, 0, false
}

// load reads the prices of a region, once.
func (c *column) load(region string) []tracker.Money {
	c.read.Do(func() {
		var err error
		if c.prices, err = readColumn(region); err != nil {
			panic(fmt.Errorf("the embedded prices of %s: %w", region, err)) // a test reads them
		}
	})
	return c.prices
}

func readColumn(region string) ([]tracker.Money, error) {
	text, err := unpack(region + ".csv.gz")
	if err != nil {
		return nil, err
	}
	prices := make([]tracker.Money, 0, strings.Count(text, "\n"))
	for usd := range strings.Lines(text) {
		var p tracker.Money
		if usd = strings.TrimSuffix(usd, "\n"); usd != "" {
			if p, err = dollars(usd); err != nil {
				return nil, err
			}
		}
		prices = append(prices, p)
	}
	return prices, nil
}

// readList reads what the list prices, and no region.
func readList() (*list, error) {
	sources, err := readSources()
	if err != nil {
		return nil, err
	}
	text, err := unpack("keys.csv.gz")
	if err != nil {
		return nil, err
	}
	n := strings.Count(text, "\n")
	lines, keys := make([]line, 0, n+200), make([]Key, 0, n+200)
	at, written, named := int32(0), origin{}, (*origin)(nil)
	add := func(k Key, o origin, region, usd string) error {
		// Neighbours mostly have one origin.
		if o != written || named == nil {
			what := sources[o.source]
			if what == "" {
				return fmt.Errorf("%s: the source %q is not in sources.csv", k, o.source)
			}
			written, named = o, &origin{o.unit, o.asOf, what}
		}
		l := line{origin: named, region: region}
		if region == "" {
			l.at = at
			at++
		} else if l.price, err = dollars(usd); err != nil {
			return fmt.Errorf("%s: %w", k, err)
		}
		lines, keys = append(lines, l), append(keys, k)
		return nil
	}
	for row := range strings.Lines(text) {
		var f [8]string
		rest := strings.TrimSuffix(row, "\n")
		for i := range f {
			f[i], rest, _ = strings.Cut(rest, ",")
		}
		region := ""
		if f[7] != "" {
			region = anywhere
		}
		if err := add(Key{f[0], f[1], f[2], f[3]}, origin{f[4], f[5], f[6]}, region, f[7]); err != nil {
			return nil, err
		}
	}
	for f, err := range rows("data/prices.csv", 9) {
		if err != nil {
			return nil, err
		}
		if err := add(Key{f[1], f[2], f[3], f[4]}, origin{f[5], f[7], f[8]}, f[0], f[6]); err != nil {
			return nil, err
		}
	}
	return index(lines, keys)
}

// index orders lines by key, and the newest of a key first.
func index(lines []line, keys []Key) (*list, error) {
	l := &list{keys: make(map[Key]span, len(lines)), lines: make([]line, 0, len(lines)), columns: map[string]*column{}}
	// The sheets are in order; what prices.csv adds is put to its key here.
	added := map[Key][]line{}
	for i := len(lines) - 1; i >= 0 && lines[i].region != "" && lines[i].region != anywhere; i-- {
		added[keys[i]] = append(added[keys[i]], lines[i])
		lines, keys = lines[:i], keys[:i]
	}
	put := func(k Key, same []line) {
		s := span{from: int32(len(l.lines))}
		l.lines = append(l.lines, same...)
		s.to = int32(len(l.lines))
		l.keys[k] = s
	}
	for i := 0; i < len(keys); {
		j := i + 1
		for j < len(keys) && keys[j] == keys[i] {
			j++
		}
		same := lines[i:j:j]
		if more := added[keys[i]]; more != nil {
			same = newestFirst(append(same, more...))
			delete(added, keys[i])
		}
		put(keys[i], same)
		i = j
	}
	for k, more := range added {
		put(k, newestFirst(more))
	}
	files, err := data.ReadDir("data/list")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if region, ok := strings.CutSuffix(f.Name(), ".csv.gz"); ok && region != "keys" {
			l.columns[region] = &column{}
			l.order = append(l.order, region)
		}
	}
	l.sorted = sync.OnceValue(func() []Key { return slices.SortedFunc(maps.Keys(l.keys), Key.compare) })
	return l, nil
}

func newestFirst(lines []line) []line {
	slices.SortStableFunc(lines, func(a, b line) int { return strings.Compare(b.asOf, a.asOf) })
	return lines
}

// readSources returns how costs name each source.
func readSources() (map[string]string, error) {
	sources := map[string]string{}
	for f, err := range rows("data/sources.csv", 2) {
		if err != nil {
			return nil, err
		}
		sources[f[0]] = f[1]
	}
	for f, err := range rows("data/list/sources.csv", 7) {
		if err != nil {
			return nil, err
		}
		repository, _, _ := strings.Cut(f[1], " ")
		commit := f[3]
		if _, hash, ok := strings.Cut(commit, "-"); ok {
			commit = hash[strings.LastIndexByte(hash, '-')+1:] // of a Go module's version
		}
		sources[f[0]] = fmt.Sprintf("AWS's list by %s, %s at %.7s", repository, path.Base(f[2]), commit)
	}
	return sources, nil
}

func unpack(name string) (string, error) {
	b, err := data.ReadFile("data/list/" + name)
	if err != nil {
		return "", err
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(z)
	return string(text), err
}

// rows yields the rows of a file of data after its header.
func rows(name string, fields int) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		file, err := data.Open(name)
		if err != nil {
			yield(nil, err)
			return
		}
		in := csv.NewReader(file)
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
	n, err := strconv.ParseUint(whole, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("%q is not an amount of dollars", s)
	}
	var nanos uint64
	if fraction != "" {
		if nanos, err = strconv.ParseUint(fraction, 10, 32); err != nil {
			return 0, fmt.Errorf("%q is not an amount of dollars", s)
		}
	}
	for range 9 - len(fraction) {
		nanos *= 10
	}
	return tracker.Money(n*1e9 + nanos), nil
}
