package parts

import (
	"errors"
	"fmt"
	"time"

	"github.com/tidwall/gjson"

	"github.com/consolesensei/resource-tracker/tracker"
)

// readRow reads a resource as the store keeps it. encoding/json takes several
// times as long, and a scan may have a million of them.
func readRow(row []byte) (tracker.Resource, error) {
	var r tracker.Resource
	var err error
	gjson.ParseBytes(row).ForEach(func(k, v gjson.Result) bool {
		switch k.Str {
		case "resource_id":
			r.ID = v.Str
		case "resource_name":
			if v.Type == gjson.String {
				r.Name = &v.Str
			}
		case "resource_type":
			r.Type = tracker.Type(v.Str)
		case "account_id":
			r.AccountID = v.Str
		case "region":
			r.Region = v.Str
		case "arn":
			r.ARN = v.Str
		case "state":
			r.State = v.Str
		case "creation_date":
			if v.Type == gjson.String {
				var t time.Time
				if t, err = time.Parse(time.RFC3339, v.Str); err == nil {
					r.Created = &t
				}
			}
		case "tags":
			r.Tags = map[string]string{}
			v.ForEach(func(k, v gjson.Result) bool {
				r.Tags[k.Str] = v.Str
				return true
			})
		case "estimated_cost_monthly":
			r.MonthlyCost = readMoney(v)
		case "cost":
			if v.IsObject() {
				r.Cost = readCost(v)
			}
		case "metadata":
			r.Metadata, _ = v.Value().(map[string]any)
		}
		return err == nil
	})
	if err != nil {
		return r, fmt.Errorf("read a resource: %w", err)
	}
	if r.ID == "" {
		return r, errors.New("read a resource: it has no ID")
	}
	return r, nil
}

func readCost(v gjson.Result) *tracker.Cost {
	c := &tracker.Cost{Components: []tracker.CostComponent{}}
	v.ForEach(func(k, v gjson.Result) bool {
		switch k.Str {
		case "value":
			c.Value = readMoney(v)
		case "currency":
			c.Currency = v.Str
		case "source":
			c.Source = v.Str
		case "as_of":
			c.AsOf = v.Str
		case "basis":
			c.Basis = tracker.CostBasis(v.Str)
		case "confidence":
			c.Confidence = tracker.Confidence(v.Str)
		case "reason":
			c.Reason = v.Str
		case "components":
			v.ForEach(func(_, v gjson.Result) bool {
				c.Components = append(c.Components, readComponent(v))
				return true
			})
		}
		return true
	})
	return c
}

func readComponent(v gjson.Result) (c tracker.CostComponent) {
	v.ForEach(func(k, v gjson.Result) bool {
		switch k.Str {
		case "name":
			c.Name = v.Str
		case "unit":
			c.Unit = v.Str
		case "quantity":
			c.Quantity = v.Num
		case "unit_price":
			c.UnitPrice = readMoney(v)
		case "monthly":
			c.Monthly = readMoney(v)
		case "reason":
			c.Reason = v.Str
		}
		return true
	})
	return c
}

// readMoney is nil where an amount is not known.
func readMoney(v gjson.Result) *tracker.Money {
	if v.Type != gjson.Number {
		return nil
	}
	m := tracker.Dollars(v.Num)
	return &m
}
