package api_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestWebhooks(t *testing.T) {
	d := open(t, &fake{})
	a := d.call("POST", "/api/v1/webhooks", `{"url":"https://example.com/token","events":["job.*"],"description":"ours"}`)
	want := `{"success":true,"webhook_id":"` + webhookID + `","form":"standard","events":["job.*"],"url":"https://example.com/…","enabled":true,` +
		`"created_at":"2026-11-21T12:00:00Z","changed_at":"2026-11-21T12:00:00Z",` +
		`"links":{"self":"/api/v1/webhooks/` + webhookID + `","deliveries":"/api/v1/webhooks/` + webhookID + `/deliveries"},"secret":"whsec_shown"}`
	if diff := cmp.Diff(want, strings.TrimSpace(a.body)); diff != "" || a.code != 201 || a.header.Get("Location") != "/api/v1/webhooks/"+webhookID {
		t.Errorf("%d %s (-want +got):\n%s", a.code, a.header, diff)
	}
	if ch := d.fake.webhooks.changes[0]; *ch.URL != "https://example.com/token" || *ch.Description != "ours" || !strings.HasPrefix(ch.Who, "key:") || ch.From == "" {
		t.Errorf("asked for %+v", ch)
	}
	const self, delivery = "/api/v1/webhooks/" + webhookID, "/deliveries/evt_0123456789abcdef0123456789abcdef/replay"
	for _, tc := range []struct {
		method, path, body string
		code               int
		has                string
	}{
		{"GET", "/api/v1/webhooks", "", 200, `"webhook_id":"` + webhookID + `"`},
		{"GET", self, "", 200, `"url":"https://example.com/…"`},
		{"PATCH", self, `{"enabled":false}`, 200, webhookID},
		{"POST", self + "/secret", "", 200, `"secret":"whsec_new"`},
		{"POST", self + "/test", "", 202, `"type":"webhook.test"`},
		{"GET", self + "/deliveries?limit=1", "", 200, `"next_cursor":"next"`},
		{"GET", self + "/deliveries?cursor=broken", "", 422, "query.cursor"},
		{"POST", self + delivery, "", 202, `"state":"pending"`},
		{"DELETE", self, "", 204, ""},
		{"POST", "/api/v1/webhooks", `{"url":"https://example.com/"}`, 422, "expected required property events"},
		{"POST", "/api/v1/webhooks", `{"url":"https://example.com/","events":[]}`, 422, "body.events"},
		{"POST", "/api/v1/webhooks", `{"form":"fax","events":["*"]}`, 422, "body.form"},
		{"POST", "/api/v1/webhooks", `{"url":"` + strings.Repeat("x", 2049) + `","events":["*"]}`, 422, "body.url: expected length <= 2048"},
		{"POST", "/api/v1/webhooks", `{"url":"https://example.com/","events":["*"],"description":"` + strings.Repeat("x", 201) + `"}`, 422, "body.description"},
		{"POST", "/api/v1/webhooks", `{"url":"https://example.com/","events":["` + strings.Repeat("x", 65) + `"]}`, 422, "body.events[0]"},
		{"PATCH", self, `{"form":"slack"}`, 422, "body.form"},
		{"POST", self + "/secret", `{"keep_old_seconds":604801}`, 422, "keep_old_seconds"},
		{"GET", "/api/v1/webhooks/nobody", "", 404, "no such webhook"},
		{"POST", self + "/deliveries/nothing/replay", "", 404, "no such delivery"},
	} {
		if a := d.call(tc.method, tc.path, tc.body); a.code != tc.code || !strings.Contains(a.body, tc.has) {
			t.Errorf("%s %s %s: %d %s", tc.method, tc.path, tc.body, a.code, a.body)
		}
		if a := d.call(tc.method, tc.path, tc.body, "X-API-Key", other); strings.Contains(tc.path, webhookID) && tc.code < 300 && a.code != 404 && a.code != 403 {
			t.Errorf("somebody else: %s %s: %d %s", tc.method, tc.path, a.code, a.body)
		}
	}
	if d.fake.webhooks.kept != 24*time.Hour {
		t.Errorf("the old secret signs for %v", d.fake.webhooks.kept)
	}
	if a := d.call("POST", self+"/secret", `{"keep_old_seconds":0}`); a.code != 200 || d.fake.webhooks.kept != 0 {
		t.Errorf("%d, and the old secret signs for %v", a.code, d.fake.webhooks.kept)
	}
}
