package simulator_test

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/simulator"
)

// TestAMillionResourcesAreNotKept walks through the lists of a large account.
// Nothing of a page stays once it was read.
func TestAMillionResourcesAreNotKept(t *testing.T) {
	a := simulator.New(simulator.Options{Resources: 1_000_000})
	cfg := a.Config(home)
	pages, items := 0, 0
	walk := func(page list, limit int) {
		token := ""
		for range limit {
			ids, next, err := page(t.Context(), cfg, 0, token)
			if err != nil {
				t.Fatal(err)
			}
			pages++
			items += len(ids)
			if token = next; next == "" {
				return
			}
		}
	}
	walk(listInstances, 1) // what is made once
	before := heap()
	walk(listInstances, 30)
	walk(listVolumes, 100)
	walk(listLogGroups, 200)
	walk(listTagged, 100)
	if grown := int64(heap()) - int64(before); grown > 2<<20 {
		t.Errorf("%d pages of %d items left %d KiB behind", pages, items, grown>>10)
	}
	if items < 140_000 {
		t.Errorf("only %d items were read", items)
	}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestManyCallsAtOnce: 17 regions, many calls each, while faults come and go.
func TestManyCallsAtOnce(t *testing.T) {
	a := simulator.New(simulator.Options{Resources: 2000, Latency: 2 * time.Millisecond, Quotas: true})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var wg sync.WaitGroup
	for _, region := range a.Regions() {
		cfg := patient(a.Config(region))
		for _, l := range lists {
			wg.Go(func() {
				for range 3 {
					if _, _, err := l.page(ctx, cfg, 0, ""); err != nil && code(err) == "" {
						t.Error(err)
					}
				}
			})
		}
		wg.Go(func() {
			for range 50 {
				a.Inject(simulator.Fault{Kind: simulator.Throttled, Region: region, Probability: 0.5})()
				a.Cap("ec2", "DescribeVolumes", 1000, 1000)
				a.Peak("ec2", "DescribeVolumes")
			}
		})
	}
	wg.Wait()
	total := 0
	for _, n := range a.Calls() {
		total += n
	}
	if want := 17 * 3 * len(lists); total != want {
		t.Errorf("%d calls counted, want %d", total, want)
	}
}

// BenchmarkPage measures one full page of each big type through the SDK.
// BenchmarkCall shows the fixed cost of the SDK itself.
func BenchmarkPage(b *testing.B) {
	cfg := simulator.New(simulator.Options{Resources: 100_000}).Config(home)
	for _, row := range []struct {
		name string
		page list
		size int32
	}{
		{"instances-1000", listInstances, 1000},
		{"volumes-1000", listVolumes, 1000},
		{"databases-100", listDBInstances, 100},
		{"balancers-400", listLoadBalancers, 400},
		{"functions-50", listFunctions, 50},
		{"loggroups-50", listLogGroups, 50},
		{"principals-1000", listPrincipals, 1000},
		{"buckets-1000", listBuckets, 1000},
		{"tagged-100", listTagged, 100},
	} {
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := row.page(b.Context(), cfg, row.size, ""); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(row.size), "ns/resource")
		})
	}
}

// BenchmarkCall is a call that answers nothing.
func BenchmarkCall(b *testing.B) {
	client := ec2.NewFromConfig(simulator.New(simulator.Options{Resources: -1}).Config(home))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := client.DescribeVolumes(b.Context(), &ec2.DescribeVolumesInput{MaxResults: aws.Int32(1000)}); err != nil {
			b.Fatal(err)
		}
	}
}
