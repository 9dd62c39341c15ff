package simulator

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Options describe the contents of the account and its behaviour. Two accounts
// with equal options hold the same, in any process. The zero value is a demo
// account.
type Options struct {
	Seed uint64
	// AccountID is the management account's; empty: "111122223333".
	AccountID string
	// Regions are the enabled regions. The first holds 60% of the resources.
	// Empty: the 17 that AWS enables by default.
	Regions []string
	// Resources is the number of resources in the account; 0: 400. Every other
	// account holds a quarter of it. Negative: none.
	Resources int
	// Mix holds the types' shares of Resources, in any unit. Nil: a usual mix;
	// the demo account adds snapshots and images to it.
	Mix map[tracker.Type]float64
	// Members is the number of other accounts in the organisation; 0: 4. The
	// last of them is suspended. Negative: none.
	Members int
	// ExternalID, if set, is needed to assume a role.
	ExternalID string
	// Session limits how long a role session lasts; 0: what the call asks for.
	Session time.Duration
	// Epoch is when the account's newest resource was created; zero: 2026-01-01.
	Epoch time.Time
	// Transition is how long a resource takes from one state to the next; 0: 5 s.
	Transition time.Duration
	// Latency is how long a call takes.
	Latency time.Duration
	// LatencyOf, if set, replaces Latency.
	LatencyOf func(Call) time.Duration
	// Quotas throttles calls as AWS does.
	Quotas bool
	// Caps are further limits, as those of Account.Cap.
	Caps []Cap
	// Faults are injected from the start.
	Faults []Fault
	// Clock tells the account's time; nil: time.Now.
	Clock func() time.Time
	// Hook, if set, is called as each call arrives. Its error is the call's
	// answer. Call.Fail makes such errors.
	Hook func(context.Context, Call) error
}

const (
	defaultAccount   = "111122223333"
	defaultResources = 400
	defaultMembers   = 4
)

func (o Options) withDefaults() Options {
	o.AccountID = cmp.Or(o.AccountID, defaultAccount)
	if len(o.Regions) == 0 {
		o.Regions = defaultRegions
	}
	o.Regions = slices.Clone(o.Regions)
	switch {
	case o.Mix != nil:
	case o.Resources == 0:
		o.Mix = demoMix()
	default:
		o.Mix = defaultMix
	}
	o.Resources = max(0, cmp.Or(o.Resources, defaultResources))
	o.Members = max(0, cmp.Or(o.Members, defaultMembers))
	if o.Epoch.IsZero() {
		o.Epoch = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	}
	o.Transition = cmp.Or(o.Transition, 5*time.Second)
	if o.Clock == nil {
		o.Clock = time.Now
	}
	return o
}

// defaultMix is that of a grown account: mostly log groups, volumes and roles.
var defaultMix = map[tracker.Type]float64{
	"EC2_Instance":        15,
	"EBS_Volume":          22,
	"Elastic_IP":          0.9,
	"NAT_Gateway":         0.4,
	"S3_Bucket":           3,
	"RDS_Instance":        1.5,
	"Lambda_Function":     15,
	"Load_Balancer":       1.5,
	"CloudWatch_LogGroup": 25,
	"IAM_User":            0.7,
	"IAM_Role":            15,
}

// demoMix is defaultMix with resources that nobody needs any more.
func demoMix() map[tracker.Type]float64 {
	mixture := maps.Clone(defaultMix)
	mixture["EBS_Snapshot"], mixture["AMI"] = 6, 1.5
	return mixture
}

// FromJSON reads Options: all that are not functions, under their names in
// snake case, durations as "1m30s" and times as RFC 3339.
//
//	{"seed": 7, "resources": 1000, "latency": "50ms",
//	 "faults": [{"service": "ec2", "region": "eu-west-1", "kind": "throttled", "for": "60s"}]}
func FromJSON(r io.Reader) (Options, error) {
	var in struct {
		Seed       uint64                   `json:"seed"`
		AccountID  string                   `json:"account_id"`
		Regions    []string                 `json:"regions"`
		Resources  int                      `json:"resources"`
		Mix        map[tracker.Type]float64 `json:"mix"`
		Members    int                      `json:"members"`
		ExternalID string                   `json:"external_id"`
		Session    duration                 `json:"session"`
		Epoch      time.Time                `json:"epoch"`
		Transition duration                 `json:"transition"`
		Latency    duration                 `json:"latency"`
		Quotas     bool                     `json:"quotas"`
		Caps       []Cap                    `json:"caps"`
		Faults     []struct {
			Fault
			For   duration `json:"for"`
			Delay duration `json:"delay"`
		} `json:"faults"`
	}
	dec := json.NewDecoder(r)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil {
		return Options{}, fmt.Errorf("read simulator options: %w", err)
	}
	o := Options{
		Seed: in.Seed, AccountID: in.AccountID, Regions: in.Regions, Resources: in.Resources, Mix: in.Mix,
		Members: in.Members, ExternalID: in.ExternalID, Session: time.Duration(in.Session), Epoch: in.Epoch,
		Transition: time.Duration(in.Transition), Latency: time.Duration(in.Latency), Quotas: in.Quotas, Caps: in.Caps,
	}
	if o.AccountID != "" && !isAccountID(o.AccountID) {
		return Options{}, fmt.Errorf("read simulator options: account_id %q is not 12 digits", o.AccountID)
	}
	for _, f := range in.Faults {
		f.Fault.For, f.Fault.Delay = time.Duration(f.For), time.Duration(f.Delay)
		if !f.Kind.known() {
			return Options{}, fmt.Errorf("read simulator options: unknown kind of fault %q", f.Kind)
		}
		o.Faults = append(o.Faults, f.Fault)
	}
	return o, nil
}

// duration is a time.Duration that JSON holds as "1m30s".
type duration time.Duration

func (d *duration) UnmarshalText(b []byte) error {
	v, err := time.ParseDuration(string(b))
	*d = duration(v)
	return err
}
