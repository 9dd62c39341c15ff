package rows

import (
	"fmt"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Resource reads a row whole. Its texts share one copy of the row: who keeps a
// few of them for long clones them.
func Resource(row []byte) (tracker.Resource, error) {
	var r tracker.Resource
	var in reader
	o := object{json: string(row)}
	for m, ok := o.next(); ok; m, ok = o.next() {
		switch m.name {
		case memberID:
			r.ID = in.text(m)
		case memberName:
			r.Name = in.name(m)
		case memberType:
			r.Type = tracker.Type(in.text(m))
		case memberAccount:
			r.AccountID = in.text(m)
		case memberRegion:
			r.Region = in.text(m)
		case memberARN:
			r.ARN = in.text(m)
		case memberState:
			r.State = in.text(m)
		case memberCreated:
			if t, known := in.time(m); known {
				r.Created = &t
			}
		case memberTags:
			r.Tags = in.tags(m)
		case memberMonthly:
			r.MonthlyCost = in.money(m)
		case memberCost:
			r.Cost = in.cost(m)
		case memberMetadata:
			r.Metadata = in.metadata(m)
		}
	}
	if o.err == nil && r.ID == "" {
		in.fail(member{name: memberID}, "a string")
	}
	return r, unread(o.err, in.err)
}

// unread is the first of what was wrong with a row.
func unread(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return fmt.Errorf("read a row: %w", err)
		}
	}
	return nil
}

func (in *reader) cost(m member) *tracker.Cost {
	if m.null() {
		return nil
	}
	c := &tracker.Cost{}
	in.members(m, func(m member) {
		switch m.name {
		case "value":
			c.Value = in.money(m)
		case "currency":
			c.Currency = in.text(m)
		case "source":
			c.Source = in.text(m)
		case "as_of":
			c.AsOf = in.text(m)
		case memberBasis:
			c.Basis = tracker.CostBasis(in.text(m))
		case "confidence":
			c.Confidence = tracker.Confidence(in.text(m))
		case "upper_bound":
			c.UpperBound = in.flag(m)
		case "reason":
			c.Reason = in.text(m)
		case "components":
			if !m.null() {
				c.Components = []tracker.CostComponent{}
			}
			in.elements(m, func(e member) { c.Components = append(c.Components, in.component(e)) })
		}
	})
	return c
}

func (in *reader) component(m member) (c tracker.CostComponent) {
	in.members(m, func(m member) {
		switch m.name {
		case "name":
			c.Name = in.text(m)
		case "unit":
			c.Unit = in.text(m)
		case "quantity":
			c.Quantity, _ = in.number(m)
		case "unit_price":
			c.UnitPrice = in.money(m)
		case "monthly":
			c.Monthly = in.money(m)
		case "reason":
			c.Reason = in.text(m)
		}
	})
	return c
}
