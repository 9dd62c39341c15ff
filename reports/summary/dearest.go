package summary

import (
	"cmp"
	"fmt"

	"github.com/consolesensei/resource-tracker/inventory"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Dearest are the resources that cost most.
type Dearest struct {
	Resources []tracker.Resource
	Total     inventory.Count // of all that there are
	Lists     []string
}

// Section writes them.
func (d Dearest) Section() ReportSection {
	s := ReportSection{Name: "dearest", Title: "The dearest resources", Lists: d.Lists, Facts: []ReportFact{}}
	t := ReportTable{Name: "resources", Title: "Resources by cost a month", Rows: [][]any{}, Columns: []ReportColumn{
		{"resource_id", "Resource", KindText, ""},
		{"resource_name", "Name", KindText, ""},
		{"resource_type", "Type", KindText, ""},
		{"region", "Region", KindText, ""},
		{"account_id", "Account", KindText, ""},
		{"monthly_cost", "Cost a month", KindMoney, "monthly_cost"},
		{"price", "Price", KindText, ""},
	}}
	rest := d.Total.Total
	for _, r := range d.Resources {
		rest -= *r.MonthlyCost
		name := ""
		if r.Name != nil {
			name = *r.Name
		}
		t.Rows = append(t.Rows, []any{r.ID, name, string(r.Type), r.Region, r.AccountID, *r.MonthlyCost, cmp.Or(bases[r.Basis()], string(r.Basis()))})
	}
	if more := d.Total.Resources - d.Total.Unknown - len(d.Resources); more > 0 {
		t.Rows = append(t.Rows, []any{fmt.Sprintf("%s: %d", other, more), "", "", "", "", rest, ""})
	}
	s.Facts = append(s.Facts,
		money("dearest_cost", fmt.Sprintf("Cost a month of the %d dearest", len(d.Resources)), d.Total.Total-rest, ""),
		money("monthly_cost", "Cost a month of all", d.Total.Total, ""),
		count("unpriced", "Resources without a known cost", d.Total.Unknown, "no one knows whether they are among the dearest"),
	)
	s.Tables = []ReportTable{t}
	return s
}
