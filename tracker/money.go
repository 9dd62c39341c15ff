package tracker

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Money is an amount of US dollars, in nano-dollars, so that sums are exact.
// In JSON it is a number of dollars with at most nine decimals.
type Money int64

// Dollar is one US dollar.
const Dollar Money = 1_000_000_000

// Dollars returns the amount nearest to d dollars.
func Dollars(d float64) Money { return Money(math.Round(d * float64(Dollar))) }

// Float returns the amount in dollars, for display and comparison only.
func (m Money) Float() float64 { return float64(m) / float64(Dollar) }

// String returns the amount in dollars without trailing zeros.
func (m Money) String() string {
	sign, n := "", uint64(m)
	if m < 0 {
		sign, n = "-", uint64(-m)
	}
	whole, frac := n/uint64(Dollar), n%uint64(Dollar)
	if frac == 0 {
		return sign + strconv.FormatUint(whole, 10)
	}
	return sign + strconv.FormatUint(whole, 10) + "." + strings.TrimRight(fmt.Sprintf("%09d", frac), "0")
}

// MarshalJSON writes the amount as a number of dollars.
func (m Money) MarshalJSON() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalJSON reads a number of dollars.
func (m *Money) UnmarshalJSON(b []byte) error {
	d, err := strconv.ParseFloat(string(b), 64)
	if err != nil {
		return fmt.Errorf("an amount of dollars is a number, not %q", b)
	}
	*m = Dollars(d)
	return nil
}
