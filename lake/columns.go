package lake

import (
	"errors"
	"io"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// column reads one flat column of a row group, a value at a time.
type column struct {
	node   parquet.Node
	pages  parquet.Pages
	page   parquet.Page
	values parquet.ValueReader
	buf    [256]parquet.Value
	have   []parquet.Value
	texts  map[string]string // of which a column of a bill has few
}

// leaf is where a column is in a file.
type leaf struct {
	index int
	node  parquet.Node
}

// leaves are the flat columns of a file by their names in lower case.
func leaves(f *parquet.File) map[string]leaf {
	all := map[string]leaf{}
	for _, c := range f.Root().Columns() {
		if c.Leaf() && !c.Repeated() {
			all[strings.ToLower(c.Name())] = leaf{c.Index(), c}
		}
	}
	return all
}

func (l leaf) open(g parquet.RowGroup) *column {
	return &column{node: l.node, pages: g.ColumnChunks()[l.index].Pages(), texts: map[string]string{}}
}

// next is the column's next value, which is good until the next call. It is io.EOF after the last.
func (c *column) next() (parquet.Value, error) {
	for len(c.have) == 0 {
		if c.values == nil {
			page, err := c.pages.ReadPage()
			if err != nil {
				return parquet.Value{}, err
			}
			c.page, c.values = page, page.Values()
		}
		n, err := c.values.ReadValues(c.buf[:])
		if err != nil && !errors.Is(err, io.EOF) {
			return parquet.Value{}, err
		}
		c.have = c.buf[:n]
		if err != nil && n == 0 {
			c.free()
		}
	}
	v := c.have[0]
	c.have = c.have[1:]
	return v, nil
}

func (c *column) free() {
	if c.page != nil {
		parquet.Release(c.page)
	}
	c.page, c.values = nil, nil
}

func (c *column) close() error {
	c.free()
	return c.pages.Close()
}

// text is a value as text; empty where it is null.
func (c *column) text(v parquet.Value) string {
	switch {
	case v.IsNull():
		return ""
	case v.Kind() == parquet.ByteArray || v.Kind() == parquet.FixedLenByteArray:
		known, ok := c.texts[string(v.ByteArray())]
		if !ok {
			known = string(v.ByteArray())
			c.texts[known] = known
		}
		return known
	}
	return v.String()
}

// number is a value as a number, whichever way the file has numbers; ok is false for null and for what is none.
func (c *column) number(v parquet.Value) (n float64, ok bool) {
	if v.IsNull() {
		return 0, false
	}
	scale := 1.0
	if l := c.node.Type().LogicalType(); l != nil {
		if d, is := l.Value.(*format.DecimalType); is {
			scale = math.Pow10(int(d.Scale))
			if v.Kind() == parquet.ByteArray || v.Kind() == parquet.FixedLenByteArray {
				return bigEndian(v.ByteArray()) / scale, true
			}
		}
	}
	switch v.Kind() {
	case parquet.Double:
		n = v.Double()
	case parquet.Float:
		n = float64(v.Float())
	case parquet.Int64:
		n = float64(v.Int64())
	case parquet.Int32:
		n = float64(v.Int32())
	case parquet.ByteArray:
		parsed, err := strconv.ParseFloat(string(v.ByteArray()), 64)
		if err != nil {
			return 0, false
		}
		n = parsed
	default:
		return 0, false
	}
	n /= scale
	return n, !math.IsNaN(n) && !math.IsInf(n, 0)
}

// bigEndian is a number in two's complement.
func bigEndian(b []byte) float64 {
	n := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	f, _ := new(big.Float).SetInt(n).Float64()
	return f
}

// julianDay is the first day of 1970 as the times of old files count them.
const julianDay = 2_440_588

// day is a value as a day since 1970, whichever way the file has times; ok is false for null and for what is none.
func (c *column) day(v parquet.Value) (day int64, ok bool) {
	if v.IsNull() {
		return 0, false
	}
	switch v.Kind() {
	case parquet.Int96:
		return int96Day(v.Int96()), true
	case parquet.Int32: // a DATE
		return int64(v.Int32()), true
	case parquet.Int64:
		perDay := int64(dayMillis)
		if l := c.node.Type().LogicalType(); l != nil {
			if t, is := l.Value.(*format.TimestampType); is {
				switch t.Unit.Value.(type) {
				case *format.MicroSeconds:
					perDay *= 1e3
				case *format.NanoSeconds:
					perDay *= 1e6
				}
			}
		}
		return floorDiv(v.Int64(), perDay), true
	case parquet.ByteArray:
		text := string(v.ByteArray())
		if len(text) < len(time.DateOnly) {
			return 0, false
		}
		t, err := time.Parse(time.DateOnly, text[:len(time.DateOnly)])
		return t.Unix() / (24 * 60 * 60), err == nil
	}
	return 0, false
}

func int96Day(v deprecated.Int96) int64 { return int64(v[2]) - julianDay }

func floorDiv(a, b int64) int64 {
	if a < 0 {
		return -((-a + b - 1) / b)
	}
	return a / b
}
