package lake

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"github.com/consolesensei/resource-tracker/history"
)

// focus is a line of FOCUS 1.2 as AWS Data Exports writes it, with some of the columns that nobody reads here.
type focus struct {
	AvailabilityZone  *string           `parquet:"AvailabilityZone,optional"`
	BilledCost        float64           `parquet:"BilledCost,optional"`
	BillingCurrency   string            `parquet:"BillingCurrency,optional"`
	ChargeCategory    string            `parquet:"ChargeCategory,optional"`
	ChargePeriodStart time.Time         `parquet:"ChargePeriodStart,optional,timestamp(millisecond)"`
	EffectiveCost     float64           `parquet:"EffectiveCost,optional"`
	ListCost          *float64          `parquet:"ListCost,optional"`
	RegionID          *string           `parquet:"RegionId,optional"`
	ResourceID        *string           `parquet:"ResourceId,optional"`
	ServiceName       string            `parquet:"ServiceName,optional"`
	SubAccountID      string            `parquet:"SubAccountId,optional"`
	Tags              map[string]string `parquet:"Tags"`
}

// cur is a line of CUR 2.0. Its decimals and texts are as some exports have them.
type cur struct {
	Account   string  `parquet:"line_item_usage_account_id"`
	Start     string  `parquet:"line_item_usage_start_date"`
	Service   string  `parquet:"line_item_product_code"`
	Region    *string `parquet:"product_region_code,optional"`
	Kind      string  `parquet:"line_item_line_item_type"`
	Currency  string  `parquet:"line_item_currency_code"`
	Unblended int64   `parquet:"line_item_unblended_cost,decimal(6:18)"`
	OnDemand  float64 `parquet:"pricing_public_on_demand_cost"`
	Plan      float64 `parquet:"savings_plan_savings_plan_effective_cost,optional"`
}

func write[T any](t *testing.T, path string, rows ...T) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := parquet.WriteFile(path, rows, parquet.Compression(&parquet.Snappy)); err != nil {
		t.Fatal(err)
	}
}

func line(account, day, service, category, currency string, billed, effective float64) focus {
	start, _ := time.Parse(time.DateOnly, day)
	return focus{
		BilledCost: billed, BillingCurrency: currency, ChargeCategory: category, ChargePeriodStart: start.Add(5 * time.Hour), EffectiveCost: effective,
		ListCost: new(2 * effective), RegionID: new("eu-west-1"), ServiceName: service, SubAccountID: account, Tags: map[string]string{"a": "b"},
	}
}

func sum(key, category, currency string, billed, effective, list int64) history.Billed {
	return history.Billed{Key: key, Charge: history.Charge{Category: category, Currency: currency, Amount: billed * 1e9, Effective: effective * 1e9, List: new(list * 1e9)}}
}

// reader reads bills of a folder, at a time that goes on.
type reader struct {
	Bills
	at   time.Time
	told []string
}

func newReader(t *testing.T, h *history.Store, dir string) *reader {
	t.Helper()
	r := &reader{at: time.UnixMilli((dayOf + 1) * dayMillis)}
	r.Bills = Bills{History: h, From: Folder(dir), Now: func() time.Time { return r.at }}
	return r
}

func (r *reader) run(t *testing.T) error {
	t.Helper()
	r.told, r.at = nil, r.at.Add(claimLife+time.Second)
	return r.Read(t.Context(), func(how string) { r.told = append(r.told, how) })
}

func (r *reader) billed(t *testing.T, by string) []history.Billed {
	t.Helper()
	all, err := r.History.Billed(t.Context(), "acme corp", by, dayOf-10, dayOf+10)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestBills holds that a period counts once, however often it is read and written anew, and what of it is whose.
func TestBills(t *testing.T) {
	h, dir := opened(t), t.TempDir()
	ingest(t, h, "one", dayOf*dayMillis, "vol-1:available")
	period := filepath.Join(dir, "exports/daily/data/BILLING_PERIOD=2024-10")
	write(t, filepath.Join(period, "daily-00001.snappy.parquet"),
		line("111111111111", "2024-10-04", "Amazon EC2", "Usage", "USD", 3, 4),
		line("111111111111", "2024-10-04", "Amazon EC2", "Usage", "USD", 1, 1),
		line("111111111111", "2024-10-05", "Amazon S3", "Tax", "USD", 2, 2),
		line("222222222222", "2024-10-05", "Amazon S3", "Usage", "USD", 50, 50))
	write(t, filepath.Join(period, "daily-00002.snappy.parquet"), line("111111111111", "2024-10-05", "Amazon EC2", "Usage", "EUR", 7, 7))
	if err := os.MkdirAll(filepath.Join(dir, "exports/daily/metadata"), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "exports/daily/metadata/daily-Manifest.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := newReader(t, h, dir)
	if err := r.run(t); err != nil {
		t.Fatal(err)
	}
	want := []history.Billed{sum("Amazon EC2", "Usage", "EUR", 7, 7, 14), sum("Amazon EC2", "Usage", "USD", 4, 5, 10), sum("Amazon S3", "Tax", "USD", 2, 2, 4)}
	if diff := cmp.Diff(want, r.billed(t, "service")); diff != "" {
		t.Error(diff)
	}
	if err := r.run(t); err != nil || r.told != nil {
		t.Errorf("what is read is read again: %v %v", r.told, err)
	}

	write(t, filepath.Join(period, "daily-00001.snappy.parquet"), line("111111111111", "2024-10-04", "Amazon EC2", "Usage", "USD", 9, 9))
	if err := os.Remove(filepath.Join(period, "daily-00002.snappy.parquet")); err != nil {
		t.Fatal(err)
	}
	if err := r.run(t); err != nil {
		t.Fatal(err)
	}
	want = []history.Billed{sum("eu-west-1", "Usage", "USD", 9, 9, 18)}
	if diff := cmp.Diff(want, r.billed(t, "region")); diff != "" {
		t.Errorf("a period that was written anew: %s", diff)
	}

	// A file that cannot be read leaves what was read before.
	if err := os.WriteFile(filepath.Join(period, "daily-00003.snappy.parquet"), []byte("no parquet"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := r.run(t); err == nil || !strings.Contains(err.Error(), "BILLING_PERIOD=2024-10: daily-00003.snappy.parquet: ") {
		t.Error(err)
	}
	if diff := cmp.Diff(want, r.billed(t, "region")); diff != "" {
		t.Errorf("after a failed reading: %s", diff)
	}
	if diff := cmp.Diff([]string{"failed"}, r.told); diff != "" {
		t.Error(diff)
	}
	if others, err := h.Billed(t.Context(), "another", "account", 0, dayOf*2); len(others) != 0 || err != nil {
		t.Errorf("of another tenant: %v %v", others, err)
	}
	days, err := h.BilledDays(t.Context(), "acme corp", dayOf-10, dayOf+10)
	if diff := cmp.Diff([]history.BilledDays{{Account: "111111111111", First: dayOf, Last: dayOf}}, days); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

// TestBills_CUR holds that lines of CUR 2.0 are reckoned as AWS says, and that of an export which keeps its runs the newest counts.
func TestBills_CUR(t *testing.T) {
	h, dir := opened(t), t.TempDir()
	ingest(t, h, "one", dayOf*dayMillis, "vol-1:available")
	of := func(kind string, unblended int64, list, plan float64) cur {
		return cur{"111111111111", "2024-10-04T00:00:00Z", "AmazonEC2", nil, kind, "USD", unblended * 1e6, list, plan}
	}
	run := filepath.Join(dir, "cur2/data/BILLING_PERIOD=2024-10/")
	write(t, filepath.Join(run, "2024-10-03T00:00:00Z-a/cur2-00001.snappy.parquet"), of("Usage", 1000, 1000, 0))
	write(t, filepath.Join(run, "2024-10-04T00:00:00Z-b/cur2-00001.snappy.parquet"),
		of("Usage", 10, 10, 0), of("SavingsPlanCoveredUsage", 8, 8, 5), of("SavingsPlanNegation", -8, 0, 0), of("Tax", 2, 0, 0), of("Credit", -3, 0, 0), of("EdpDiscount", -1, 0, 0))
	r := newReader(t, h, dir)
	if err := r.run(t); err != nil {
		t.Fatal(err)
	}
	want := []history.Billed{
		sum("global", "Adjustment", "USD", -1, -1, 0), sum("global", "Credit", "USD", -3, -3, 0), sum("global", "Tax", "USD", 2, 2, 0), sum("global", "Usage", "USD", 10, 15, 18),
	}
	if diff := cmp.Diff(want, r.billed(t, "region")); diff != "" {
		t.Error(diff)
	}
}

// TestBills_Refused holds what is no bill, and what would count twice.
func TestBills_Refused(t *testing.T) {
	type other struct {
		Name string `parquet:"name"`
	}
	type half struct {
		BilledCost float64 `parquet:"BilledCost"`
	}
	// text is a line of FOCUS whose amounts are texts.
	type text struct {
		Account  string    `parquet:"SubAccountId"`
		Start    time.Time `parquet:"ChargePeriodStart,timestamp(millisecond)"`
		Service  string    `parquet:"ServiceName"`
		Category string    `parquet:"ChargeCategory"`
		Currency string    `parquet:"BillingCurrency"`
		Billed   string    `parquet:"BilledCost"`
		Cost     string    `parquet:"EffectiveCost"`
	}
	usage := line("111111111111", "2024-10-04", "Amazon EC2", "Usage", "USD", 3, 4)
	for name, row := range map[string]struct {
		make func(dir string)
		want string
	}{
		"no folder":      {func(dir string) { _ = os.Remove(dir) }, "no such file"},
		"another table":  {func(dir string) { write(t, filepath.Join(dir, "a.parquet"), other{"x"}) }, "neither the columns of FOCUS"},
		"a column lacks": {func(dir string) { write(t, filepath.Join(dir, "a.parquet"), half{1}) }, "lacks the column subaccountid"},
		"no Parquet":     {func(dir string) { _ = os.WriteFile(filepath.Join(dir, "a.csv.gz"), nil, 0o600) }, "a.csv.gz is not Parquet"},
		"no amount": {func(dir string) {
			write(t, filepath.Join(dir, "a.parquet"), text{"111111111111", time.UnixMilli(dayOf * dayMillis), "EC2", "Usage", "USD", "a lot", "1"})
		}, "row 0 has no amount in billedcost"},
		"cut off": {func(dir string) {
			write(t, filepath.Join(dir, "a.parquet"), usage)
			_ = os.Truncate(filepath.Join(dir, "a.parquet"), 200)
		}, "a.parquet: "},
		"CSV beside Parquet": {func(dir string) {
			write(t, filepath.Join(dir, "a.parquet"), usage)
			_ = os.WriteFile(filepath.Join(dir, "b.csv.gz"), nil, 0o600)
		}, "b.csv.gz is not Parquet"},
		"two exports": {func(dir string) {
			write(t, filepath.Join(dir, "one/data/BILLING_PERIOD=2024-10/a.parquet"), usage)
			write(t, filepath.Join(dir, "two/data/BILLING_PERIOD=2024-10/a.parquet"), usage)
		}, "more than one export"},
	} {
		t.Run(name, func(t *testing.T) {
			h, dir := opened(t), filepath.Join(t.TempDir(), "bills")
			if err := os.Mkdir(dir, 0o750); err != nil {
				t.Fatal(err)
			}
			row.make(dir)
			r := newReader(t, h, dir)
			if err := r.run(t); err == nil || !strings.Contains(err.Error(), row.want) {
				t.Error(err)
			}
			if !slices.Contains(r.told, "failed") {
				t.Error(r.told)
			}
			all, err := h.BillsRead(t.Context())
			if err != nil || !slices.ContainsFunc(all, func(b history.BillRead) bool { return strings.Contains(b.Fault, row.want) }) {
				t.Errorf("users do not see it: %+v %v", all, err)
			}
		})
	}
}

// TestBills_NewAccount holds that what was billed of an account is read when the account comes into the history, and is
// forgotten with it.
func TestBills_NewAccount(t *testing.T) {
	h, dir := opened(t), t.TempDir()
	write(t, filepath.Join(dir, "a.parquet"), line("111111111111", "2024-10-04", "Amazon EC2", "Usage", "USD", 3, 4))
	r := newReader(t, h, dir)
	if err := r.run(t); err != nil {
		t.Fatal(err)
	}
	ingest(t, h, "one", dayOf*dayMillis, "vol-1:available")
	if all := r.billed(t, "account"); len(all) != 0 {
		t.Error(all)
	}
	if err := r.run(t); err != nil {
		t.Fatal(err)
	}
	if all := r.billed(t, "account"); len(all) != 1 {
		t.Error(all)
	}
	if err := errors.Join(h.Forget(t.Context(), "acme corp", "111111111111"), r.run(t)); err != nil {
		t.Fatal(err)
	}
	ingest(t, h, "two", dayOf*dayMillis+1, "vol-1:available")
	if all := r.billed(t, "account"); len(all) != 0 {
		t.Errorf("an account that was forgotten: %v", all)
	}
}
