package policies

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/filter"
)

// Options say how policies are carried out.
type Options struct {
	JobID   string // the finished scan to look at; a new one where it is empty
	Apply   bool   // carry plans out, set schedules and tell receivers; otherwise plans are made only
	Only    []string
	Regions []string // narrow every policy
	// Credentials are asked for before each request that carries any: what is sealed holds for minutes
	// only. Nil is the server's own identity.
	Credentials func(context.Context) (Credentials, error)
	// Getenv finds the addresses of receivers. HTTP sends to them.
	Getenv func(string) string
	HTTP   *http.Client
	Now    func() time.Time
	// Watch shows a scan that was started until it has ended; nil waits without a word.
	Watch func(t *client.Tracker, jobID string) error
}

// Credentials are what a server enters accounts with: a registered account, or keys that the caller has sealed
// with client.SealCredentials.
type Credentials struct {
	Account, RoleARN, ExternalID string
	Sealed                       string // keys that only a worker reads
}

func (r *run) credentials(ctx context.Context) (Credentials, error) {
	if r.Credentials == nil {
		return Credentials{}, nil
	}
	return r.Credentials(ctx)
}

// run is one run of a file.
type run struct {
	Options
	tracker   *client.Tracker
	file      *File
	catalogue Catalogue
	job       *client.JobAnswer
	cells     []client.CellReport
	findings  *client.FindingsSummary // nil where no policy asks for a rule
}

// Run carries the policies of a file out. Its errors are Faults where the file is wrong, and those of the
// client.
func Run(ctx context.Context, t *client.Tracker, file *File, o Options) (*Report, error) {
	r := &run{Options: o, tracker: t, file: file}
	if r.Now == nil {
		r.Now = time.Now
	}
	chosen, err := file.chosen(o.Only)
	if err != nil {
		return nil, err
	}
	if r.catalogue, err = ReadCatalogue(ctx, t); err != nil {
		return nil, err
	}
	if err := file.Check(r.catalogue); err != nil {
		return nil, err
	}
	report := &Report{File: file.Name, Applied: o.Apply, StartedAt: r.Now().UTC()}
	if r.job, err = r.scan(ctx, chosen); err != nil {
		return nil, err
	}
	report.JobID, report.JobState = r.job.JobID, r.job.State
	if err := r.see(ctx, chosen); err != nil {
		return nil, err
	}
	for _, p := range chosen {
		result := r.policy(ctx, p)
		if ctx.Err() != nil {
			return report, ctx.Err()
		}
		report.Policies = append(report.Policies, result)
	}
	report.EndedAt = r.Now().UTC()
	return report, nil
}

// chosen are the policies of the names given, or all.
func (f *File) chosen(only []string) ([]*Policy, error) {
	if len(only) == 0 {
		return f.Policies, nil
	}
	var chosen []*Policy
	var names []string
	for _, p := range f.Policies {
		names = append(names, p.Name)
		if slices.Contains(only, p.Name) {
			chosen = append(chosen, p)
		}
	}
	for _, name := range only {
		if !slices.Contains(names, name) {
			return nil, Faults{{f.Name, 1, 1, "", fmt.Sprintf("no policy is called %s%s", name, meant(name, names))}}
		}
	}
	return chosen, nil
}

// scan is the finished scan that the policies look at: the one given, or a new one of what they need.
func (r *run) scan(ctx context.Context, chosen []*Policy) (*client.JobAnswer, error) {
	if r.JobID == "" {
		creds, err := r.credentials(ctx)
		if err != nil {
			return nil, err
		}
		body := r.needs(chosen)
		body.Account, body.RoleARN, body.ExternalID = creds.Account, creds.RoleARN, creds.ExternalID
		body.SealedCredentials = creds.Sealed
		accepted, err := r.tracker.StartScan(ctx, nil, body)
		if err != nil {
			return nil, fmt.Errorf("start a scan: %w", err)
		}
		if r.Watch != nil {
			if err := r.Watch(r.tracker, accepted.JobID); err != nil {
				return nil, err
			}
		}
		return r.tracker.WaitJob(ctx, accepted.JobID, nil)
	}
	job, err := r.tracker.GetJob(ctx, r.JobID)
	switch {
	case err != nil:
		return nil, fmt.Errorf("job %s: %w", r.JobID, err)
	case job.Kind != "scan":
		return nil, fmt.Errorf("job %s is no scan", r.JobID)
	case !client.JobEnded(job.State):
		return nil, fmt.Errorf("scan %s has not ended: it is %s", r.JobID, job.State)
	case r.Apply && job.FinishedAt != nil && r.Now().Sub(*job.FinishedAt) > oldest:
		return nil, fmt.Errorf("scan %s is older than %d hours, and what matched then may match no longer: apply without a job", r.JobID, int(oldest.Hours()))
	}
	return job, nil
}

// oldest is how old a scan may be whose matches are dealt with: a plan looks at the resources anew, but not by the filter.
const oldest = 24 * time.Hour

// needs is the smallest scan that all policies can be decided by.
func (r *run) needs(chosen []*Policy) client.ScanBody {
	body := client.ScanBody{Regions: r.Regions}
	findings, metrics, everywhere := false, false, len(r.Regions) > 0
	var regions []string
	for _, p := range chosen {
		body.Types = append(body.Types, p.types(r.catalogue.types())...)
		body.Details = append(body.Details, p.Select.Details...)
		if rule, ok := rules[p.Select.Rule]; ok {
			findings, metrics = true, metrics || rule.Metrics
			body.Types = append(body.Types, rule.Reads...)
		}
		named := slices.DeleteFunc(slices.Clone(p.Select.Regions), func(r string) bool { return r == global })
		// Global types are listed whichever regions are named, but some region has to be.
		everywhere = everywhere || len(named) == 0
		regions = append(regions, named...)
		if p.Select.Rule != "" {
			everywhere = true // what a rule knows of a resource may lie in other regions
		}
	}
	if !everywhere {
		body.Regions = distinct(regions)
	}
	body.Types, body.Details = distinct(body.Types), distinct(body.Details)
	body.Findings, body.Metrics = &findings, &metrics
	return body
}

const global = "global"

func distinct(list []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(list)))
}

// see reads what the scan has seen and what not, and how the rules fared.
func (r *run) see(ctx context.Context, chosen []*Policy) error {
	coverage, err := r.tracker.GetCoverage(ctx, r.job.JobID, nil)
	if err != nil {
		return fmt.Errorf("coverage of job %s: %w", r.job.JobID, err)
	}
	r.cells = coverage.Cells
	if !slices.ContainsFunc(chosen, func(p *Policy) bool { return p.Select.Rule != "" }) {
		return nil
	}
	found, err := r.tracker.ListFindings(ctx, r.job.JobID, &client.ListFindingsParams{Limit: 1})
	if err != nil {
		return fmt.Errorf("findings of job %s: %w", r.job.JobID, err)
	}
	r.findings = &found.Summary
	return nil
}

// policy carries one policy out. What goes wrong with it does not keep others from being carried out.
func (r *run) policy(ctx context.Context, p *Policy) *Result {
	result := &Result{
		Policy: p.Name, Description: p.Description, Action: p.Action(), Line: p.Line, Resources: []Match{},
	}
	r.coverage(p, result)
	err := r.match(ctx, p, result)
	if err == nil {
		result.above(p)
		err = r.act(ctx, p, result)
	}
	switch {
	case errors.Is(err, client.ErrForbidden), errors.Is(err, client.ErrUnauthorized):
		result.settle(StateDenied, "%s", err)
	case err != nil:
		result.settle(StateFailed, "%s", err)
	}
	return result
}

// act does what the policy says to what matches.
func (r *run) act(ctx context.Context, p *Policy, result *Result) error {
	if r.job.State == "failed" && r.denied() {
		result.settle(StateDenied, "nothing could be read: %s", cmp.Or(r.job.Reason, "denied"))
		return nil
	}
	var err error
	switch {
	case p.Schedule != nil:
		err = r.schedule(ctx, p, result)
	case p.Plan != nil && p.Plan.Grace != nil:
		err = r.grace(ctx, p, result)
	case result.Matched == 0:
		result.settle(StateClean, "")
	case p.Tag != nil:
		err = r.tag(ctx, p, result)
	case p.Plan != nil:
		err = r.change(ctx, p, result)
	case p.Notify != nil:
		err = r.notify(ctx, p, result)
	default:
		result.settle(StateMatched, "")
	}
	if worse := []State{StateDenied, StateFailed, StateRefused}; err == nil && len(result.Incomplete) > 0 && !slices.Contains(worse, result.State) {
		result.State = StateIncomplete
	}
	return err
}

// scope is the filter of all that the policy selects, but for a rule.
func (r *run) scope(p *Policy) filter.Filter {
	parts := []filter.Filter{filter.Where(filter.FieldType, p.Select.Types...), filter.Where(filter.FieldAccount, p.Select.Accounts...)}
	parts = append(parts, filter.Where(filter.FieldRegion, p.Select.Regions...))
	if len(r.Regions) > 0 {
		parts = append(parts, filter.Where(filter.FieldRegion, append(slices.Clone(r.Regions), global)...))
	}
	return filter.All(parts...)
}

// above says which bound of the policy is exceeded.
func (r *Result) above(p *Policy) {
	switch {
	case p.FailAbove != nil && r.Matched > *p.FailAbove:
		r.Above = fmt.Sprintf("%d resources match, and fail_above is %d", r.Matched, *p.FailAbove)
	case p.FailAboveCost != nil && r.MonthlyCost > *p.FailAboveCost:
		r.Above = fmt.Sprintf("what matches costs $%.2f a month, and fail_above_cost is $%.2f", r.MonthlyCost, *p.FailAboveCost)
	}
}
