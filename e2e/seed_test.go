package e2e

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/tracker"
)

// seedRegions are the regions that have resources; the first one has enough of
// each type to page.
var seedRegions = []string{"us-east-1", "eu-west-1", "ap-southeast-2", "sa-east-1"}

// seededTypes are the types that the seeder makes, enough of each to page.
var seededTypes = []tracker.Type{
	"CloudWatch_LogGroup", "EBS_Volume", "EC2_Instance", "Elastic_IP", "IAM_Role", "IAM_User",
	"Lambda_Function", "Load_Balancer", "NAT_Gateway", "RDS_Instance", buckets,
}

// account is a seeded AWS account: where it answers and what is in it.
type account struct {
	*moto
	mu    sync.Mutex                  // while it is seeded
	truth map[string]tracker.Resource // by Resource.Key
	from  time.Time                   // seeding began
}

// awkward are tags that break naive code: not ASCII, empty, and with the
// characters that AWS and its encodings give a meaning to.
var awkward = map[string]string{
	"Ключ":             "värde ☃ 値",
	"empty":            "",
	"team:cost/center": "a=b&c<d>\"e\"+f",
	"aws-like:path":    "/x/y:z@v1.2_3-4",
}

// labels are tags that every service takes.
var labels = map[string]string{"team": "shop", "stage": "prod/blue:1"}

// seeder fills one region of an account and notes what it made.
type seeder struct {
	*account
	ctx    context.Context
	cfg    aws.Config
	region string
	large  bool // the region gets enough of each type to page
}

func newAccount(m *moto) *account {
	return &account{moto: m, truth: map[string]tracker.Resource{}, from: time.Now().Add(-time.Second)}
}

func (a *account) seeder(region string) *seeder {
	return &seeder{account: a, ctx: context.Background(), cfg: a.config(region), region: region}
}

// add notes a resource of the region, or of the one that it names.
func (s *seeder) add(r tracker.Resource) {
	r.AccountID = motoAccount
	if r.Region == "" {
		r.Region = s.region
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.truth[r.Key()] = r
}

// noted reports whether a resource of the region is noted.
func (s *seeder) noted(t tracker.Type, id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.truth[tracker.Resource{AccountID: motoAccount, Region: s.region, Type: t, ID: id}.Key()]
	return ok
}

// seed fills moto with many resources of few types and returns what a scan must
// find there.
func seed(m *moto) (*account, error) {
	a := newAccount(m)
	for i, region := range seedRegions {
		s := a.seeder(region)
		s.large = i == 0
		if err := s.run(s.basics(s.large)); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// basics makes the seededTypes; one region of an account makes those that
// belong to none.
func (s *seeder) basics(first bool) []step {
	steps := []step{
		{"instances", s.instances},
		{"volumes", s.volumes},
		{"addresses", s.addresses},
		{"gateways", s.gateways},
		{"databases", s.databases},
		{"functions", s.functions},
		{"log groups", s.logGroups},
		{"load balancers", s.loadBalancers},
		{"classic load balancers", s.classicLoadBalancers},
		{"buckets", s.buckets},
	}
	if first {
		steps = append([]step{{"roles", s.roles}, {"users", s.users}}, steps...)
	}
	return steps
}

type step struct {
	what string
	make func() error
}

func (s *seeder) run(steps []step) error {
	for _, step := range steps {
		if err := step.make(); err != nil {
			return fmt.Errorf("%s in %s: %w", step.what, s.region, err)
		}
	}
	return nil
}

// few is how many of a type the region gets: enough to page in one region.
func (s *seeder) few(paging int) int {
	if s.large {
		return paging
	}
	return 2
}

func (s *seeder) arn(service, rest string) string {
	return fmt.Sprintf("arn:aws:%s:%s:%s:%s", service, s.region, motoAccount, rest)
}

// tagged returns tags with a Name, as SDK types hold them.
func tagged[T any](name string, tags map[string]string, tag func(k, v string) T) (map[string]string, []T) {
	all := map[string]string{}
	if name != "" {
		all["Name"] = name
	}
	maps.Copy(all, tags)
	list := make([]T, 0, len(all))
	for k, v := range all {
		list = append(list, tag(k, v))
	}
	return all, list
}
