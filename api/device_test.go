package api_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/api"
)

func TestDeviceLogin(t *testing.T) {
	flow := api.DeviceLogin{Issuer: "https://login.example.com", ClientID: "cli", Scopes: []string{"openid", "groups"}}
	d := open(t, &fake{}, func(o *api.Options) { o.Issuer, o.Device = issuer{}, flow })
	want := map[string]any{"success": true, "issuer": "https://login.example.com", "client_id": "cli", "scopes": []any{"openid", "groups"}}
	if diff := cmp.Diff(want, d.call("GET", "/api/v1/auth/device", "", "X-API-Key", "").json(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for name, o := range map[string]func(*api.Options){
		"no issuer":        func(o *api.Options) { o.Device = flow },
		"no public client": func(o *api.Options) { o.Issuer, o.Device = issuer{}, api.DeviceLogin{Issuer: flow.Issuer} },
	} {
		if a := open(t, &fake{}, o).call("GET", "/api/v1/auth/device", "", "X-API-Key", ""); a.code != 404 || !strings.Contains(a.body, "OIDC_DEVICE_CLIENT_ID") {
			t.Errorf("%s: %d %s", name, a.code, a.body)
		}
	}
}

func TestIDTokensAreExchanged(t *testing.T) {
	d := open(t, &fake{}, func(o *api.Options) { o.Issuer = issuer{} })
	for body, code := range map[string]int{
		`{"id_token":"good","cookie":false}`:          200,
		`{"id_token":"bad","cookie":false}`:           401,
		`{"id_token":"good","api_key":"` + key + `"}`: 422,
		`{"id_token":"good","code":"good"}`:           422,
	} {
		a := d.call("POST", "/api/v1/auth/token", body, "X-API-Key", "", "Sec-Fetch-Site", "same-origin")
		if a.code != code || code == 200 && !strings.HasPrefix(a.json(t)["access_token"].(string), "trs_") {
			t.Errorf("%s: %d %s", body, a.code, a.body)
		}
	}
	if a := open(t, &fake{}).call("POST", "/api/v1/auth/token", `{"id_token":"good","cookie":false}`, "X-API-Key", ""); a.code != 422 {
		t.Errorf("no issuer: %d %s", a.code, a.body)
	}
}
