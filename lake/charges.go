package lake

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

// billFormat says which columns of a file hold what. Those that are not needed may be missing.
type billFormat struct {
	name                                        string
	account, day, service, region, category     string
	currency, billed, effective, list           string
	plan, reservation, arn, unusedFee, unusedUp string // of CUR, which has no effective cost in one column
	used, committed                             string
}

var billFormats = []billFormat{
	{
		name: "FOCUS", account: "subaccountid", day: "chargeperiodstart", service: "servicename", region: "regionid", category: "chargecategory",
		currency: "billingcurrency", billed: "billedcost", effective: "effectivecost", list: "listcost",
	},
	{
		name: "CUR 2.0", account: "line_item_usage_account_id", day: "line_item_usage_start_date", service: "line_item_product_code", region: "product_region_code",
		category: "line_item_line_item_type", currency: "line_item_currency_code", billed: "line_item_unblended_cost", list: "pricing_public_on_demand_cost",
		plan: "savings_plan_savings_plan_effective_cost", reservation: "reservation_effective_cost", arn: "reservation_reservation_a_r_n",
		unusedFee: "reservation_unused_recurring_fee", unusedUp: "reservation_unused_amortized_upfront_fee_for_billing_period",
		used: "savings_plan_used_commitment", committed: "savings_plan_total_commitment_to_date",
	},
}

// needed are the columns without which a file says nothing.
func (b billFormat) needed() []string {
	names := []string{b.account, b.day, b.service, b.category, b.currency, b.billed}
	if b.effective != "" {
		names = append(names, b.effective)
	}
	return names
}

// charge is a line of a bill.
type charge struct {
	history.Charge // without money
	billed         float64
	effective      float64
	list           float64
	listed         bool
}

// charges calls f with the lines of a file, and returns what format it has. It holds a page of each column that it needs.
func charges(ctx context.Context, r io.ReaderAt, size int64, f func(charge) error) (string, error) {
	file, err := parquet.OpenFile(r, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true), parquet.ReadBufferSize(1<<20))
	if err != nil {
		return "", err
	}
	all := leaves(file)
	i := slices.IndexFunc(billFormats, func(b billFormat) bool { _, is := all[b.billed]; return is })
	if i < 0 {
		return "", errors.New("it has neither the columns of FOCUS (BilledCost, …) nor of CUR 2.0 (line_item_unblended_cost, …)")
	}
	b := billFormats[i]
	for _, name := range b.needed() {
		if _, is := all[name]; !is {
			return b.name, fmt.Errorf("it looks like %s and lacks the column %s", b.name, name)
		}
	}
	for _, g := range file.RowGroups() {
		if err := b.group(ctx, g, all, f); err != nil {
			return b.name, err
		}
	}
	return b.name, nil
}

// group reads a row group.
func (b billFormat) group(ctx context.Context, g parquet.RowGroup, all map[string]leaf, f func(charge) error) (err error) {
	columns := map[string]*column{}
	defer func() {
		for _, c := range columns {
			err = errors.Join(err, c.close())
		}
	}()
	for _, name := range []string{
		b.account, b.day, b.service, b.region, b.category, b.currency, b.billed, b.effective, b.list,
		b.plan, b.reservation, b.arn, b.unusedFee, b.unusedUp, b.used, b.committed,
	} {
		if l, is := all[name]; is && name != "" {
			columns[name] = l.open(g)
		}
	}
	text := func(name string) (string, error) {
		c := columns[name]
		if c == nil {
			return "", nil
		}
		v, err := c.next()
		return c.text(v), err
	}
	number := func(name string) (float64, bool, error) {
		c := columns[name]
		if c == nil {
			return 0, false, nil
		}
		v, err := c.next()
		n, ok := c.number(v)
		return n, ok, err
	}
	for row := range g.NumRows() {
		if row%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		var c charge
		var failed error
		read := func(name string) string {
			s, err := text(name)
			failed = errors.Join(failed, err)
			return s
		}
		amount := func(name string) float64 {
			n, _, err := number(name)
			failed = errors.Join(failed, err)
			return n
		}
		c.Account, c.Service, c.Region, c.Category, c.Currency = read(b.account), read(b.service), read(b.region), read(b.category), read(b.currency)
		c.Region = cmp.Or(c.Region, tracker.Global)
		start, err := columns[b.day].next()
		failed = errors.Join(failed, err)
		known := false
		if c.Day, known = columns[b.day].day(start); !known {
			failed = errors.Join(failed, fmt.Errorf("row %d has no time in %s", row, b.day))
		}
		billed, known, err := number(b.billed)
		if failed = errors.Join(failed, err); !known {
			failed = errors.Join(failed, fmt.Errorf("row %d has no amount in %s", row, b.billed))
		}
		c.billed = billed
		c.list, c.listed, err = number(b.list)
		failed = errors.Join(failed, err)
		if b.effective != "" {
			c.effective = amount(b.effective)
		} else {
			c.effective = curEffective(c.Category, billed, read(b.arn) != "", curAmounts{
				plan: amount(b.plan), reservation: amount(b.reservation), unusedFee: amount(b.unusedFee), unusedUpfront: amount(b.unusedUp),
				used: amount(b.used), committed: amount(b.committed),
			})
			c.Category = curCategory(c.Category)
		}
		if failed != nil {
			return failed
		}
		if err := f(c); err != nil {
			return err
		}
	}
	return nil
}

type curAmounts struct{ plan, reservation, unusedFee, unusedUpfront, used, committed float64 }

// curEffective is the amortized cost of a line, as AWS says to reckon it from CUR:
// https://docs.aws.amazon.com/cur/latest/userguide/cur-sp.html and cur-ri.html
func curEffective(kind string, unblended float64, reserved bool, a curAmounts) float64 {
	switch {
	case kind == "SavingsPlanCoveredUsage":
		return a.plan
	case kind == "SavingsPlanRecurringFee":
		return a.committed - a.used
	case kind == "SavingsPlanNegation" || kind == "SavingsPlanUpfrontFee":
		return 0
	case kind == "DiscountedUsage":
		return a.reservation
	case kind == "RIFee":
		return a.unusedUpfront + a.unusedFee
	case kind == "Fee" && reserved:
		return 0
	}
	return unblended
}

// curCategory is a type of line item as FOCUS calls it.
func curCategory(kind string) string {
	switch {
	case strings.HasSuffix(kind, "Usage") || kind == "SavingsPlanNegation":
		return "Usage"
	case strings.HasSuffix(kind, "Fee"):
		return "Purchase"
	case kind == "Tax":
		return "Tax"
	case kind == "Credit" || kind == "Refund":
		return "Credit"
	}
	return "Adjustment"
}

// sums adds lines up. It has few of them at once.
type sums struct {
	all map[history.Charge]*charge
}

func (s *sums) add(c charge) {
	sum := s.all[c.Charge]
	if sum == nil {
		s.all[c.Charge] = &c
		return
	}
	sum.billed, sum.effective, sum.list, sum.listed = sum.billed+c.billed, sum.effective+c.effective, sum.list+c.list, sum.listed && c.listed
}

// take empties the sums.
func (s *sums) take() (all []history.Charge) {
	for _, c := range s.all {
		c.Amount, c.Effective = nanos(c.billed), nanos(c.effective)
		if c.listed {
			c.List = new(nanos(c.list))
		}
		all = append(all, c.Charge)
	}
	clear(s.all)
	return all
}

func nanos(n float64) int64 { return int64(math.Round(n * 1e9)) }
