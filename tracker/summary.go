package tracker

// Summary counts resources, and adds up what they cost.
type Summary struct {
	TotalResources int            `json:"total_resources"`
	ByType         map[Type]int   `json:"by_type"`
	ByRegion       map[string]int `json:"by_region"`
	ByState        map[string]int `json:"by_state"`
	Cost           CostSummary    `json:"-"`
}

// CostSummary adds up the known monthly costs. Its total is a sum of what is
// known: Known and Unknown say of how many resources, and of how many it is not.
type CostSummary struct {
	MonthlyTotal   Money            `json:"estimated_monthly_total" doc:"The sum of the known costs; resources_with_unknown_cost says how many it lacks"`
	ByResourceType map[Type]Money   `json:"by_resource_type"`
	ByRegion       map[string]Money `json:"by_region"`
	ByAccount      map[string]Money `json:"by_account"`
	// ByService is filled in by whoever knows the services of types.
	ByService map[string]Money `json:"by_service"`
	// Unknown counts the resources whose cost is not in the total.
	Unknown int `json:"resources_with_unknown_cost"`
	Known   int `json:"resources_with_known_cost" doc:"Resources in the total, those that are free included"`
	// OtherRegion is the part of MonthlyTotal that is at another region's price.
	OtherRegion Money `json:"other_region_monthly_total" doc:"The part of the total that is at another region's price"`
	CostShares
	ByBasis map[CostBasis]int `json:"resources_by_basis" doc:"Resources by how their cost is known"`
}

// CostShares says how the costs of resources are known, as parts of 1. They are
// nil when there are no resources.
type CostShares struct {
	KnownShare       *float64 `json:"known_share" doc:"How many of all resources are free or priced at their own region's prices, from 0 to 1; null without resources"`
	OtherRegionShare *float64 `json:"other_region_share" doc:"How many are priced at another region's prices"`
	UnknownShare     *float64 `json:"unknown_share" doc:"How many have no known cost"`
}

// Shares returns the shares of resources: of those with a known cost, otherRegion
// are at another region's price.
func Shares(known, otherRegion, unknown int) CostShares {
	all := float64(known + unknown)
	if all == 0 {
		return CostShares{}
	}
	own, other, open := float64(known-otherRegion)/all, float64(otherRegion)/all, float64(unknown)/all
	return CostShares{&own, &other, &open}
}

// NewSummary returns an empty summary, whose maps are not nil.
func NewSummary() Summary {
	return Summary{
		ByType: map[Type]int{}, ByRegion: map[string]int{}, ByState: map[string]int{},
		Cost: CostSummary{
			ByResourceType: map[Type]Money{}, ByRegion: map[string]Money{}, ByAccount: map[string]Money{},
			ByService: map[string]Money{}, ByBasis: map[CostBasis]int{},
		},
	}
}

// Add counts one resource.
func (s *Summary) Add(r Resource) {
	s.TotalResources++
	s.ByType[r.Type]++
	s.ByRegion[r.Region]++
	s.ByState[r.State]++
	s.Cost.ByBasis[r.Basis()]++
	if r.MonthlyCost == nil {
		s.Cost.Unknown++
		return
	}
	s.Cost.Known++
	s.Cost.MonthlyTotal += *r.MonthlyCost
	if r.Basis() == CostOtherRegion {
		s.Cost.OtherRegion += *r.MonthlyCost
	}
	s.Cost.ByResourceType[r.Type] += *r.MonthlyCost
	s.Cost.ByRegion[r.Region] += *r.MonthlyCost
	s.Cost.ByAccount[r.AccountID] += *r.MonthlyCost
}

// Merge adds what another summary counted.
func (s *Summary) Merge(o Summary) {
	s.TotalResources += o.TotalResources
	merge(s.ByType, o.ByType)
	merge(s.ByRegion, o.ByRegion)
	merge(s.ByState, o.ByState)
	s.Cost.merge(o.Cost)
}

func (c *CostSummary) merge(o CostSummary) {
	c.MonthlyTotal += o.MonthlyTotal
	c.OtherRegion += o.OtherRegion
	c.Unknown += o.Unknown
	c.Known += o.Known
	merge(c.ByResourceType, o.ByResourceType)
	merge(c.ByRegion, o.ByRegion)
	merge(c.ByAccount, o.ByAccount)
	merge(c.ByService, o.ByService)
	merge(c.ByBasis, o.ByBasis)
}

// Complete fills in what follows from the rest: the costs by service, and the
// shares of resources by how their cost is known.
func (c *CostSummary) Complete(service func(Type) string) {
	c.ByService = map[string]Money{}
	for t, m := range c.ByResourceType {
		c.ByService[service(t)] += m
	}
	c.CostShares = Shares(c.Known, c.ByBasis[CostOtherRegion], c.Unknown)
}

func merge[K comparable, V int | Money](into, from map[K]V) {
	for k, v := range from {
		into[k] += v
	}
}
