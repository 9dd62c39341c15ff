package e2e

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/tracker"
)

// contractPair is a type and verb of the wire contract, on a resource of its own.
type contractPair struct {
	kind  tracker.Type
	verb  string
	make  func(*outside) string
	state func(*outside, string) string
	after string
}

var contractPairs = []contractPair{
	{"EC2_Instance", "stop", func(o *outside) string { return o.instance(nil) }, (*outside).instanceState, "stopped"},
	{"RDS_Instance", "stop", (*outside).database, (*outside).databaseState, "stopped"},
	{"NAT_Gateway", "delete", func(o *outside) string { id, _ := o.gateway(); return id }, (*outside).gatewayState, tracker.Gone},
	{"Elastic_IP", "delete", (*outside).address, (*outside).addressState, tracker.Gone},
	{"EBS_Volume", "delete", func(o *outside) string { return o.volume(types.VolumeTypeGp3) }, (*outside).volumeState, tracker.Gone},
	{"S3_Bucket", "delete", func(o *outside) string { return o.bucket() }, (*outside).bucketState, tracker.Gone},
}

// TestActionContract sends exactly the wire contract's bodies to the real programs,
// and looks at AWS from outside for what they have done.
func TestActionContract(t *testing.T) {
	t.Parallel()
	m, err := startMoto()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.kill)
	o := newOutside(t, m)
	c := newStack(t, m.url, "ACTION_WAIT_SECONDS=60").client(apiKey)

	t.Run("one", func(t *testing.T) {
		for _, pair := range contractPairs {
			t.Run(string(pair.kind), func(t *testing.T) {
				t.Parallel()
				o := o.at(t)
				id := pair.make(o)
				body := maps.Clone(valid())
				maps.Copy(body, item(id, pair.kind, outsideRegion, strings.ToUpper(pair.verb)))
				got := answerOf(c, c.do(http.MethodPost, "/api/v1/resources/action", body), http.StatusOK)
				want := map[string]any{
					"success": true, "resource_id": id, "resource_type": string(pair.kind), "action": pair.verb,
					"verification_status": "verified", "error": nil, "item_state": "verified",
					"message": got["message"], "plan_id": got["plan_id"],
				}
				if diff := cmp.Diff(want, got); diff != "" || got["message"] == "" {
					t.Error("answer (-want +got):", diff)
				}
				if state := pair.state(o, id); state != pair.after {
					t.Errorf("from outside it is %s, want %s", state, pair.after)
				}
			})
		}
	})
	t.Run("bulk", func(t *testing.T) {
		o := o.at(t)
		var items []map[string]any
		for _, pair := range contractPairs {
			items = append(items, item(pair.make(o), pair.kind, outsideRegion, pair.verb))
		}
		got := answerOf(c, c.do(http.MethodPost, "/api/v1/resources/bulk-action", planOf(items...)), http.StatusOK)
		results, _ := got["results"].([]any)
		delete(got, "results")
		n := float64(len(items))
		want := map[string]any{
			"success": true, "total_actions": n, "successful": n, "failed": 0.0, "pending": 0.0,
			"plan_id": got["plan_id"], "plan_state": "succeeded",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error("answer (-want +got):", diff)
		}
		for i, pair := range contractPairs {
			id := items[i]["resource_id"].(string)
			one, _ := results[i].(map[string]any)
			if one["resource_id"] != id || one["success"] != true || one["message"] == "" {
				t.Errorf("result %d: %v", i, one)
			}
			if state := pair.state(o, id); state != pair.after {
				t.Errorf("%s %s: from outside it is %s, want %s", pair.kind, id, state, pair.after)
			}
		}
	})
	t.Run("refusals", func(t *testing.T) { refusals(t, o, c) })
	t.Run("malformed", func(t *testing.T) { malformed(t, o, c) })
}

func answerOf(c *client, a answer, status int) map[string]any {
	c.t.Helper()
	return decoded[map[string]any](c, "action", a, status)
}

// refusals asks for what the contract or a rule forbids: each is answered with 400
// and why, and nothing changes.
func refusals(t *testing.T, o *outside, c *client) {
	t.Helper()
	nat, address := o.gateway()
	o.route(nat)
	protected, tagged, holder := o.instance(nil), o.instance(map[string]string{"protected": "yes"}), o.instance(nil)
	made[*ec2.ModifyInstanceAttributeOutput](o)(o.ec2().ModifyInstanceAttribute(o.ctx, &ec2.ModifyInstanceAttributeInput{
		InstanceId: &protected, DisableApiTermination: &types.AttributeBooleanValue{Value: aws.Bool(true)},
	}))
	full, attached := o.bucket("key"), o.rootVolume(holder)
	for _, row := range []struct {
		name    string
		item    map[string]any
		message string
		state   string // from outside, now and afterwards
		outside func(*outside, string) string
	}{
		{"no resource", item("", "EC2_Instance", outsideRegion, "stop"), "Missing required fields: resource_id, resource_type, region, action", "", nil},
		{"no region", item(holder, "EC2_Instance", "", "stop"), "Missing required fields: resource_id, resource_type, region, action", "running", (*outside).instanceState},
		{"no verb", item(holder, "EC2_Instance", outsideRegion, "nuke"), "Invalid action. Supported: stop, delete, terminate", "running", (*outside).instanceState},
		{"unsupported pair", item(full, "S3_Bucket", outsideRegion, "stop"), "Unsupported action stop for resource type S3_Bucket", "there", (*outside).bucketState},
		{"missing resource", item("i-0123456789abcdef0", "EC2_Instance", outsideRegion, "stop"), "does not exist", tracker.Gone, (*outside).instanceState},
		{"termination protection", item(protected, "EC2_Instance", outsideRegion, "terminate"), "protected against being terminated", "running", (*outside).instanceState},
		{"protect tag", item(tagged, "EC2_Instance", outsideRegion, "stop"), "tag protected=yes protects it", "running", (*outside).instanceState},
		{"attached volume", item(attached, "EBS_Volume", outsideRegion, "delete"), "it is attached to " + holder, "in-use", (*outside).volumeState},
		{"associated address", item(address, "Elastic_IP", outsideRegion, "delete"), "it is associated with NAT gateway " + nat, "allocated", (*outside).addressState},
		{"routed gateway", item(nat, "NAT_Gateway", outsideRegion, "delete"), "sends traffic through it", "available", (*outside).gatewayState},
		{"full bucket", item(full, "S3_Bucket", outsideRegion, "delete"), "it is not empty", "there", (*outside).bucketState},
	} {
		t.Run(row.name, func(t *testing.T) {
			body := maps.Clone(valid())
			maps.Copy(body, row.item)
			got := answerOf(c, c.do(http.MethodPost, "/api/v1/resources/action", body), http.StatusBadRequest)
			text, _ := got["error"].(string)
			if got["success"] != false || !strings.Contains(text, row.message) {
				t.Errorf("answer %v, want success false and the error %q", got, row.message)
			}
			if row.outside != nil {
				if state := row.outside(o, row.item["resource_id"].(string)); state != row.state {
					t.Errorf("from outside it is %s, want %s", state, row.state)
				}
			}
		})
	}
	t.Run("in bulk", func(t *testing.T) {
		free := o.address()
		got := answerOf(c, c.do(http.MethodPost, "/api/v1/resources/bulk-action", planOf(
			item(tagged, "EC2_Instance", outsideRegion, "stop"), item(free, "Elastic_IP", outsideRegion, "delete"))), http.StatusOK)
		if got["success"] != false || got["total_actions"] != 2.0 || got["successful"] != 1.0 || got["failed"] != 1.0 {
			t.Errorf("answer: %v", got)
		}
		if state := o.addressState(free); state != tracker.Gone {
			t.Errorf("the item beside the refused one is %s", state)
		}
	})
	t.Run("all in bulk", func(t *testing.T) {
		got := answerOf(c, c.do(http.MethodPost, "/api/v1/resources/bulk-action", planOf(
			item(tagged, "EC2_Instance", outsideRegion, "stop"), item(full, "S3_Bucket", outsideRegion, "delete"))), http.StatusOK)
		if got["success"] != false || got["successful"] != 0.0 || got["failed"] != 2.0 || got["plan_state"] != "failed" {
			t.Errorf("answer: %v", got)
		}
	})
}

// malformed sends bulks of which one item is wrong: they are refused as a whole,
// before anything runs.
func malformed(t *testing.T, o *outside, c *client) {
	t.Helper()
	id := o.instance(nil)
	good := item(id, "EC2_Instance", outsideRegion, "stop")
	for _, row := range []struct {
		name string
		item any
		says string
	}{
		{"no object", "stop everything", "actions[1]"},
		{"null", nil, "actions[1]"},
		{"no fields", map[string]any{}, "actions[1].resource_id"},
		{"no action", with(good, "action", ""), "actions[1].action"},
		{"bad verb", with(good, "action", "nuke"), "actions[1].action"},
		{"number for a verb", with(good, "action", 7), "actions[1].action"},
		{"unknown field", with(good, "force", true), "actions[1].force"},
		{"unknown type", with(good, "resource_type", "Toaster"), "actions[1].resource_type"},
		{"no region of AWS", with(good, "region", "mars"), "actions[1].region"},
		{"the same twice", good, "actions[1].resource_id"},
	} {
		t.Run(row.name, func(t *testing.T) {
			a := c.do(http.MethodPost, "/api/v1/resources/bulk-action", with(valid(), "actions", []any{good, row.item}))
			if a.status != http.StatusUnprocessableEntity || !strings.Contains(string(a.body), row.says) {
				t.Errorf("status %d, want 422 that names %s: %s", a.status, row.says, a.body)
			}
			var body map[string]any
			if err := json.Unmarshal(a.body, &body); err != nil || body["success"] != false {
				t.Errorf("answer: %s", a.body)
			}
		})
	}
	a := c.do(http.MethodPost, "/api/v1/resources/bulk-action", with(valid(), "actions", []any{}))
	if got := answerOf(c, a, http.StatusBadRequest); got["error"] != "No actions provided" {
		t.Errorf("no actions: %v", got)
	}
	if state := o.instanceState(id); state != "running" {
		t.Errorf("the good item beside the malformed ones is %s", state)
	}
}
