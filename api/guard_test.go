package api_test

import (
	"net/http"
	"testing"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/tracker"
)

// A browser asks for a page before it asks for a password: that is no failed log-in.
func TestNobodyIsNoFailedLogin(t *testing.T) {
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	d := open(t, &fake{}, func(o *api.Options) {
		o.AddressLimits, o.Monitoring = tracker.Limits{tracker.QuotaAddressFailures: 2}, page
	})
	for range 10 {
		for _, path := range []string{"/api/v1/jobs", "/monitoring"} {
			if a := d.call(http.MethodGet, path, "", "X-API-Key", ""); a.code != http.StatusUnauthorized {
				t.Fatalf("%s without credentials: %d %s", path, a.code, a.body)
			}
		}
	}
	for range 10 {
		d.call(http.MethodGet, "/monitoring", "", "X-API-Key", "a guess")
	}
	if a := d.call(http.MethodGet, "/monitoring", "", "X-API-Key", "a guess"); a.code != http.StatusTooManyRequests {
		t.Errorf("guesses are not slowed down: %d", a.code)
	}
}
