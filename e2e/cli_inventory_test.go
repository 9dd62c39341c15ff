package e2e

import (
	"strings"
	"testing"
	"time"
)

// TestCLIInventory lists what there is, counts it, and tells the life of a resource that a plan has stopped.
func TestCLIInventory(t *testing.T) {
	t.Parallel()
	c := newCommandLine(t, newDemo(t, `{"transition":"200ms"}`, "OPERATOR_API_KEYS="+operatorKey))
	c.ends(0, "scan", "--types", "EC2_Instance", "--regions", "us-east-1")
	list := func(args ...string) string {
		return c.run(append([]string{"inventory", "--filter", "type:EC2_Instance region:us-east-1 state:running", "-o", "csv"}, args...)...).out
	}
	eventually(t, time.Minute, "the scan is in the inventory", func() bool { return strings.Count(list(), "\n") >= 2 })
	key := strings.Split(list("--order=-cost,id", "--columns", "key"), "\n")[1]
	if !strings.Contains(key, "/us-east-1/EC2_Instance/i-") {
		t.Fatalf("the key is %q", key)
	}
	if got := list("--group-by", "type,region"); !strings.Contains(got, "EC2_Instance") || !strings.Contains(got, "(total)") {
		t.Error(got)
	}
	if got := c.run("inventory", "history", key); !strings.Contains(got.out, "running") || !strings.Contains(got.out, "seen first") {
		t.Errorf("%s%s", got.out, got.err)
	}
	id := key[strings.LastIndex(key, "/")+1:]
	plan := c.one("plan.plan_id", "plan", "stop", "--filter", "id:"+id+" region:us-east-1")
	c.ends(0, "apply", plan, "--yes")
	c.ends(0, "scan", "--types", "EC2_Instance", "--regions", "us-east-1")
	eventually(t, time.Minute, "its life tells who stopped it", func() bool {
		got := c.run("inventory", "history", key).out
		for _, want := range []string{"state: running → stopped", plan, "verified", "plan.created", "item.verified"} {
			if !strings.Contains(got, want) {
				return false
			}
		}
		return true
	})
	if got := c.ends(1, "inventory", "history", key+"0"); !strings.Contains(got.err, "no scan has seen such a resource") {
		t.Error(got.err)
	}
}
