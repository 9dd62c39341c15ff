package simulator

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// kind is a resource type by number.
type kind uint8

const (
	instances kind = iota
	volumes
	addresses
	natGateways
	buckets
	databases
	functions
	loadBalancers
	logGroups
	users
	roles
	snapshots
	images
	topics
	tables
	accessKeys
	kindCount
)

var kindTypes = [kindCount]tracker.Type{
	instances:     "EC2_Instance",
	volumes:       "EBS_Volume",
	addresses:     "Elastic_IP",
	natGateways:   "NAT_Gateway",
	buckets:       "S3_Bucket",
	databases:     "RDS_Instance",
	functions:     "Lambda_Function",
	loadBalancers: "Load_Balancer",
	logGroups:     "CloudWatch_LogGroup",
	users:         "IAM_User",
	roles:         "IAM_Role",
	snapshots:     "EBS_Snapshot",
	images:        "AMI",
	topics:        "SNS_Topic",
	tables:        "DynamoDB_Table",
	accessKeys:    "IAM_AccessKey",
}

func (k kind) global() bool { return k == users || k == roles || k == accessKeys }

func kindOf(t tracker.Type) (kind, bool) {
	for k, name := range kindTypes {
		if name == t {
			return kind(k), true
		}
	}
	return 0, false
}

// estate holds the resources of one account. A resource is known by its kind and
// its ordinal among the account's resources of that kind. Ordinals run through
// the regions one after another.
type estate struct {
	account    string
	seed       uint64
	epoch      time.Time
	transition time.Duration
	regions    []string
	places     map[string]*place
	total      int
	keys       [kindCount]uint64
	spreads    [kindCount][]int // ordinals before each region, and the total

	changed   atomic.Bool // whether there are changes at all
	mu        sync.RWMutex
	changes   map[ref]*change
	mutations map[string]int
	snapshots []madeSnapshot
	volumes   []madeVolume
}

// place holds the facts that many resources of a region share.
type place struct {
	index   int
	zones   []string
	vpcs    []string
	subnets []string
}

// ref names a resource within its estate.
type ref struct {
	kind kind
	n    int
}

func newEstate(o Options, account string, resources int) *estate {
	e := &estate{
		account: account, epoch: o.Epoch, transition: o.Transition, regions: o.Regions, total: resources,
		places: map[string]*place{}, changes: map[ref]*change{}, mutations: map[string]int{},
	}
	e.seed = mix(o.Seed ^ hash(account))
	for k := range kindCount {
		e.keys[k] = mix(e.seed ^ hash(string(kindTypes[k])))
	}
	e.spread(o.Mix)
	for i, region := range e.regions {
		e.places[region] = e.newPlace(i, region)
	}
	return e
}

// spread shares the resources out among kinds and regions, exactly.
func (e *estate) spread(mixture map[tracker.Type]float64) {
	var sum float64
	for _, t := range kindTypes {
		sum += mixture[t]
	}
	regional := regionWeights(len(e.regions))
	var cum float64
	before := 0
	for k, t := range kindTypes {
		cum += mixture[t]
		upTo := 0
		if sum > 0 {
			upTo = int(float64(e.total)*cum/sum + 0.5)
		}
		n := upTo - before
		before = upTo

		if kind(k).global() {
			e.spreads[k] = []int{0, n}
			continue
		}
		ordinals := []int{0}
		var share float64
		for _, w := range regional[:len(regional)-1] {
			share += w
			ordinals = append(ordinals, int(float64(n)*share+0.5))
		}
		e.spreads[k] = append(ordinals, n)
	}
}

// regionWeights gives 60% to the first region. The k-th of the others gets a
// share in proportion to 1/k, so that the last ones are empty in a small
// account.
func regionWeights(regions int) []float64 {
	weights := []float64{1}
	if regions == 1 {
		return weights
	}
	weights[0] = 0.6
	var sum float64
	for k := 1; k < regions; k++ {
		sum += 1 / float64(k)
	}
	for k := 1; k < regions; k++ {
		weights = append(weights, 0.4/float64(k)/sum)
	}
	return weights
}

// span returns the ordinals [lo, hi) of a region's resources.
func (e *estate) span(k kind, region string) (lo, hi int) {
	s := e.spreads[k]
	if k.global() {
		if region == tracker.Global {
			return s[0], s[1]
		}
		return 0, 0
	}
	p, ok := e.places[region]
	if !ok {
		return 0, 0
	}
	return s[p.index], s[p.index+1]
}

// count returns the number of resources of a kind, before any change.
func (e *estate) count(k kind) int { return e.spreads[k][len(e.spreads[k])-1] }

// regionOf returns the region of a resource.
func (e *estate) regionOf(k kind, n int) string {
	if k.global() {
		return tracker.Global
	}
	for i, region := range e.regions {
		if n < e.spreads[k][i+1] {
			return region
		}
	}
	return ""
}

// id returns the 64 bits that stand for a resource in AWS's IDs. They look
// random and differ within a kind. find gets the ordinal back from them.
func (e *estate) id(k kind, n int) uint64 { return mix(e.keys[k] ^ uint64(n)) }

// find is the inverse of id.
func (e *estate) find(k kind, id uint64) (n int, ok bool) {
	v := unmix(id) ^ e.keys[k]
	return int(v), v < uint64(e.count(k))
}

// change holds the effects of calls on a resource.
type change struct {
	via, to string // the states it passes through and ends in
	done    time.Time
	gone    time.Time         // when it vanishes; zero: never
	tags    map[string]string // set or replaced
	untags  map[string]bool   // removed

	retention  *int32 // of a log group; 0: it keeps everything
	volumeType string
}

// lasting is how long AWS still shows a terminated instance or a deleted NAT
// gateway: about an hour.
const lasting = time.Hour

// state returns the resource's state at a time. It is the natural one unless a
// call has changed it. It is not ok when the resource is not there.
func (e *estate) state(k kind, n int, natural string, now time.Time) (state string, ok bool) {
	if !e.changed.Load() {
		return natural, true
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	c := e.changes[ref{k, n}]
	switch {
	case c == nil:
		return natural, true
	case !c.gone.IsZero() && !now.Before(c.gone):
		return "", false
	case c.via == "":
		return natural, true
	case now.Before(c.done):
		return c.via, true
	}
	return c.to, true
}

// changeOf returns the effects of calls on a resource.
func (e *estate) changeOf(k kind, n int) change {
	if !e.changed.Load() {
		return change{}
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	if c := e.changes[ref{k, n}]; c != nil {
		return *c
	}
	return change{}
}

// change counts a mutation of the resource known as id and applies it.
func (e *estate) change(k kind, n int, id string, apply func(*change)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := ref{k, n}
	c := e.changes[r]
	if c == nil {
		c = &change{}
		e.changes[r] = c
	}
	apply(c)
	e.mutations[id]++
	e.changed.Store(true)
}

// move is a change of state that takes the transition time.
func (e *estate) move(now time.Time, via, to string) func(*change) {
	return func(c *change) { c.via, c.to, c.done = via, to, now.Add(e.transition) }
}

// remove is a change after which the resource is gone. AWS shows it for keep
// after that.
func (e *estate) remove(now time.Time, via, to string, keep time.Duration) func(*change) {
	return func(c *change) {
		e.move(now, via, to)(c)
		c.gone = c.done.Add(keep)
	}
}

// vanish is a change after which nothing is left at once.
func vanish(now time.Time) func(*change) {
	return func(c *change) { c.gone = now }
}

// unchanged is a call that was accepted and had nothing to do.
func unchanged(*change) {}

func (e *estate) mutationsOf(id string) int {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.mutations[id]
}
