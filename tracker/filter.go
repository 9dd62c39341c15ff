package tracker

// Filter selects resources; every condition that is set must hold, exactly.
type Filter struct {
	Type      Type              `json:"resource_type,omitempty"`
	Region    string            `json:"region,omitempty"`
	State     string            `json:"state,omitempty"`
	AccountID string            `json:"account_id,omitempty"`
	Tags      map[string]string `json:"tags,omitempty"`
}

// Match reports whether r is selected. An empty condition selects everything.
func (f Filter) Match(r Resource) bool {
	if f.Type != "" && f.Type != r.Type ||
		f.Region != "" && f.Region != r.Region ||
		f.State != "" && f.State != r.State ||
		f.AccountID != "" && f.AccountID != r.AccountID {
		return false
	}
	for k, v := range f.Tags {
		if got, ok := r.Tags[k]; !ok || got != v {
			return false
		}
	}
	return true
}

// Empty reports whether the filter selects everything.
func (f Filter) Empty() bool {
	return f.Type == "" && f.Region == "" && f.State == "" && f.AccountID == "" && len(f.Tags) == 0
}
