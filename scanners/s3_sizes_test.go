package scanners

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/aws/smithy-go/encoding/cbor"

	"github.com/consolesensei/resource-tracker/tracker"
)

// metricsRegion is CloudWatch in a region where each bucket has one byte in
// StandardStorage, two in GlacierStorage and seven objects.
type metricsRegion struct {
	buckets int
	status  string // of the last metric of each answer

	mu    sync.Mutex
	reads []int // how many metrics each GetMetricData asked for
	lists int
}

func (m *metricsRegion) answer(c call) (int, string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, body, _ := strings.Cut(c.text, "\n")
	v, err := cbor.Decode([]byte(body))
	if err != nil {
		return http.StatusTeapot, `{}`
	}
	in := v.(cbor.Map)
	switch c.op {
	case "ListMetrics":
		m.lists++
		return http.StatusOK, m.list(in)
	case "GetMetricData":
		return http.StatusOK, m.read(in)
	default:
		return http.StatusTeapot, `{}`
	}
}

// list answers 500 metrics a page: two for each bucket.
func (m *metricsRegion) list(in cbor.Map) string {
	first := 0
	if token, ok := in["NextToken"].(cbor.String); ok {
		_, _ = fmt.Sscan(string(token), &first)
	}
	last := min(first+250, m.buckets)
	var rows []string
	for i := first; i < last; i++ {
		for _, class := range []string{"StandardStorage", "GlacierStorage"} {
			rows = append(rows, fmt.Sprintf(
				`{"Dimensions": [{"Name": "StorageType", "Value": "%s"}, {"Name": "BucketName", "Value": "b%d"}]}`, class, i))
		}
	}
	next := ""
	if last < m.buckets {
		next = fmt.Sprintf(`, "NextToken": "%d"`, last)
	}
	return fmt.Sprintf(`{"Metrics": [%s]%s}`, strings.Join(rows, ","), next)
}

func (m *metricsRegion) read(in cbor.Map) string {
	queries := in["MetricDataQueries"].(cbor.List)
	m.reads = append(m.reads, len(queries))
	values := map[string]string{"StandardStorage": "1", "GlacierStorage": "2", "AllStorageTypes": "7"}
	var rows []string
	for i, q := range queries {
		metric := q.(cbor.Map)["MetricStat"].(cbor.Map)["Metric"].(cbor.Map)
		storage := metric["Dimensions"].(cbor.List)[1].(cbor.Map)["Value"].(cbor.String)
		status := "Complete"
		if i == len(queries)-1 && m.status != "" {
			status = m.status
		}
		rows = append(rows, fmt.Sprintf(`{"Id": "%s", "StatusCode": "%s", "Values": [%s]}`,
			q.(cbor.Map)["Id"].(cbor.String), status, values[string(storage)]))
	}
	return fmt.Sprintf(`{"MetricDataResults": [%s]}`, strings.Join(rows, ","))
}

func bucketsNamed(n int) []*tracker.Resource {
	rs := make([]tracker.Resource, n)
	for i := range rs {
		rs[i] = tracker.Resource{ID: fmt.Sprintf("b%d", i), Metadata: tracker.Metadata{}}
	}
	return refs(rs)
}

func TestBucketSizes(t *testing.T) {
	tests := []struct {
		name    string
		buckets int
		lists   int
		reads   int
	}{
		{"one bucket", 1, 0, 1},
		{"as many as one call holds", fewBuckets, 0, 1},
		{"one more", fewBuckets + 1, 1, 1},
		{"1200 buckets", 1200, 5, 8}, // 3,600 metrics
		{"10000 buckets", 10_000, 40, 60},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			region := &metricsRegion{buckets: tt.buckets}
			buckets := bucketsNamed(tt.buckets)
			if err := fillSizes(t.Context(), target(answers(region.answer)), buckets); err != nil {
				t.Fatal(err)
			}
			if region.lists != tt.lists || len(region.reads) != tt.reads {
				t.Errorf("%d lists and %d reads, want %d and %d", region.lists, len(region.reads), tt.lists, tt.reads)
			}
			for _, n := range region.reads {
				if n > metricBatch {
					t.Errorf("%d metrics in one call", n)
				}
			}
			for _, b := range buckets {
				if b.Metadata["size_bytes"] != int64(3) || b.Metadata["object_count"] != int64(7) {
					t.Fatalf("%s has %v", b.ID, b.Metadata)
				}
			}
		})
	}
}

// TestBucketSizesUnknown leaves the size of a bucket unknown when one of its metrics
// fails, and of no other.
func TestBucketSizesUnknown(t *testing.T) {
	for _, status := range []string{"InternalError", "Forbidden"} {
		region := &metricsRegion{buckets: 400, status: status}
		buckets := bucketsNamed(400)
		err := fillSizes(t.Context(), target(answers(region.answer)), buckets)
		if err == nil || !strings.Contains(err.Error(), status) {
			t.Errorf("error %v, want %s", err, status)
		}
		unknown := 0
		for _, b := range buckets {
			switch {
			case len(b.Metadata) == 0:
				unknown++
			case b.Metadata["size_bytes"] != int64(3) || b.Metadata["object_count"] != int64(7):
				t.Fatalf("%s has %v", b.ID, b.Metadata)
			}
		}
		// The last metric of each call fails.
		if unknown != len(region.reads) {
			t.Errorf("%d sizes unknown after %d calls", unknown, len(region.reads))
		}
	}
}
