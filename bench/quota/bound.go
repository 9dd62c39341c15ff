package main

import (
	"cmp"
	"fmt"
	"time"

	"github.com/consolesensei/resource-tracker/simulator"
)

// bound is the least time that the calls of a scan can take.
type bound struct {
	of    string
	least time.Duration
	calls int
}

func (b bound) String() string {
	return fmt.Sprintf("%.1f s, %s, %d calls", b.least.Seconds(), b.of, b.calls)
}

// chains are the lists whose pages follow one another. All other calls could be
// made side by side; only their quota bounds them.
var chains = map[string]bool{
	"ec2:DescribeInstances": true, "ec2:DescribeVolumes": true, "ec2:DescribeNatGateways": true,
	"iam:GetAccountAuthorizationDetails": true, "s3:ListBuckets": true, "rds:DescribeDBInstances": true,
	"elasticloadbalancing:DescribeLoadBalancers": true, "elasticloadbalancing:DescribeTargetGroups": true,
	"lambda:ListFunctions": true, "logs:DescribeLogGroups": true, "cloudwatch:ListMetrics": true,
}

// bounds returns the longest chain, p pages of latency L, and the slowest quota,
// (p−B)/q for p calls on a bucket of B that refills at q a second. It uses AWS's
// quotas in full; the call budget leaves a fifth of them to others.
func bounds(tallies map[simulator.API]simulator.Tally) (chain, quota bound) {
	longest := func(to *bound, b bound) {
		if c := cmp.Compare(b.least, to.least); c > 0 || c == 0 && b.of < to.of {
			*to = b
		}
	}
	type bucket struct{ region, name string }
	calls := map[bucket]int{}
	for api, t := range tallies {
		name := api.Service + ":" + api.Operation
		if chains[name] {
			longest(&chain, bound{name + " in " + api.Region, time.Duration(t.Calls) * latencyOf(api.Service, api.Operation), t.Calls})
		}
		if shared, _, _, ok := simulator.Quota(api.Service, api.Operation); ok {
			calls[bucket{api.Region, shared}] += t.Calls
		}
	}
	for api := range tallies {
		shared, perSecond, burst, ok := simulator.Quota(api.Service, api.Operation)
		if !ok {
			continue
		}
		n := calls[bucket{api.Region, shared}]
		least := time.Duration(float64(max(0, n-burst)) / perSecond * float64(time.Second))
		longest(&quota, bound{shared + " in " + api.Region, least, n})
	}
	return chain, quota
}
