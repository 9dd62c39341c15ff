package jobs_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestExcludeRegions(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		request tracker.ScanRequest
		want    map[string]tracker.Outcome
		state   tracker.JobState
	}{
		{
			"of the account",
			tracker.ScanRequest{ExcludeRegions: []string{"b", "z"}},
			map[string]tracker.Outcome{"1/a/EBS_Volume": "ok", "1/a/EC2_Instance": "ok", "1/global/IAM_User": "ok"},
			tracker.JobSucceeded,
		},
		{
			"of those named",
			tracker.ScanRequest{Regions: []string{"a", "b"}, ExcludeRegions: []string{"a"}, Types: []tracker.Type{"EBS_Volume"}},
			map[string]tracker.Outcome{"1/b/EBS_Volume": "ok"},
			tracker.JobSucceeded,
		},
		{
			"all, beside what has none",
			tracker.ScanRequest{ExcludeRegions: []string{"a", "b"}},
			map[string]tracker.Outcome{"1/global/IAM_User": "ok"},
			tracker.JobSucceeded,
		},
		{
			"all",
			tracker.ScanRequest{ExcludeRegions: []string{"a", "b"}, Types: []tracker.Type{"EBS_Volume"}},
			map[string]tracker.Outcome{"self/*/*": "error"},
			tracker.JobFailed,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			account := &aws{id: "1", regions: []string{"a", "b"}}
			s := start(t, account, jobs.Options{})
			j := s.until(s.submit(tc.request).ID, ended)
			if diff := cmp.Diff(tc.want, s.cells(j.ID)); diff != "" || j.State != tc.state {
				t.Errorf("%s because %q: %s", j.State, j.Reason, diff)
			}
			if j.State == tracker.JobFailed && j.Reason != "the scan excludes every region that the account has enabled" {
				t.Errorf("because %q", j.Reason)
			}
		})
	}
}

// One account of two has nothing left: the other is scanned, and the job says so.
func TestExcludeRegions_OfOneAccount(t *testing.T) {
	t.Parallel()
	s := start(t, nil, jobs.Options{Open: func(_ context.Context, c tracker.Credentials) (kernel.Account, error) {
		if c.RoleARN == "arn:aws:iam::111111111111:role/r" {
			return &aws{id: "111111111111", regions: []string{"a"}}, nil
		}
		return &aws{id: "222222222222", regions: []string{"a", "b"}}, nil
	}})
	j := s.until(s.submit(tracker.ScanRequest{
		Accounts:       []tracker.AccountRef{{RoleARN: "arn:aws:iam::111111111111:role/r"}, {RoleARN: "arn:aws:iam::222222222222:role/r"}},
		ExcludeRegions: []string{"a"}, Types: []tracker.Type{"EBS_Volume"},
	}).ID, ended)
	want := map[string]tracker.Outcome{"111111111111/*/*": "error", "222222222222/b/EBS_Volume": "ok"}
	if diff := cmp.Diff(want, s.cells(j.ID)); diff != "" || j.State != tracker.JobPartial {
		t.Errorf("%s: %s", j.State, diff)
	}
}

// A scanner is told what it cannot see in its cell: the regions that buckets are
// wanted from, and the types that the rest leaves out.
func TestWanted(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		request tracker.ScanRequest
		want    kernel.Wanted
	}{
		{"everything", tracker.ScanRequest{}, kernel.Wanted{}},
		{
			"regions",
			tracker.ScanRequest{Regions: []string{"a", "b"}, ExcludeRegions: []string{"b"}},
			kernel.Wanted{Regions: []string{"a", "b"}, ExcludeRegions: []string{"b"}},
		},
		{
			"types",
			tracker.ScanRequest{Types: []tracker.Type{"IAM_User"}, ExcludeTypes: []tracker.Type{"EBS_Volume"}},
			kernel.Wanted{Types: []tracker.Type{"IAM_User", "EBS_Volume"}},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			account := &aws{id: "1", regions: []string{"a"}}
			s := start(t, account, jobs.Options{})
			s.until(s.submit(tc.request).ID, ended)
			account.mu.Lock()
			defer account.mu.Unlock()
			if diff := cmp.Diff(tc.want, account.wanted); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTags_KeepOnlyWhatCarriesThem(t *testing.T) {
	t.Parallel()
	tagged := func(region string, typ tracker.Type, i int) map[string]string {
		switch {
		case typ == "IAM_User":
			return nil
		case i == 0:
			return map[string]string{"env": "prod", "team": region}
		}
		return map[string]string{"env": "dev", "team": region}
	}
	for _, tc := range []struct {
		name string
		tags map[string]string
		want []string
	}{
		{"none asked for", nil, []string{"a/EBS_Volume-0", "a/EBS_Volume-1", "a/EC2_Instance-0", "a/EC2_Instance-1", "global/IAM_User-0", "global/IAM_User-1"}},
		{"one", map[string]string{"env": "prod"}, []string{"a/EBS_Volume-0", "a/EC2_Instance-0"}},
		{"both", map[string]string{"env": "dev", "team": "a"}, []string{"a/EBS_Volume-1", "a/EC2_Instance-1"}},
		{"one of both", map[string]string{"env": "dev", "team": "b"}, nil},
		{"empty value", map[string]string{"env": ""}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			account := &aws{id: "1", regions: []string{"a"}, tags: tagged}
			priced := 0
			s := start(t, account, jobs.Options{Concurrency: 1, Cells: 1, Price: func(*tracker.Resource) { priced++ }})
			j := s.until(s.submit(tracker.ScanRequest{Tags: tc.tags}).ID, ended)
			var got []string
			err := s.store.Each(t.Context(), j.ID, filter.Filter{}, func(row []byte) error {
				var r tracker.Resource
				err := json.Unmarshal(row, &r)
				got = append(got, r.Region+"/"+r.ID)
				return err
			})
			slices.Sort(got)
			if diff := cmp.Diff(tc.want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
			if j.State != tracker.JobSucceeded || j.Summary.TotalResources != len(tc.want) || priced != len(tc.want) {
				t.Errorf("%s with %d resources, %d priced", j.State, j.Summary.TotalResources, priced)
			}
			if n := j.Progress.ByOutcome[tracker.OutcomeEmpty]; (n == 3) != (len(tc.want) == 0) {
				t.Errorf("%d cells are empty", n)
			}
			if calls := len(account.calls); calls != 3 {
				t.Errorf("%d cells were listed: tags must not change what AWS is asked", calls)
			}
		})
	}
}

// Ages are counted from when the job was made, and costs are known when the
// filter asks for them. Nothing of it shows in the coverage or to AWS.
func TestFilter_KeepsOnlyWhatItSelects(t *testing.T) {
	t.Parallel()
	for query, want := range map[string][]string{
		"":                               {"a/EBS_Volume-0", "a/EBS_Volume-1", "a/EC2_Instance-0", "a/EC2_Instance-1", "global/IAM_User-0", "global/IAM_User-1"},
		"type:EC2_Instance or region!=a": {"a/EC2_Instance-0", "a/EC2_Instance-1", "global/IAM_User-0", "global/IAM_User-1"},
		"cost>=5":                        {"a/EBS_Volume-0", "a/EBS_Volume-1"},
		"cost<5":                         nil,
		"cost:unknown id~0":              {"a/EC2_Instance-0", "global/IAM_User-0"},
	} {
		t.Run(query, func(t *testing.T) {
			f, err := filter.Parse(query)
			if err != nil {
				t.Fatal(err)
			}
			account := &aws{id: "1", regions: []string{"a"}}
			s := start(t, account, jobs.Options{Price: func(r *tracker.Resource) {
				if r.Type == "EBS_Volume" {
					r.MonthlyCost = new(tracker.Dollars(5))
				}
			}})
			j := s.until(s.submit(tracker.ScanRequest{Filter: f}).ID, ended)
			var got []string
			err = s.store.Each(t.Context(), j.ID, filter.Filter{}, func(row []byte) error {
				var r tracker.Resource
				err := json.Unmarshal(row, &r)
				got = append(got, r.Region+"/"+r.ID)
				return err
			})
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
			if j.State != tracker.JobSucceeded || j.Summary.TotalResources != len(want) || j.Request.Filter.String() != f.String() {
				t.Errorf("%s with %d resources of %q", j.State, j.Summary.TotalResources, j.Request.Filter)
			}
			if calls := len(account.calls); calls != 3 {
				t.Errorf("%d cells were listed: a filter must not change what AWS is asked", calls)
			}
		})
	}
}
