package e2e

import "testing"

// TestTypeScriptClient runs the client's own tests against an API that they kill in the middle
// of a scan.
func TestTypeScriptClient(t *testing.T) {
	t.Parallel()
	builtClient(t)
	npm(t, typescriptClient, nil, "run", "check")
	d := newDemo(t, slowDemo, "VALID_API_KEYS="+apiKey, "OPERATOR_API_KEYS="+operatorKey, "ACTIONS_REQUIRE_APPROVAL=true")
	t.Log(npm(t, typescriptClient, []string{
		"TRACKER_URL=" + d.url(), "TRACKER_API_KEY=" + apiKey, "TRACKER_ADMIN_KEY=" + operatorKey, "TRACKER_RESTART=" + d.control() + "/restart",
	}, "test"))
}
