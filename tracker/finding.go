package tracker

// Finding is one thing that could cost less, or one resource against a rule.
type Finding struct {
	// ID is the rule and the resource's key.
	ID   string `json:"finding_id"`
	Rule string `json:"rule"`
	// Title says in one line what is wrong with this resource.
	Title        string   `json:"title"`
	ResourceKey  string   `json:"resource_key"`
	ResourceID   string   `json:"resource_id"`
	ResourceName *string  `json:"resource_name"`
	Type         Type     `json:"resource_type"`
	AccountID    string   `json:"account_id"`
	Region       string   `json:"region"`
	Related      []string `json:"related,omitempty" doc:"Keys of other resources that the finding is about"`
	// MonthlySaving is nil when what it saves cannot be priced.
	MonthlySaving *Money     `json:"monthly_saving"`
	Basis         string     `json:"basis" doc:"How the saving was computed"`
	Confidence    Confidence `json:"confidence" enum:"high,medium,low,none"`
	// Counted says that the saving is in the totals: of several findings about one
	// resource only the one that saves most is; the others are alternatives.
	Counted bool `json:"counted"`
	// Held says what the plan that repairs it would refuse: it is not counted.
	Held string `json:"held,omitempty" doc:"Why a person has to look first: the plan that repairs it would refuse. The saving is not counted"`
	// Evidence holds the facts that the rule decided on.
	Evidence Metadata `json:"evidence"`
	Risk     string   `json:"risk" enum:"none,low,medium,high"`
	RiskNote string   `json:"risk_note,omitempty"`
	// Fix is the plan item that repairs it; nil when no verb does.
	Fix *ActionItem `json:"fix,omitempty"`
}

// RuleReport says how a rule of savings fared in a scan.
type RuleReport struct {
	Rule        string `json:"rule"`
	Description string `json:"description"`
	// Status is "evaluated" or "not_evaluated"; Reason then says why, such as
	// metrics that were not asked for or denied, or a type that was not scanned.
	Status   string `json:"status" enum:"evaluated,not_evaluated"`
	Reason   string `json:"reason,omitempty"`
	Findings int    `json:"findings"`
	// MonthlySaving adds up the counted findings that have a price; Unpriced counts
	// those that have none.
	MonthlySaving Money `json:"monthly_saving"`
	Unpriced      int   `json:"unpriced"`
	// Undecided are the cells on some of whose resources it could not decide; one cell of Any stands for too many.
	Undecided []Cell `json:"-"`
}

// The states of an evaluation.
const (
	Evaluated    = "evaluated"
	NotEvaluated = "not_evaluated"
)

// FindingsReport sums up what was found about a scan.
type FindingsReport struct {
	// Status is Evaluated or NotEvaluated; Reason then says why.
	Status string `json:"status"`
	Reason string `json:"reason,omitempty"`
	// MonthlySaving adds up the counted findings that have a price, and is nil where
	// nothing was evaluated; Unpriced counts those that have none.
	MonthlySaving *Money `json:"monthly_saving"`
	Unpriced      int    `json:"unpriced"`
	Findings      int    `json:"findings"`
	Counted       int    `json:"counted"`
	// MetricsRead is how many metrics were asked for: AWS charges for each.
	MetricsRead int          `json:"metrics_read"`
	ByRule      []RuleReport `json:"by_rule"`
}
