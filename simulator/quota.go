package simulator

import (
	"math"
	"strings"
	"sync"
	"time"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
)

// Cap limits how often an API may be called in one account and region.
type Cap struct {
	Service string `json:"service"`
	// Operation; empty: all operations of the service together.
	Operation string  `json:"operation"`
	PerSecond float64 `json:"per_second"`
	// Burst is how many calls a rested API takes at once; 0: a second's worth.
	Burst int `json:"burst"`
}

// Cap sets a limit in place of an earlier one for the same API. It holds beside
// the quotas, also when those are off.
func (a *Account) Cap(service, operation string, perSecond float64, burst int) {
	a.world.quotas.cap(Cap{service, operation, perSecond, burst})
}

// quotas are token buckets per account, region and API.
type quotas struct {
	on      bool
	mu      sync.Mutex
	caps    map[string]rate // by "service:Operation" or "service:"
	buckets map[bucketKey]*bucket
}

type bucketKey struct{ account, region, name string }

type rate struct{ perSecond, burst float64 }

type bucket struct {
	tokens float64
	at     time.Time
}

func newQuotas(o Options) *quotas {
	q := &quotas{on: o.Quotas, caps: map[string]rate{}, buckets: map[bucketKey]*bucket{}}
	for _, c := range o.Caps {
		q.cap(c)
	}
	return q
}

func (q *quotas) cap(c Cap) {
	if c.Burst == 0 {
		c.Burst = int(math.Ceil(c.PerSecond))
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.caps[c.Service+":"+c.Operation] = rate{c.PerSecond, float64(c.Burst)}
}

// admit takes a call from every bucket that it counts against, or none.
func (q *quotas) admit(c Call, in any, now time.Time) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.on && len(q.caps) == 0 {
		return true
	}
	var due [4]*bucket
	n := 0
	admitted := true
	check := func(name string, r rate) {
		b := q.refilled(bucketKey{c.AccountID, c.Region, name}, r, now)
		admitted = admitted && b.tokens >= 1
		due[n] = b
		n++
	}
	if q.on {
		if name, r, ok := quotaOf(c, in); ok {
			check(name, r)
		}
	}
	for _, name := range []string{c.API(), c.Service + ":"} {
		if r, ok := q.caps[name]; ok {
			check("cap/"+name, r)
		}
	}
	if admitted {
		for _, b := range due[:n] {
			b.tokens--
		}
	}
	return admitted
}

func (q *quotas) refilled(key bucketKey, r rate, now time.Time) *bucket {
	b := q.buckets[key]
	if b == nil {
		b = &bucket{tokens: r.burst, at: now}
		q.buckets[key] = b
	}
	if elapsed := now.Sub(b.at); elapsed > 0 {
		b.tokens = min(r.burst, b.tokens+elapsed.Seconds()*r.perSecond)
		b.at = now
	}
	return b
}

// Quota returns AWS's own limit for the pages of an API in one account and
// region. It returns the bucket that the calls count against, which may be
// shared, how fast it refills, and how many calls it holds. It is not ok where
// AWS publishes none.
func Quota(service, operation string) (bucket string, perSecond float64, burst int, ok bool) {
	bucket, r, ok := quotaOf(Call{Service: service, Operation: operation}, nil)
	return bucket, r.perSecond, int(r.burst), ok
}

// quotaOf returns AWS's own limit for a call and the bucket it counts against.
// S3, RDS, STS and Organizations publish none.
func quotaOf(c Call, in any) (name string, r rate, ok bool) {
	switch c.Service {
	case "ec2": // EC2 developer guide, "Request throttling for the Amazon EC2 API"
		switch {
		case unpaginated(in):
			return c.API() + "/unpaginated", rate{10, 50}, true
		case strings.HasPrefix(c.Operation, "Describe"):
			return c.API(), rate{20, 100}, true
		}
		return c.API(), rate{5, 50}, true
	case "elasticloadbalancing": // all actions share one bucket
		return c.Service, rate{10, 40}, true
	case "logs": // L-4284EEDE
		return c.API(), rate{10, 10}, true
	case "lambda": // the control plane's APIs share one
		return c.Service, rate{15, 15}, true
	case "cloudwatch":
		if c.Operation == "GetMetricData" {
			return c.API(), rate{50, 50}, true
		}
		return c.API(), rate{25, 25}, true
	case "tag": // unpublished; what others measured
		return c.API(), rate{10, 10}, true
	case "iam": // unpublished; what others measured
		return c.API(), rate{15, 15}, true
	}
	return "", rate{}, false
}

// unpaginated reports whether EC2 counts a call as neither filtered nor
// paginated. Such calls have the lower limit.
func unpaginated(in any) bool {
	switch in := in.(type) {
	case *ec2.DescribeInstancesInput:
		return in.MaxResults == nil && len(in.Filters)+len(in.InstanceIds) == 0
	case *ec2.DescribeSnapshotsInput:
		return in.MaxResults == nil && len(in.Filters)+len(in.SnapshotIds) == 0
	case *ec2.DescribeVolumesInput:
		return in.MaxResults == nil && len(in.Filters)+len(in.VolumeIds) == 0
	}
	return false
}
