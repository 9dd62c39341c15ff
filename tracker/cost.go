package tracker

import "time"

// HoursPerMonth is what a monthly cost of something that is charged by the hour
// stands for.
const HoursPerMonth = 730

// Cost says what a resource costs a month, and how that is known.
type Cost struct {
	// Value is the sum of the components that have a price; nil means unknown,
	// never free.
	Value    *Money `json:"value"`
	Currency string `json:"currency" enum:"USD"`
	// Source names the price list; empty when nothing was priced.
	Source string `json:"source,omitempty"`
	// AsOf is the day that the oldest price used was read, as YYYY-MM-DD.
	AsOf       string     `json:"as_of,omitempty"`
	Basis      CostBasis  `json:"basis" enum:"list,spot,other_region,free,usage_based,unknown"`
	Confidence Confidence `json:"confidence" enum:"high,medium,low,none"`
	// UpperBound says that the actual cost is less, or as much, such as that of
	// blocks which snapshots share.
	UpperBound bool `json:"upper_bound,omitempty" doc:"The actual cost is less or as much, such as that of blocks which snapshots share; what deleting the resource saves is then not known"`
	// Reason says why the value is unknown, or what it leaves out.
	Reason     string          `json:"reason,omitempty"`
	Components []CostComponent `json:"components"`
}

// CostComponent is one line of a resource's cost.
type CostComponent struct {
	// Name is what is charged for, such as "compute" or "storage".
	Name string `json:"name"`
	// Unit is what Quantity counts, such as "hour" or "gb-month".
	Unit      string  `json:"unit,omitempty"`
	Quantity  float64 `json:"quantity,omitempty"`
	UnitPrice *Money  `json:"unit_price,omitempty"`
	// Monthly is nil when the component has no price here; Reason then says why.
	Monthly *Money `json:"monthly"`
	Reason  string `json:"reason,omitempty"`
}

// CostBasis says what a cost was computed from.
type CostBasis string

// The bases of costs.
const (
	CostList        CostBasis = "list"         // list prices of the resource's own region
	CostSpot        CostBasis = "spot"         // what AWS asks for in a zone at a time, which Reason names
	CostOtherRegion CostBasis = "other_region" // list prices of another region, which Reason names
	CostFree        CostBasis = "free"         // AWS does not charge for the type or its state
	CostUsageBased  CostBasis = "usage_based"  // charged by use that was not asked for
	CostUnknown     CostBasis = "unknown"      // no price; Reason says why
)

// Confidence says how far a figure can be relied on.
type Confidence string

// The degrees of confidence.
const (
	ConfidenceHigh   Confidence = "high"   // list price of everything that is charged by the hour or the byte stored
	ConfidenceMedium Confidence = "medium" // a part is assumed, such as the licence
	ConfidenceLow    Confidence = "low"    // an upper bound, or another region's price
	ConfidenceNone   Confidence = "none"   // unknown
)

// PriceAnswer is what the AWS Price List said of one price, as workers share it.
type PriceAnswer struct {
	// Found is false when the list has no such price.
	Found bool      `json:"found"`
	Price Money     `json:"price"`
	Unit  string    `json:"unit"`
	At    time.Time `json:"at"`
}
