package cli

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestResourcesPages holds that every page of what there is comes from where its cursor does.
func TestResourcesPages(t *testing.T) {
	t.Parallel()
	const job = `"job_id":"J","state":"partial",`
	for name, row := range map[string]struct {
		args, path, first, second string
		code                      int
		says                      string
	}{
		"of all scans":          {"resources", "/api/v1/resources", job + `"complete":true`, job + `"complete":true`, 0, "2 resources; everything was seen"},
		"no scan is kept":       {"resources", "/api/v1/resources", `"complete":true`, `"complete":true`, 0, "everything was seen"},
		"all, not complete":     {"resources", "/api/v1/resources", job + `"complete":false`, job + `"complete":false`, ExitPartial, "not everything was seen"},
		"of a scan":             {"resources --job J", "/api/v1/jobs/J/resources", job + `"complete":false`, job + `"complete":false`, ExitPartial, "the scan J is partial and not complete"},
		"findings of no scan":   {"findings", "/api/v1/resources", `"complete":true`, ``, 1, "no finished scan is kept any more"},
		"costs of no kept scan": {"costs", "/api/v1/resources", `"complete":true`, ``, 1, "no finished scan is kept any more"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				switch cursor := r.URL.Query().Get("cursor"); {
				case r.URL.Path == row.path && cursor == "":
					fmt.Fprintf(w, `{"success":true,%s,"resources":[{"resource_id":"a"}],"next_cursor":"J~1"}`, row.first)
				case r.URL.Path == row.path && cursor == "J~1":
					fmt.Fprintf(w, `{"success":true,%s,"resources":[{"resource_id":"b"}]}`, row.second)
				default:
					http.Error(w, r.URL.String(), http.StatusUnprocessableEntity)
				}
			}))
			defer srv.Close()
			code, out, errs := against(t, srv.URL, row.args)
			if code != row.code || !strings.Contains(errs, row.says) {
				t.Errorf("%d, want %d\n%s%s", code, row.code, out, errs)
			}
		})
	}
}
