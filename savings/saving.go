package savings

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Saving is what a month would cost less.
type Saving struct {
	Monthly    *tracker.Money // nil: unknown; Basis says why
	Basis      string         // the arithmetic
	Confidence tracker.Confidence
}

// unpriced is a saving that is not known.
func unpriced(format string, args ...any) Saving {
	return Saving{Basis: fmt.Sprintf(format, args...), Confidence: tracker.ConfidenceNone}
}

// atMost lowers the confidence in s, and says why.
func (s Saving) atMost(limit tracker.Confidence, why string) Saving {
	s.Basis += "; " + why
	if s.Monthly != nil {
		s.Confidence = lower(s.Confidence, limit)
	}
	return s
}

// dollars writes an amount to the cent.
func dollars(m tracker.Money) string {
	return "$" + strconv.FormatFloat(m.Float(), 'f', 2, 64)
}

var confidences = []tracker.Confidence{
	tracker.ConfidenceNone, tracker.ConfidenceLow, tracker.ConfidenceMedium, tracker.ConfidenceHigh,
}

func lower(a, b tracker.Confidence) tracker.Confidence {
	return confidences[max(0, min(slices.Index(confidences, a), slices.Index(confidences, b)))]
}

// OfItem is the saving of an item of a plan: what its resource costs less what it
// costs once the item has done its work, and all that the resources cost that cease
// to exist with it. An item that leaves its resource as it is saves nothing, whatever
// that costs.
func OfItem(prices Prices, after After, item tracker.ActionItem, r tracker.Resource, taken []tracker.Resource, now time.Time) Saving {
	s := of(prices, after, item, r, now)
	for _, t := range taken {
		s = s.and(whole(string(t.Type)+" "+t.ID, costOf(prices, t)))
	}
	return s
}

func of(prices Prices, after After, item tracker.ActionItem, r tracker.Resource, now time.Time) Saving {
	then, err := after(r, item, now)
	switch {
	case err != nil:
		return unpriced("what it would cost after %s is not known: %v", item.Verb, err)
	case then.State == r.State && reflect.DeepEqual(then.Metadata, r.Metadata):
		return Saving{new(tracker.Money), item.Verb + " leaves what it costs as it is", tracker.ConfidenceHigh}
	case r.State == tracker.Gone:
		return unpriced("it does not exist")
	case then.State == tracker.Gone:
		return whole("it", costOf(prices, r))
	}
	then.Cost = nil
	return difference(costOf(prices, r), costOf(prices, then), "after "+item.Verb)
}

// and is the saving of both.
func (s Saving) and(other Saving) Saving {
	if s.Monthly == nil {
		return s
	}
	if other.Monthly == nil {
		return other
	}
	sum, basis := *s.Monthly+*other.Monthly, s.Basis+"; "+other.Basis
	if *s.Monthly == 0 {
		basis = other.Basis
	}
	return Saving{&sum, basis, lower(s.Confidence, other.Confidence)}
}

// whole is the saving of a resource that ceases to exist. A bound of what it costs is
// no saving: bounds of snapshots that share blocks do not add up.
func whole(what string, c tracker.Cost) Saving {
	switch {
	case c.Value == nil:
		return unpriced("what %s costs is not known: %s", what, cmp.Or(c.Reason, string(c.Basis)))
	case c.UpperBound:
		return unpriced("what the end of %s saves is not known: it costs %s, or less", what, arithmetic(c))
	}
	basis := fmt.Sprintf("all that %s costs: %s", what, arithmetic(c))
	if missing := missing(c); len(missing) > 0 {
		basis += "; without a price, and not in it: " + strings.Join(missing, ", ")
	}
	return Saving{c.Value, basis, c.Confidence}
}

// difference is the saving of a resource that becomes what costs after.
func difference(before, after tracker.Cost, what string) Saving {
	if before.Value == nil {
		return unpriced("what it costs is not known: %s", cmp.Or(before.Reason, string(before.Basis)))
	}
	if after.Value == nil {
		return unpriced("what it would cost %s is not known: %s", what, cmp.Or(after.Reason, string(after.Basis)))
	}
	// What has no price only afterwards would make the saving look larger.
	lacking := missing(before)
	if added := slices.DeleteFunc(missing(after), func(name string) bool { return slices.Contains(lacking, name) }); len(added) > 0 {
		return unpriced("%s it has parts without a price: %s", what, strings.Join(added, ", "))
	}
	m := *before.Value - *after.Value
	return Saving{
		Monthly:    &m,
		Basis:      fmt.Sprintf("%s now − %s %s = %s", arithmetic(before), arithmetic(after), what, dollars(m)),
		Confidence: lower(before.Confidence, after.Confidence),
	}
}

// arithmetic writes a cost as its components' quantities and prices.
func arithmetic(c tracker.Cost) string {
	var parts []string
	for _, p := range c.Components {
		switch {
		case p.Monthly == nil:
		case p.UnitPrice == nil:
			parts = append(parts, fmt.Sprintf("%s %s", p.Name, dollars(*p.Monthly)))
		default:
			parts = append(parts, fmt.Sprintf("%s %s %s × $%s", p.Name, quantity(p.Quantity), p.Unit, p.UnitPrice))
		}
	}
	total := dollars(*c.Value)
	if len(parts) == 0 {
		return total
	}
	return strings.Join(parts, " + ") + " = " + total
}

func quantity(q float64) string { return strconv.FormatFloat(math.Round(q*1000)/1000, 'f', -1, 64) }

// missing names the components of a cost that have no price.
func missing(c tracker.Cost) []string {
	names := map[string]bool{}
	for _, p := range c.Components {
		if p.Monthly == nil {
			names[p.Name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}
