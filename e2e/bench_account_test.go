package e2e

import (
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/cloud"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

// accountMix is an account in which three types need a call for each resource, of
// APIs whose quotas AWS does not document.
var accountMix = map[tracker.Type]float64{
	"EC2_Instance": 12, "EBS_Volume": 18, "Elastic_IP": 1, "NAT_Gateway": 1, "S3_Bucket": 3, "RDS_Instance": 2, "Lambda_Function": 12,
	"Load_Balancer": 1, "CloudWatch_LogGroup": 15, "IAM_User": 5, "IAM_Role": 12, "IAM_AccessKey": 4, "SNS_Topic": 7, "DynamoDB_Table": 7,
}

// BenchmarkAccount scans every type of an account of 2,864 resources in 17 regions
// at 50 ms a call: with the guessed rates held fast as a baseline, while the rates
// are learnt, when they are remembered, and with AWS admitting 20 calls a second
// of one of the APIs.
func BenchmarkAccount(b *testing.B) {
	for _, run := range []struct {
		name   string
		limits string
		scans  int
		cap    float64
	}{
		{"rates held fast", "*=8/20,iam:*=12/12", 1, 0},
		{"rates learnt", "", 2, 0},
		{"20 a second admitted", "", 2, 20},
	} {
		b.Run(run.name, func(b *testing.B) {
			limits, err := cloud.ParseLimits(run.limits)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				s := newSystem(b, simulator.Options{Resources: 2864, Mix: accountMix, Latency: benchLatency}, func(o *setup) { o.cloud.Limits = limits })
				if run.cap > 0 {
					s.account.Cap("sns", "GetTopicAttributes", run.cap, int(run.cap))
				}
				c := s.client(b)
				c.scan(with(valid(), "types", []string{"NAT_Gateway"})) // connections and scripts, as in a service that runs
				for n := range run.scans {
					s.account.ResetCalls()
					j := c.scan(valid())
					if j.State != tracker.JobSucceeded {
						b.Errorf("scan %d ended %s: %s", n+1, j.State, j.Reason)
					}
					calls, topics, throttled := 0, 0, 0
					for api, t := range s.account.Tallies() {
						calls += t.Calls
						throttled += t.Throttled
						if api.Service == "sns" && api.Operation == "GetTopicAttributes" {
							topics += t.Calls
						}
					}
					b.Logf("scan %d: %s, %d resources of %d types, %d calls; %d throttled of %d GetTopicAttributes",
						n+1, j.FinishedAt.Sub(j.CreatedAt).Round(10*time.Millisecond), j.Summary.TotalResources, len(scanners.Types()), calls, throttled, topics)
				}
			}
		})
	}
}
