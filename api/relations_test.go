package api_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

// related is a job of alice with resources that belong together.
func related() *fake {
	f := finished(tracker.JobSucceeded)
	at := func(typ tracker.Type, id string, m tracker.Metadata) tracker.Resource {
		if m == nil {
			m = tracker.Metadata{}
		}
		return tracker.Resource{ID: id, Name: tracker.Named("n " + id), Type: typ, AccountID: "1", Region: "a", Metadata: m, Tags: map[string]string{}}
	}
	group := at("Target_Group", "arn:aws:elasticloadbalancing:a:1:targetgroup/web/1", tracker.Metadata{"vpc_id": "vpc-1"})
	group.ARN = group.ID
	instance := at("EC2_Instance", "i-1", tracker.Metadata{"vpc_id": "vpc-1"})
	instance.Tags["aws:cloudformation:stack-name"] = "shop"
	elsewhere := at("EBS_Volume", "vol-3", tracker.Metadata{"attached_to": []string{"i-1"}})
	elsewhere.Region = "b"
	f.found["job-1"] = []tracker.Resource{
		at("EBS_Volume", "vol-1", tracker.Metadata{"attached_to": []string{"i-1"}, "snapshot_id": "snap-gone"}),
		at("EBS_Volume", "vol-2", tracker.Metadata{"attached_to": []string{"i-10"}}),
		elsewhere,
		instance,
		at("CloudFormation_Stack", "shop", nil),
		at("VPC", "vpc-1", nil),
		group,
		at("Load_Balancer", "arn:aws:elasticloadbalancing:a:1:loadbalancer/app/web/1", tracker.Metadata{"target_groups": []any{map[string]any{"arn": group.ARN}}}),
		at("Security_Group", "sg-1", tracker.Metadata{"referring_to": []string{"sg-1"}}),
	}
	return f
}

func TestRelations(t *testing.T) {
	d := open(t, related())
	for key, want := range map[string][]string{
		"1/a/EBS_Volume/vol-1":          {"out attached_to 1/a/EC2_Instance/i-1 found n i-1", "out made_from EBS_Snapshot snap-gone"},
		"1/a/EBS_Volume/vol-2":          {"out attached_to EC2_Instance i-10"},
		"1/b/EBS_Volume/vol-3":          {"out attached_to EC2_Instance i-1"},
		"1/a/EC2_Instance/i-1":          {"in attached_to 1/a/EBS_Volume/vol-1 found n vol-1", "out in_vpc 1/a/VPC/vpc-1 found n vpc-1", "out part_of 1/a/CloudFormation_Stack/shop found n shop"},
		"1/a/CloudFormation_Stack/shop": {"in part_of 1/a/EC2_Instance/i-1 found n i-1"},
		"1/a/Security_Group/sg-1":       {"out allows 1/a/Security_Group/sg-1 found n sg-1"},
		"1/a/Target_Group/arn:aws:elasticloadbalancing:a:1:targetgroup/web/1": {
			"in routes_to 1/a/Load_Balancer/arn:aws:elasticloadbalancing:a:1:loadbalancer/app/web/1 found n arn:aws:elasticloadbalancing:a:1:loadbalancer/app/web/1",
			"out in_vpc 1/a/VPC/vpc-1 found n vpc-1",
		},
	} {
		a := d.call("GET", "/api/v1/jobs/job-1/resources/"+url.PathEscape(key)+"/relations", "")
		if a.code != 200 {
			t.Errorf("%s: %d %s", key, a.code, a.body)
			continue
		}
		v := a.json(t)
		var got []string
		for _, r := range v["relations"].([]any) {
			rel := r.(map[string]any)
			parts := []string{rel["direction"].(string), rel["relation"].(string)}
			if rel["found"] == true {
				parts = append(parts, rel["key"].(string), "found", rel["name"].(string))
			} else {
				parts = append(parts, rel["resource_type"].(string), rel["resource_id"].(string))
			}
			got = append(got, strings.Join(parts, " "))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", key, diff)
		}
		id := v["resource"].(map[string]any)["resource_id"].(string)
		if v["success"] != true || v["job_id"] != "job-1" || v["complete"] != true || !strings.HasSuffix(key, "/"+id) {
			t.Error(a.body)
		}
	}
}

func TestRelationsOfNothing(t *testing.T) {
	d := open(t, related())
	for path, text := range map[string]string{
		"job-1/resources/1%2Fa%2FEBS_Volume%2Fvol-9/relations": "no such resource in this job",
		"job-1/resources/1%2Fa%2FEBS_Volume/relations":         "no such resource in this job",
		"job-1/resources/1%2F%2FEBS_Volume%2Fvol-1/relations":  "no such resource in this job",
		"job-2/resources/1%2Fa%2FEBS_Volume%2Fvol-1/relations": "no such job",
		"job-1/resources/1/a/EBS_Volume/vol-1/relations":       "Endpoint not found",
	} {
		if a := d.call("GET", "/api/v1/jobs/"+path, ""); a.code != 404 || a.json(t)["error"] != text {
			t.Errorf("%s: %d %s", path, a.code, a.body)
		}
	}
	const found = "/api/v1/jobs/job-1/resources/1%2Fa%2FEBS_Volume%2Fvol-1/relations"
	if a := d.call("GET", found, "", "X-API-Key", other); a.code != 404 || a.json(t)["error"] != "no such job" {
		t.Errorf("somebody else's: %d %s", a.code, a.body)
	}
	if a := d.call("GET", found, "", "X-API-Key", ""); a.code != 401 {
		t.Errorf("nobody: %d %s", a.code, a.body)
	}
}
