package api_test

import (
	"context"
	"testing"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestOperationsAreForAdminsOfTheService(t *testing.T) {
	people := keys{
		"admin":    kept(tracker.DefaultTenant, "key:admin", tracker.RoleAdmin),
		"viewer":   kept(tracker.DefaultTenant, "key:viewer", tracker.RoleViewer),
		"actor":    kept("acme", "key:actor", tracker.RoleActor),
		"stranger": kept("acme", "key:stranger", tracker.RoleAdmin),
	}
	looks := 0
	d := open(t, &fake{}, func(o *api.Options) {
		o.Keys = people
		o.Operations = func(context.Context) tracker.Operations {
			looks++
			return tracker.Operations{Redis: tracker.RedisSeen{Kind: "server", Nodes: []tracker.RedisNode{{Answers: true, Replicas: []tracker.RedisReplica{}}}}}
		}
	})
	for who, code := range map[string]int{"viewer": 403, "actor": 403, "stranger": 403, "admin": 200} {
		if a := d.call("GET", "/api/v1/operations", "", "X-API-Key", who); a.code != code {
			t.Errorf("%s: %d %s", who, a.code, a.body)
		}
	}
	if looks != 1 {
		t.Errorf("%d looks, want that of the admin", looks)
	}
	redis := d.call("GET", "/api/v1/operations", "", "X-API-Key", "admin").json(t)["operations"].(map[string]any)["redis"].(map[string]any)
	node := redis["nodes"].([]any)[0].(map[string]any)
	if v, there := node["max_memory_bytes"]; !there || v != nil || redis["at"] != nil {
		t.Errorf("what is not known is null: %v", redis)
	}
	if a := open(t, &fake{}).call("GET", "/api/v1/operations", ""); a.code != 503 {
		t.Errorf("a server that does not look: %d %s", a.code, a.body)
	}
}
