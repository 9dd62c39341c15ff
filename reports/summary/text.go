package summary

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// unknownText is how a value is written that is not known.
const unknownText = "not known"

// text writes a value for people.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return unknownText
	case tracker.Money:
		return dollars(v)
	case int64:
		return thousands(strconv.FormatInt(v, 10))
	case float64:
		return strconv.FormatFloat(100*v, 'f', 1, 64) + " %"
	case time.Time:
		return v.UTC().Format("2006-01-02 15:04 UTC")
	case string:
		return v
	}
	panic(fmt.Sprintf("a report has a value of type %T", v)) // of our own making
}

// exact writes a value for programs; what is not known is empty.
func exact(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case tracker.Money:
		return v.String()
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		return v.UTC().Format(time.RFC3339)
	}
	return text(v)
}

// dollars writes an amount to the cent. What is not nothing is never written as nothing.
func dollars(m tracker.Money) string {
	sign, n := "", uint64(m)
	if m < 0 {
		sign, n = "-", uint64(-m)
	}
	const cent = uint64(tracker.Dollar) / 100
	cents := (n + cent/2) / cent
	if cents == 0 && n > 0 {
		return sign + "$" + max(m, -m).String()
	}
	if cents == 0 {
		sign = ""
	}
	return fmt.Sprintf("%s$%s.%02d", sign, thousands(strconv.FormatUint(cents/100, 10)), cents%100)
}

// thousands puts commas into a number.
func thousands(digits string) string {
	sign := ""
	if rest, ok := strings.CutPrefix(digits, "-"); ok {
		sign, digits = "-", rest
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// span says what of the past the report is of.
func (d Document) span() string {
	return text(d.From) + " to " + text(d.To)
}
