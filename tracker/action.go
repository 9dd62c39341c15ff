package tracker

// Gone is the state of a resource that does not exist, or no longer.
const Gone = "gone"

// ActionItem names one change to one resource.
type ActionItem struct {
	ResourceID string `json:"resource_id"`
	Type       Type   `json:"resource_type"`
	Region     string `json:"region"`
	AccountID  string `json:"account_id,omitempty"`
	// Verb is one that the catalogue names for the type, such as "stop".
	Verb string `json:"action"`
	// Params are what the verb takes, such as {"retention_days": 30}.
	Params Metadata `json:"params,omitempty"`
	// Lift names the rules that must not stop this item, such as
	// "termination_protection".
	Lift []string `json:"lift,omitempty"`
}

// Refusal says why an item will not be carried out.
type Refusal struct {
	// Rule is the name of the rule, such as "protect_tag".
	Rule    string `json:"rule"`
	Message string `json:"message"`
	// HowToLift says what to do about it; empty when nothing can be done.
	HowToLift string `json:"how_to_lift,omitempty"`
	// Liftable says that naming the rule in the item's lift lets it through.
	Liftable bool `json:"liftable"`
}
