package parts

import (
	"bytes"
	"encoding/json"
	"io"
	"iter"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/parquet-go/parquet-go"

	"github.com/consolesensei/resource-tracker/cloud/objects"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/internal/config"
	"github.com/consolesensei/resource-tracker/internal/mototest"
	"github.com/consolesensei/resource-tracker/tracker"
)

// focusLine is a line of a bill.
type focusLine struct {
	Account   string    `parquet:"SubAccountId"`
	Start     time.Time `parquet:"ChargePeriodStart,timestamp(millisecond)"`
	Service   string    `parquet:"ServiceName"`
	Category  string    `parquet:"ChargeCategory"`
	Currency  string    `parquet:"BillingCurrency"`
	Billed    float64   `parquet:"BilledCost"`
	Effective float64   `parquet:"EffectiveCost"`
}

// exportedLine is what the test reads of an inventory.
type exportedLine struct {
	ID   string   `parquet:"resource_id"`
	Cost *float64 `parquet:"monthly_cost,optional"`
}

// TestLake_S3 holds that the history goes out to S3 as it is, once, and that bills come in from S3.
func TestLake_S3(t *testing.T) {
	aws3, ctx := mototest.Start(t), t.Context()
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIATEST")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	_, err := s3.NewFromConfig(aws3, func(o *s3.Options) { o.UsePathStyle = true }).CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("lake")})
	if err != nil {
		t.Fatal(err)
	}
	h, err := history.Open(ctx, history.Options{URL: filepath.Join(t.TempDir(), "h.sqlite"), Dictionary: rowsDictionary, Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	day := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -1)
	err = h.Ingest(ctx, history.Scan{
		Tenant: "acme", Job: "one", At: day.UnixMilli(), Accounts: []string{"111111111111"},
		Cells: func(string) []history.Cell {
			return []history.Cell{{Place: history.Place{Region: "eu-west-1", Type: "EBS_Volume"}, Outcome: tracker.OutcomeOK}}
		},
		Rows: func(string, history.Cell) iter.Seq2[history.Row, error] {
			return func(yield func(history.Row, error) bool) {
				for id, cost := range map[string]float64{"vol-1": 8.5, "vol-2": 4.25} {
					r := tracker.Resource{ID: id, Type: "EBS_Volume", AccountID: "111111111111", Region: "eu-west-1", MonthlyCost: new(tracker.Dollars(cost))}
					b, err := json.Marshal(r)
					if !yield(historyRow(b), err) {
						return
					}
				}
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}

	cfg := config.Config{AWSEndpointURL: *aws3.BaseEndpoint, AWSRequestTimeout: time.Minute, AWSMaxAttempts: 5, HistoryExport: "s3://lake/tracker", BilledFiles: "s3://lake/bills"}
	var told []string
	tell := func(how string) { told = append(told, how) }
	if err := exporting(cfg, h)(ctx, tell); err != nil || strings.Join(told, " ") != "written" {
		t.Fatal(told, err)
	}
	if err := exporting(cfg, h)(ctx, tell); err != nil || len(told) != 1 {
		t.Errorf("written again: %v %v", told, err)
	}
	b, err := objects.Open(ctx, aws3, "s3://lake/tracker")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	var sum float64
	err = b.List(ctx, func(name string, size int64, mark string) error {
		names[name] = true
		if !strings.HasPrefix(name, "inventory/") || !strings.HasSuffix(name, ".parquet") {
			return nil
		}
		f, err := b.Open(ctx, name, size, mark)
		if err != nil {
			return err
		}
		lines, err := parquet.Read[exportedLine](f, size)
		for _, l := range lines {
			sum += *l.Cost
		}
		return err
	})
	of := "tenant=acme/day=" + day.Format(time.DateOnly)
	if err != nil || sum != 12.75 || !names["inventory/"+of+"/_SUCCESS"] || !names["versions/"+of+"/account=111111111111/part-0.parquet"] {
		t.Errorf("%v %v %v", err, sum, names)
	}
	var total int64
	today := day.Unix() / 86400
	if err := h.EachDay(ctx, "acme", "account", today, today, func(d history.Day) { total += d.Cost }); err != nil || total != 12_750_000_000 {
		t.Errorf("the history has %d: %v", total, err)
	}

	to, err := objects.Open(ctx, aws3, "s3://lake/bills")
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := parquet.Write(&file, []focusLine{{"111111111111", day, "Amazon EC2", "Usage", "USD", 3, 3}}); err != nil {
		t.Fatal(err)
	}
	err = to.Write(ctx, "data/BILLING_PERIOD=2026-11/a.parquet", func(w io.Writer) error { _, err := w.Write(file.Bytes()); return err })
	if err != nil {
		t.Fatal(err)
	}
	if err := bills(cfg, h)(ctx, tell); err != nil {
		t.Fatal(err)
	}
	all, err := h.Billed(ctx, "acme", "account", today, today+1)
	if err != nil || len(all) != 1 || all[0].Amount != 3e9 {
		t.Errorf("%+v %v", all, err)
	}
}
