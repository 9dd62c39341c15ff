package rows

import "github.com/consolesensei/resource-tracker/tracker"

// Rule is the rule that found a finding.
func (r *Row) Rule() string { return r.in.text(r.find("rule")) }

// Counted reports whether a finding is in the sum.
func (r *Row) Counted() bool { return r.in.flag(r.find("counted")) }

// MonthlySaving is what a finding saves; nil where that is not known.
func (r *Row) MonthlySaving() *tracker.Money { return r.in.money(r.find("monthly_saving")) }

// Fix is the plan item that repairs a finding; nil when no verb does.
func (r *Row) Fix() *tracker.ActionItem {
	m := r.find("fix")
	if m.null() {
		return nil
	}
	var a tracker.ActionItem
	r.in.members(m, func(m member) {
		switch m.name {
		case memberID:
			a.ResourceID = r.in.text(m)
		case memberType:
			a.Type = tracker.Type(r.in.text(m))
		case memberRegion:
			a.Region = r.in.text(m)
		case memberAccount:
			a.AccountID = r.in.text(m)
		case "action":
			a.Verb = r.in.text(m)
		case "params":
			a.Params = r.in.metadata(m)
		case "lift":
			a.Lift = r.in.texts(m)
		}
	})
	return &a
}
