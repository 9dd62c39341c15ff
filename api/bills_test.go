package api_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

type bills struct {
	Source   string
	ReadAt   *time.Time `json:"read_at"`
	Compared *struct{ From, To string }
	Billed   []struct {
		Key, Currency                                  string
		Billed, Effective, Usage, Estimate, Difference *float64
		Categories                                     map[string]float64
	}
	Accounts []struct {
		ID    string `json:"account_id"`
		First string `json:"first_day"`
		Last  string `json:"last_day"`
	}
	Faults     []string
	NotCovered []string `json:"not_covered"`
}

// bill reads in what was billed in a period.
func (p *past) bill(period string, charges ...history.Charge) {
	p.Helper()
	b, err := p.BeginBill(p.Context(), period, "mark", time.Now().UnixMilli(), time.Now().UnixMilli()+1000)
	if err == nil {
		err = errors.Join(b.Add(p.Context(), charges, 0), b.End(p.Context(), "mark", time.Now().UnixMilli()))
	}
	if err != nil {
		p.Fatal(err)
	}
}

func chargeOf(account string, ago int64, category, currency string, dollars, list int64) history.Charge {
	day := time.Now().Unix()/86400 - ago
	return history.Charge{
		Account: account, Day: day, Service: "Amazon EC2", Region: "eu-west-1", Category: category, Currency: currency,
		Amount: dollars * 1e9, Effective: dollars * 1e9, List: new(list * 1e9),
	}
}

// TestBilled_BesideTheEstimate holds that usage is compared on the days that both have, and that nothing unknown is zero.
func TestBilled_BesideTheEstimate(t *testing.T) {
	p := newPast(t)
	p.saw(alice, 3, tracker.OutcomeOK, thing{"i-1", "a", 310})
	d := p.door()
	b := read[bills](d, "/api/v1/billed?from=10d")
	if b.Source != "none" || b.ReadAt != nil || b.Compared != nil || len(b.Billed) != 0 || b.Accounts[0].First != "" || !strings.Contains(strings.Join(b.NotCovered, "\n"), "account 111122223333: ") {
		t.Errorf("no file: %+v", b)
	}
	p.bill("2026-11",
		chargeOf("111122223333", 5, "Usage", "USD", 40, 40), // before the first scan
		chargeOf("111122223333", 3, "Usage", "USD", 7, 12), chargeOf("111122223333", 2, "Usage", "USD", 7, 13),
		chargeOf("111122223333", 2, "Tax", "USD", 3, 0), chargeOf("111122223333", 2, "Usage", "EUR", 5, 5),
		chargeOf("999999999999", 2, "Usage", "USD", 500, 500)) // of nobody here
	for _, by := range []string{"account", "region", "day", "service"} {
		b = read[bills](d, "/api/v1/billed?from=10d&by="+by)
		var billed, usage, estimate float64
		for _, l := range b.Billed {
			if l.Currency == "EUR" && (l.Usage != nil || l.Estimate != nil || l.Difference != nil) {
				t.Errorf("%s: compared in EUR: %+v", by, l)
			}
			if l.Currency != "USD" {
				continue
			}
			if l.Billed != nil {
				billed += *l.Billed
			}
			if l.Usage != nil {
				usage += *l.Usage
			}
			if l.Estimate != nil {
				estimate += *l.Estimate
			}
		}
		if billed != 57 || b.Source != "files" || b.ReadAt == nil || !strings.Contains(strings.Join(b.NotCovered, "\n"), "EUR") {
			t.Errorf("%s: %+v", by, b)
		}
		if by == "service" {
			continue
		}
		if usage != 25 || estimate < 20 || estimate > 23 || b.Compared.From != daysAgo(3) || b.Compared.To != daysAgo(2) {
			t.Errorf("%s: usage %v, estimate %v, of %+v", by, usage, estimate, b.Compared)
		}
	}
	if other := read[bills](d, "/api/v1/billed?from=8d&to=7d"); len(other.Billed) != 0 || other.Compared != nil {
		t.Errorf("days without a bill: %+v", other)
	}
}

// TestBilled_Faults holds that what cannot be read is in the answer, beside what was read before.
func TestBilled_Faults(t *testing.T) {
	p := newPast(t)
	p.saw(alice, 3, tracker.OutcomeOK, thing{"i-1", "a", 310})
	p.bill("2026-11", chargeOf("111122223333", 2, "Usage", "USD", 7, 7))
	b, err := p.BeginBill(t.Context(), "2026-11", "newer", time.Now().UnixMilli(), time.Now().UnixMilli()+1000)
	if err = errors.Join(err, b.GiveUp(t.Context(), 0, "a.parquet: it lacks a column"), p.BillsFault(t.Context(), "b.csv.gz is not Parquet")); err != nil {
		t.Fatal(err)
	}
	got := read[bills](p.door(), "/api/v1/billed?from=10d")
	if text := strings.Join(got.Faults, "; "); text != "b.csv.gz is not Parquet; 2026-11: a.parquet: it lacks a column" || len(got.Billed) != 1 {
		t.Errorf("%+v", got)
	}
	// The files are the operators': another tenant sees that something is missing, and no more.
	d := p.door()
	if a := d.call("GET", "/api/v1/billed?from=10d", "", "X-API-Key", other); a.code != 200 || strings.Contains(a.body, "parquet") || strings.Contains(a.body, "2026-11\"") || !strings.Contains(a.body, "cannot be read") {
		t.Errorf("another tenant: %d %s", a.code, a.body)
	}
	if a := d.call("GET", "/api/v1/billed?from=10d", ""); !strings.Contains(a.body, `"period":"2026-11"`) {
		t.Errorf("the operators: %s", a.body)
	}
	p.bill("2026-11", chargeOf("111122223333", 2, "Usage", "USD", 8, 8))
	if err := p.BillsFault(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	if got = read[bills](p.door(), "/api/v1/billed?from=10d"); len(got.Faults) != 0 || *got.Billed[0].Billed != 8 {
		t.Errorf("repaired: %+v", got)
	}
}

func TestBilled_Refused(t *testing.T) {
	d := newPast(t).door()
	for _, query := range []string{"from=soon", "to=soon", "from=2d&to=3d", "from=9w&to=2019-01-01", "from=2001-01-01", "by=owner"} {
		if a := d.call("GET", "/api/v1/billed?"+query, ""); a.code != 422 || !strings.Contains(a.body, "query.") {
			t.Errorf("%s: %d %s", query, a.code, a.body)
		}
	}
	if a := open(t, &fake{}).call("GET", "/api/v1/billed", ""); a.code != 503 {
		t.Errorf("without a history: %d %s", a.code, a.body)
	}
}
