package e2e

import "testing"

// TestTypeScriptClient runs the client's own tests against an API whose calls to AWS take a
// while, so that it can be killed in the middle of a scan.
func TestTypeScriptClient(t *testing.T) {
	builtClient(t)
	npm(t, typescriptClient, nil, "run", "check")
	d := newWebDemo(t, `{"latency":"200ms"}`, "ACTIONS_REQUIRE_APPROVAL=true", "ALLOW_SERVER_CREDENTIALS=true")
	t.Log(npm(t, typescriptClient, []string{
		"TRACKER_URL=" + d.url, "TRACKER_API_KEY=" + apiKey, "TRACKER_ADMIN_KEY=" + operatorKey, "TRACKER_RESTART=" + d.control() + "/restart",
	}, "test"))
}
