package cloud

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Limit is how fast one API may be called per account and region.
type Limit struct {
	tracker.CallRate
	// Bucket names the quota that several APIs share; empty: each has its own.
	Bucket string
}

// Limits maps "service:Operation", "service:*" and "*" to limits. The most
// precise entry counts.
type Limits map[string]Limit

// quota is four fifths of AWS's quota, so that a scan does not throttle the
// account's other users.
func quota(perSecond, burst float64, bucket string) Limit {
	return Limit{tracker.CallRate{PerSecond: 0.8 * perSecond, Burst: max(1, int(0.8*burst))}, bucket}
}

// guess is where a rate begins that AWS documents nothing about. What one account,
// region and API takes is learnt from how AWS answers.
var guess = Limit{CallRate: tracker.CallRate{PerSecond: 10, Burst: 20, Most: 100}}

// DefaultLimits returns the limits in force when no others are set. They are
// four fifths of the quotas that AWS documents, and guesses to learn from where AWS
// documents none.
func DefaultLimits() Limits {
	return Limits{
		"*":     guess,
		"iam:*": guess,

		// EC2 developer guide, "Request throttling": paginated or filtered
		// Describe calls refill at 20 a second, each action by itself.
		"ec2:*": quota(20, 100, ""),
		// ELB API throttling: one account-level bucket of 40, refilled at 10
		// a second, is shared by all actions, classic ones included.
		"elasticloadbalancing:*": quota(10, 40, "elasticloadbalancing"),
		// ECS developer guide, "Request throttling".
		"ecs:ListClusters":            quota(20, 50, "ecs:cluster-read"),
		"ecs:DescribeClusters":        quota(20, 50, "ecs:cluster-read"),
		"ecs:ListServices":            quota(20, 100, "ecs:service-read"),
		"ecs:DescribeServices":        quota(20, 100, "ecs:service-read"),
		"ecs:ListTasks":               quota(20, 100, "ecs:task-read"),
		"ecs:DescribeTasks":           quota(20, 100, "ecs:task-read"),
		"ecs:ListTaskDefinitions":     quota(20, 50, "ecs:task-definition-read"),
		"ecs:DescribeTaskDefinition":  quota(20, 50, "ecs:task-definition-read"),
		"logs:DescribeLogGroups":      quota(10, 10, ""), // L-4284EEDE
		"logs:DescribeLogStreams":     quota(25, 25, ""),
		"logs:DescribeMetricFilters":  quota(5, 5, ""),
		"lambda:*":                    quota(15, 15, "lambda"), // the control plane as a whole
		"lambda:GetFunction":          quota(100, 100, ""),
		"lambda:GetPolicy":            quota(15, 15, ""),
		"cloudwatch:GetMetricData":    quota(50, 50, ""), // the lower of the documented figures
		"cloudwatch:*":                quota(25, 25, ""),
		"route53:*":                   quota(5, 5, "route53"),
		"tag:GetResources":            quota(10, 10, ""),
		"dynamodb:ListTagsOfResource": quota(10, 10, ""),
		"kinesis:ListStreams":         quota(5, 5, ""),
		"sns:ListTopics":              quota(30, 30, ""),
		"pricing:*":                   quota(5, 10, ""),
		"s3:*":                        quota(50, 100, ""),
		"sts:*":                       quota(100, 100, ""),
	}
}

var limitPattern = regexp.MustCompile(`^(\*|[a-z0-9-]+:(\*|[A-Z][A-Za-z0-9]*))$`)

// ParseLimits returns the default limits with the overrides of a setting such as
// "ec2:DescribeInstances=20/100,logs:*=10". The numbers are calls a second, and
// calls at once after a pause; the second is the first, rounded up, when it is
// left out.
func ParseLimits(setting string) (Limits, error) {
	limits := DefaultLimits()
	for item := range strings.SplitSeq(setting, ",") {
		item = strings.TrimSpace(item)
		if item == "" {
			continue
		}
		pattern, rates, ok := strings.Cut(item, "=")
		if !ok || !limitPattern.MatchString(pattern) {
			return nil, fmt.Errorf("%q is not of the form service:Operation=rate/burst", item)
		}
		rate, burst, hasBurst := strings.Cut(rates, "/")
		perSecond, err := strconv.ParseFloat(rate, 64)
		if err != nil || !(perSecond > 0 && perSecond <= 10_000) {
			return nil, fmt.Errorf("%q: the rate is a number above 0 and at most 10000", item)
		}
		limit := Limit{tracker.CallRate{PerSecond: perSecond, Burst: int(math.Ceil(perSecond))}, limits[pattern].Bucket}
		if hasBurst {
			limit.Burst, err = strconv.Atoi(burst)
			if err != nil || limit.Burst < 1 || limit.Burst > 100_000 {
				return nil, fmt.Errorf("%q: the burst is a whole number from 1 to 100000", item)
			}
		}
		limits[pattern] = limit
	}
	return limits, nil
}

// For returns the limit of an operation and the name of its bucket.
func (l Limits) For(service, operation string) (bucket string, limit Limit) {
	api := service + ":" + operation
	for _, pattern := range []string{api, service + ":*", "*"} {
		if limit, ok := l[pattern]; ok {
			return cmp.Or(limit.Bucket, api), limit
		}
	}
	return api, guess
}
