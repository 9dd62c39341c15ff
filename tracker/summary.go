package tracker

// Summary counts resources, and adds up what they cost.
type Summary struct {
	TotalResources int            `json:"total_resources"`
	ByType         map[Type]int   `json:"by_type"`
	ByRegion       map[string]int `json:"by_region"`
	ByState        map[string]int `json:"by_state"`
	Cost           CostSummary    `json:"-"`
}

// CostSummary adds up the known monthly costs.
type CostSummary struct {
	MonthlyTotal   Money          `json:"estimated_monthly_total"`
	ByResourceType map[Type]Money `json:"by_resource_type"`
	// Unknown counts the resources whose cost is not in the total.
	Unknown int `json:"resources_with_unknown_cost"`
}

// NewSummary returns an empty summary, whose maps are not nil.
func NewSummary() Summary {
	return Summary{
		ByType: map[Type]int{}, ByRegion: map[string]int{}, ByState: map[string]int{},
		Cost: CostSummary{ByResourceType: map[Type]Money{}},
	}
}

// Add counts one resource.
func (s *Summary) Add(r Resource) {
	s.TotalResources++
	s.ByType[r.Type]++
	s.ByRegion[r.Region]++
	s.ByState[r.State]++
	if r.MonthlyCost == nil {
		s.Cost.Unknown++
		return
	}
	s.Cost.MonthlyTotal += *r.MonthlyCost
	s.Cost.ByResourceType[r.Type] += *r.MonthlyCost
}

// Merge adds what another summary counted.
func (s *Summary) Merge(o Summary) {
	s.TotalResources += o.TotalResources
	merge(s.ByType, o.ByType)
	merge(s.ByRegion, o.ByRegion)
	merge(s.ByState, o.ByState)
	s.Cost.MonthlyTotal += o.Cost.MonthlyTotal
	merge(s.Cost.ByResourceType, o.Cost.ByResourceType)
	s.Cost.Unknown += o.Cost.Unknown
}

func merge[K comparable, V int | Money](into, from map[K]V) {
	for k, v := range from {
		into[k] += v
	}
}
