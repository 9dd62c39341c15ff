package pricing

import (
	"maps"
	"slices"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Read reads what the list prices.
func Read() {
	if _, err := readList(); err != nil {
		panic(err)
	}
}

// ReadRegion reads the prices of a region.
func ReadRegion(region string) {
	if _, err := readColumn(region); err != nil {
		panic(err)
	}
}

// HasBilling reports whether the states of a type have a table.
func HasBilling(t tracker.Type) bool { return bills[t].states != nil }

// BillingSource returns where the table of a type is from.
func BillingSource(t tracker.Type) string { return bills[t].source }

// KnowsState reports whether the table of a type has a state.
func KnowsState(t tracker.Type, state string) bool {
	_, ok := bills[t].states[state]
	return ok
}

// States returns the states in the table of a type.
func States(t tracker.Type) []string { return slices.Sorted(maps.Keys(bills[t].states)) }

// BilledAs says what is billed of r.
func BilledAs(r tracker.Resource) string {
	what, _ := billed(&r)
	return [...]string{"unsure", "full", "storage", "nothing"}[what]
}

// Support is a row of the ends of support, with the key of each price that it
// needs, by the day from which on.
type Support struct {
	Product, Version       string
	Ends, Charged, Dearer  time.Time
	FirstYears, ThirdYears Key
}

// Supports returns the rows of all products.
func Supports() []Support {
	var out []Support
	for _, product := range slices.Sorted(maps.Keys(supports())) {
		for _, v := range supports()[product] {
			s := Support{Product: product, Version: v.version, Ends: v.ends, Charged: v.charged, Dearer: v.dearer}
			switch product {
			case "eks":
				s.FirstYears = Key{"eks", "cluster", "extended-surcharge", ""}
			case "docdb":
				s.FirstYears, s.ThirdYears = Key{"docdb", "extended-support", firstYears, ""}, Key{"docdb", "extended-support", thirdYear, ""}
			default:
				s.FirstYears, s.ThirdYears = Key{"rds", "extended-support", firstYears, product}, Key{"rds", "extended-support", thirdYear, product}
			}
			out = append(out, s)
		}
	}
	return out
}
