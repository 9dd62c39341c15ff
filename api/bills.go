package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
	"github.com/consolesensei/resource-tracker/trends"
)

// maxBilledDays is how many days can be asked for at once.
const maxBilledDays = 1100

type billsInput struct {
	From string `query:"from" maxLength:"40" doc:"The first day: a time such as 2026-11-01T08:00:00Z, a day such as 2026-11-01, or how long ago such as 7d or 4w. The default is the first of the month that to is in"`
	To   string `query:"to" maxLength:"40" doc:"The last day, as from. The default is today"`
	By   string `query:"by" default:"account" enum:"account,day,region,service" doc:"What is summed by"`
}

// billsAnswer is what was billed.
type billsAnswer struct {
	Success    bool          `json:"success" doc:"Always true"`
	By         string        `json:"by" enum:"account,day,region,service"`
	From       string        `json:"from" format:"date"`
	To         string        `json:"to" format:"date" doc:"The last day"`
	Source     string        `json:"source" enum:"files,none" doc:"files: those of BILLED_FILES. none: none was ever read"`
	ReadAt     *time.Time    `json:"read_at" doc:"When the newest of the periods was read; null is never"`
	Billed     []billedLine  `json:"billed" doc:"By key and currency: currencies are never added up"`
	Compared   *billedSpan   `json:"compared,omitempty" doc:"The days that usage, estimate and difference are of: those that the bill and the history both have. Absent where there are none"`
	Accounts   []billAccount `json:"accounts" doc:"Which days of each account are billed: of others nothing is known, which is not zero"`
	Periods    []billPeriod  `json:"periods" doc:"The files by period, as they were last read. Only the tenant default, which is that of the operators, sees them"`
	Faults     []string      `json:"faults" doc:"What is wrong with the files: what is in them is not known. Sums are as they were read before. Other tenants than default see only that something is"`
	NotCovered []string      `json:"not_covered" doc:"What the bill and the estimate do not both have"`
}

// billedLine is what was billed of one key in one currency.
type billedLine struct {
	Key        string                   `json:"key" doc:"Of day: as 2026-11-01"`
	Currency   string                   `json:"currency"`
	Billed     *tracker.Money           `json:"billed" doc:"All categories together; null where nothing is known to be billed"`
	Effective  *tracker.Money           `json:"effective" doc:"The same, with what was paid in advance spread over its time"`
	Categories map[string]tracker.Money `json:"categories" doc:"billed by FOCUS's category of charge: Usage, Purchase, Tax, Credit, Adjustment"`
	Usage      *tracker.Money           `json:"usage" doc:"Usage of the compared days, at list prices where the files have them, or else as billed"`
	Estimate   *tracker.Money           `json:"estimate" doc:"What the history reckons for the compared days; null where there is none to compare"`
	Unpriced   int64                    `json:"unpriced" doc:"Resources at the end whose cost is not known: the estimate lacks them"`
	Difference *tracker.Money           `json:"difference" doc:"usage less estimate; null without either, and where the bill lacks an account that the estimate has"`
}

type billedSpan struct {
	From string `json:"from" format:"date"`
	To   string `json:"to" format:"date" doc:"The last day"`
}

type billAccount struct {
	AccountID string `json:"account_id"`
	FirstDay  string `json:"first_day,omitempty" format:"date" doc:"Absent where nothing is known to be billed"`
	LastDay   string `json:"last_day,omitempty" format:"date"`
}

type billPeriod struct {
	Period string     `json:"period" doc:"The folder of its files"`
	ReadAt *time.Time `json:"read_at" doc:"Null is never"`
	Fault  string     `json:"fault,omitempty" doc:"Why it could not be read since"`
}

func (s *Server) registerBills() {
	register(s, huma.Operation{
		OperationID: "list-billed", Method: http.MethodGet, Path: "/api/v1/billed", Tags: []string{"trends"},
		Summary: "Compare what AWS has billed with the estimate",
		Description: `From the files of FOCUS or CUR 2.0 that BILLED_FILES names, beside what the history reckons for the same days. What Cost
Explorer says of a scan is in that scan's costs.`,
	}, s.listBilled)
}

func (s *Server) listBilled(ctx context.Context, in *billsInput) (*struct{ Body billsAnswer }, error) {
	h, err := s.kept()
	if err != nil {
		return nil, err
	}
	now := time.Now().UTC()
	end, faults := readMoment("query.to", in.To, now, now)
	begin, more := readMoment("query.from", in.From, now, end.UTC().AddDate(0, 0, 1-end.UTC().Day()))
	first, last := trends.DayOf(begin), trends.DayOf(end)
	if faults = append(faults, more...); len(faults) == 0 && (first > last || last-first >= maxBilledDays) {
		faults = append(faults, FieldError{"query.from", fmt.Sprintf("expected a day that is not after to, and at most %d days before it", maxBilledDays-1)})
	}
	if len(faults) > 0 {
		return nil, invalid(faults...)
	}
	a := billsAnswer{
		Success: true, By: in.By, From: dateOf(first), To: dateOf(last), Source: "none",
		Accounts: []billAccount{}, Periods: []billPeriod{}, Faults: []string{},
		NotCovered: []string{
			"tax, credits, purchases and adjustments: the estimate is of usage at list prices",
			"usage that no resource stands for, such as data transfer and requests, and resources whose cost is not known",
		},
	}
	if err := a.sources(ctx, h, owner(ctx) == tracker.DefaultTenant); err != nil {
		return nil, err
	}
	sums, err := h.Billed(ctx, owner(ctx), in.By, first, last+1)
	if err != nil {
		return nil, err
	}
	a.sum(sums)
	days, err := h.BilledDays(ctx, owner(ctx), first, last+1)
	if err != nil {
		return nil, err
	}
	from, to := a.accounts(days)
	if in.By == "service" {
		a.NotCovered = append(a.NotCovered, "estimates by service: the history reckons by type, which no service of a bill is")
		return &struct{ Body billsAnswer }{a}, nil
	}
	if err := s.compare(ctx, h, &a, days, from, to); err != nil {
		return nil, err
	}
	return &struct{ Body billsAnswer }{a}, nil
}

// sources says what the sums were read from, and what could not be read. The files are the operators': what they are
// called, and why one cannot be read, is not for other tenants.
func (a *billsAnswer) sources(ctx context.Context, h *history.Store, operators bool) error {
	all, err := h.BillsRead(ctx)
	for _, b := range all {
		p := billPeriod{Period: b.Period, Fault: b.Fault}
		if b.Read > 0 {
			p.ReadAt, a.Source = new(time.UnixMilli(b.Read).UTC()), "files"
			if a.ReadAt == nil || p.ReadAt.After(*a.ReadAt) {
				a.ReadAt = p.ReadAt
			}
		}
		if b.Fault != "" && !operators {
			a.Faults = []string{"some of the files cannot be read: the operators of the server see which"}
		} else if b.Fault != "" {
			a.Faults = append(a.Faults, strings.TrimPrefix(b.Period+": "+b.Fault, ": "))
		}
		if b.Period != "" && operators {
			a.Periods = append(a.Periods, p)
		}
	}
	if a.Source == "none" {
		a.NotCovered = append(a.NotCovered, "all that was billed: no file was read yet, or BILLED_FILES names none")
	}
	return err
}

// accounts says which days are known of which account, and returns the first and the last of all; 0 where there are none.
func (a *billsAnswer) accounts(days []history.BilledDays) (first, last int64) {
	for _, d := range days {
		account := billAccount{AccountID: d.Account}
		if d.First == 0 {
			a.NotCovered = append(a.NotCovered, "account "+d.Account+": the files have nothing of it in these days")
		} else {
			account.FirstDay, account.LastDay = dateOf(d.First), dateOf(d.Last)
			if first == 0 || d.First < first {
				first = d.First
			}
			last = max(last, d.Last)
		}
		a.Accounts = append(a.Accounts, account)
	}
	return first, last
}

// sum puts the categories of a key and a currency together. They come one after another.
func (a *billsAnswer) sum(sums []history.Billed) {
	a.Billed = []billedLine{}
	other := map[string]bool{}
	for _, b := range sums {
		key := a.key(b.Key)
		if n := len(a.Billed); n == 0 || a.Billed[n-1].Key != key || a.Billed[n-1].Currency != b.Currency {
			a.Billed = append(a.Billed, billedLine{Key: key, Currency: b.Currency, Billed: new(tracker.Money), Effective: new(tracker.Money), Categories: map[string]tracker.Money{}})
		}
		l := &a.Billed[len(a.Billed)-1]
		*l.Billed += tracker.Money(b.Amount)
		*l.Effective += tracker.Money(b.Effective)
		l.Categories[b.Category] += tracker.Money(b.Amount)
		if b.Currency != "USD" && !other[b.Currency] {
			other[b.Currency] = true
			a.NotCovered = append(a.NotCovered, "estimates in "+b.Currency+": the history reckons in USD, and nothing is converted")
		}
	}
}

// key is a key of the history as the answer has it.
func (a *billsAnswer) key(key string) string {
	if day, err := strconv.ParseInt(key, 10, 64); a.By == "day" && err == nil {
		return dateOf(day)
	}
	return key
}

// compare sets what the history reckons beside what was billed in dollars, of the days that both have.
func (s *Server) compare(ctx context.Context, h *history.Store, a *billsAnswer, days []history.BilledDays, first, last int64) error {
	since, ever, err := h.FirstLook(ctx, owner(ctx))
	if err != nil {
		return err
	}
	if first = max(first, since); last == 0 || !ever || first > last {
		a.NotCovered = append(a.NotCovered, "estimates: no day is in both the bill and the history")
		return nil
	}
	a.Compared = &billedSpan{dateOf(first), dateOf(last)}
	lacks := map[string]bool{} // of accounts, those without a bill
	for _, d := range days {
		if d.First == 0 {
			lacks[d.Account] = true
		}
	}
	sums, err := h.Billed(ctx, owner(ctx), a.By, first, last+1)
	if err != nil {
		return err
	}
	usage := map[string]tracker.Money{}
	for _, b := range sums {
		if b.Currency != "USD" || b.Category != "Usage" {
			continue
		}
		if usage[a.key(b.Key)] = tracker.Money(b.Amount); b.List != nil {
			usage[a.key(b.Key)] = tracker.Money(*b.List)
		}
	}
	set := func(key string, spend, unpriced int64) {
		i := slices.IndexFunc(a.Billed, func(l billedLine) bool { return l.Key == key && l.Currency == "USD" })
		if i < 0 {
			i = len(a.Billed)
			a.Billed = append(a.Billed, billedLine{Key: key, Currency: "USD", Categories: map[string]tracker.Money{}})
		}
		l := &a.Billed[i]
		l.Estimate, l.Unpriced = new(tracker.Money(spend)), unpriced
		u, is := usage[key]
		if !is {
			return
		}
		l.Usage = new(u)
		if a.By == "account" && !lacks[key] || len(lacks) == 0 {
			l.Difference = new(u - tracker.Money(spend))
		}
	}
	dimension := a.By
	if a.By == "day" {
		dimension = "type"
	}
	k, err := s.days(ctx, h, dimension, first, last, apart{}, func(l trends.Line) {
		if a.By == "day" {
			return
		}
		var spend, unpriced int64
		for i, d := range l.Days {
			spend, unpriced = spend+trends.Spend(first+int64(i), d.Cost), d.Unpriced
		}
		set(l.Key, spend, unpriced)
	})
	if err != nil {
		return err
	}
	if a.By == "day" {
		for i, d := range k.Total {
			set(dateOf(k.First+int64(i)), trends.Spend(k.First+int64(i), d.Cost), d.Unpriced)
		}
	}
	slices.SortFunc(a.Billed, func(x, y billedLine) int { return strings.Compare(x.Key+"\x00"+x.Currency, y.Key+"\x00"+y.Currency) })
	return nil
}
