package cli

import (
	"strings"
	"time"

	client "github.com/consolesensei/resource-tracker/clients/go"
)

// scope are the flags that say what a scan looks at.
type scope struct {
	Types           []string      `help:"Resource types, in addition to those of --services; none is all of tracker types." placeholder:"TYPE"`
	Services        []string      `help:"AWS services, all types of which are scanned." placeholder:"SERVICE"`
	Regions         []string      `help:"Regions; none is every region that the account has enabled." placeholder:"REGION"`
	ExcludeTypes    []string      `help:"Types that are not scanned." placeholder:"TYPE"`
	ExcludeServices []string      `help:"Services that are not scanned." placeholder:"SERVICE"`
	ExcludeRegions  []string      `help:"Regions that are not scanned." placeholder:"REGION"`
	Accounts        []string      `help:"Several accounts: names of registered ones, or ARNs of roles." placeholder:"NAME"`
	Organization    bool          `help:"Every active account of the organisation."`
	Filter          string        `help:"Keep only resources that a filter selects." placeholder:"FILTER"`
	Metrics         bool          `help:"Read CloudWatch for the findings; AWS charges for each metric."`
	Details         []string      `help:"What takes a call for each resource, such as bucket_lifecycle." placeholder:"DETAIL"`
	NoListeners     bool          `help:"Leave out the listeners of load balancers."`
	Findings        bool          `help:"Look for savings before the scan ends." default:"true" negatable:""`
	Billed          []string      `help:"Ask Cost Explorer what was billed, by service, region, tag:KEY or resource." placeholder:"GROUP"`
	BilledDays      int           `help:"Of how many days, the last of which is yesterday." placeholder:"N"`
	MaxPaidCalls    int           `help:"How many calls of Cost Explorer may be made, at $$0.01 each." placeholder:"N"`
	MaxWorkers      int           `help:"How many regions of an account are scanned at once." placeholder:"N"`
	Timeout         time.Duration `help:"How long the scan may take, such as 20m." placeholder:"TIME"`
}

// body is the request of a scan.
func (s scope) body(k keys) (client.ScanBody, error) {
	b := client.ScanBody{
		Types: s.Types, Services: s.Services, Regions: s.Regions,
		ExcludeTypes: s.ExcludeTypes, ExcludeServices: s.ExcludeServices, ExcludeRegions: s.ExcludeRegions,
		Details: s.Details, MaxWorkers: s.MaxWorkers, TimeoutSeconds: int(s.Timeout.Seconds()),
		Metrics: flagged(s.Metrics), NoListeners: flagged(s.NoListeners), Organization: flagged(s.Organization),
	}
	if s.Filter != "" {
		b.Filter = s.Filter
	}
	if !s.Findings {
		b.Findings = new(false)
	}
	if len(s.Billed) > 0 {
		if s.MaxPaidCalls == 0 {
			return b, usage("--billed: AWS charges $0.01 for each call of Cost Explorer: --max-paid-calls says how many may be made")
		}
		b.BilledCost = &client.BilledBody{GroupBy: s.Billed, Days: s.BilledDays, MaxPaidCalls: &s.MaxPaidCalls}
	}
	for _, a := range s.Accounts {
		if strings.HasPrefix(a, "arn:") {
			b.Accounts = append(b.Accounts, client.ScanAccount{RoleARN: a})
			continue
		}
		b.Accounts = append(b.Accounts, client.ScanAccount{Account: a})
		k.sealed = "" // a registered account is entered without
	}
	b.Account, b.RoleARN, b.ExternalID = k.account, k.roleARN, k.externalID
	b.SealedCredentials = k.sealed
	return b, nil
}

// flagged is a switch as requests have it: absent unless it is on.
func flagged(on bool) *bool {
	if on {
		return &on
	}
	return nil
}

// set is a number as requests have it: absent where it is 0.
func set(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}
