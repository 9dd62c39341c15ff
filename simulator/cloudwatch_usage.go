package simulator

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// Some resources are idle, some are larger than their load, and the rest is
// busy. The resource alone decides which; the resource and the day decide the
// value of a day.

// gauge is a metric of one kind of resource.
type gauge struct {
	kind      kind
	dimension string
	find      func(r *request, value string) (n int, ok bool)
	// of returns the value of one day. It takes a number between 0 and 1 that
	// says how busy the day is. It is not ok when there is no value.
	of func(r *request, n int, stat string, day float64) (float64, bool)
}

// gauges are keyed by namespace and name.
var gauges = map[string]gauge{
	"AWS/EC2 CPUUtilization":               {instances, "InstanceId", byEC2ID(instances), cpu},
	"AWS/EC2 NetworkIn":                    {instances, "InstanceId", byEC2ID(instances), network},
	"AWS/EC2 NetworkOut":                   {instances, "InstanceId", byEC2ID(instances), network},
	"AWS/NATGateway BytesOutToDestination": {natGateways, "NatGatewayId", byEC2ID(natGateways), gatewayBytes},
	"AWS/ApplicationELB RequestCount":      {loadBalancers, "LoadBalancer", byBalancer, requests},
	"AWS/NetworkELB NewFlowCount":          {loadBalancers, "LoadBalancer", byBalancer, requests},
	"AWS/GatewayELB NewFlowCount":          {loadBalancers, "LoadBalancer", byBalancer, requests},
	"AWS/ELB RequestCount":                 {loadBalancers, "LoadBalancerName", byBalancer, requests},
	"AWS/RDS DatabaseConnections":          {databases, "DBInstanceIdentifier", byDatabase, connections},
	"AWS/RDS FreeStorageSpace":             {databases, "DBInstanceIdentifier", byDatabase, freeStorage},
	"AWS/Lambda Duration":                  {functions, "FunctionName", byFunction, duration24},
	"LambdaInsights memory_utilization":    {functions, "function_name", byFunction, memory},
}

// usage returns the daily values of a metric of the called region's resources.
func (r *request) usage(q *types.MetricStat) (value func(day time.Time) (float64, bool), ok bool) {
	m := q.Metric
	if m == nil || m.Namespace == nil || m.MetricName == nil || q.Stat == nil {
		return nil, false
	}
	g, ok := gauges[*m.Namespace+" "+*m.MetricName]
	if !ok {
		return nil, false
	}
	n, ok := g.find(r, dimension(m, g.dimension))
	if !ok {
		return nil, false
	}
	if _, alive := r.estate.alive(g.kind, n, r.now); !alive {
		return nil, false
	}
	born := r.estate.created(g.kind, n)
	return func(day time.Time) (float64, bool) {
		if day.Add(24 * time.Hour).Before(born) {
			return 0, false
		}
		d := r.estate.dice(g.kind, n, forUse+uint64(day.Unix()))
		return g.of(r, n, *q.Stat, float64(d.below(1000))/1000)
	}, true
}

func byEC2ID(k kind) func(*request, string) (int, bool) {
	return func(r *request, id string) (int, bool) {
		n, err := r.locate(k, id)
		return n, err == nil
	}
}

func byDatabase(r *request, id string) (int, bool) {
	n, err := r.database(id)
	return n, err == nil
}

func byFunction(r *request, name string) (int, bool) {
	n, ok := r.estate.named(functions, name)
	return n, ok && r.estate.regionOf(functions, n) == r.Region
}

// byBalancer takes the name of a classic load balancer, or the part after
// "loadbalancer/" in the ARN of another.
func byBalancer(r *request, id string) (int, bool) {
	n, ok := r.estate.loadBalancerOf(r.estate.arn("elasticloadbalancing", r.Region, "loadbalancer/"+id))
	return n, ok && r.estate.regionOf(loadBalancers, n) == r.Region
}

// load is how much a resource is used.
type load int

const (
	idle load = iota
	light
	heavy
)

func (e *estate) load(k kind, n int) load {
	d := e.dice(k, n, forUse)
	return []load{idle, light, heavy, heavy}[d.below(4)]
}

const (
	mib = 1 << 20
	gib = 1 << 30
)

// cpu is in percent. The 99th percentile of a day is lower than its maximum.
func cpu(r *request, n int, stat string, day float64) (float64, bool) {
	if state, _ := r.estate.instanceState(n, r.now); state != "running" {
		return 0, false
	}
	most := []float64{1 + 3*day, 35 + 30*day, 60 + 35*day}[r.estate.load(instances, n)]
	switch stat {
	case "Maximum":
		return most, true
	case "p99":
		return most * 0.55, true
	default:
		return most * 0.3, true
	}
}

func network(r *request, n int, _ string, day float64) (float64, bool) {
	if state, _ := r.estate.instanceState(n, r.now); state != "running" {
		return 0, false
	}
	return []float64{4 * mib * day, gib * (1 + day), 20 * gib * (1 + day)}[r.estate.load(instances, n)], true
}

// gatewayBytes is 0 for every other gateway.
func gatewayBytes(_ *request, n int, _ string, day float64) (float64, bool) {
	if n%2 == 1 {
		return 0, true
	}
	return 50 * gib * (1 + day), true
}

// requests has no value for a load balancer without targets, and next to none
// for every fourth of the others.
func requests(_ *request, n int, _ string, day float64) (float64, bool) {
	switch v := variantOf(n); {
	case v.groups == 0 && !v.classic():
		return 0, false
	case n%4 == 2:
		return 50 * day, true
	}
	return 100_000 * (1 + day), true
}

func connections(r *request, n int, _ string, day float64) (float64, bool) {
	if state, _ := r.estate.databaseState(n, r.now); state != "available" {
		return 0, false
	}
	if n%5 == 1 {
		return 0, true
	}
	return float64(5 + int(40*day)), true
}

// freeStorage is most of the storage for every third database.
func freeStorage(r *request, n int, _ string, day float64) (float64, bool) {
	v := r.dbInstance(n)
	if strings.HasPrefix(*v.Engine, "aurora") {
		return 0, false
	}
	share := 0.2 + 0.1*day
	if n%3 == 2 {
		share = 0.9 + 0.01*day
	}
	return float64(*v.AllocatedStorage) * gib * share, true
}

// duration24 is how long a function ran in a day, in milliseconds. A quarter of
// all functions never ran.
func duration24(r *request, n int, _ string, day float64) (float64, bool) {
	if r.estate.load(functions, n) == idle {
		return 0, false
	}
	return (1 + day) * float64(time.Hour/time.Millisecond), true
}

// memory is in percent, of the functions that have Lambda Insights.
func memory(r *request, n int, _ string, day float64) (float64, bool) {
	l := r.estate.load(functions, n)
	if n%5 != 0 || l == idle {
		return 0, false
	}
	return []float64{0, 15 + 10*day, 70 + 20*day}[l], true
}
