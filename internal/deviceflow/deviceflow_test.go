package deviceflow

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// issuer answers what it is told to.
type issuer struct {
	*httptest.Server
	about  map[string]any // of what it says about itself, what differs
	device string
	token  string
	status int
	forms  []string
}

func start(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{about: map[string]any{}, status: http.StatusOK}
	i.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		w.Header().Set("Content-Type", "application/json")
		switch r.URL.Path {
		case "/.well-known/openid-configuration":
			about := map[string]any{"issuer": i.URL, "device_authorization_endpoint": i.URL + "/device", "token_endpoint": i.URL + "/token"}
			maps.Copy(about, i.about)
			_ = json.NewEncoder(w).Encode(about)
		case "/device":
			i.forms = append(i.forms, r.Form.Encode())
			fmt.Fprint(w, i.device)
		case "/token":
			i.forms = append(i.forms, r.Form.Encode())
			w.WriteHeader(i.status)
			fmt.Fprint(w, i.token)
		}
	}))
	t.Cleanup(i.Close)
	i.device = `{"device_code":"D","user_code":"ABCD-EFGH","verification_uri":"https://login.example.com/device","expires_in":60,"interval":1}`
	i.token = `{"access_token":"A","token_type":"Bearer","id_token":"I"}`
	return i
}

func TestSign(t *testing.T) {
	i := start(t)
	page, code := "", ""
	got, err := Sign(t.Context(), Flow{i.URL, "cli", []string{"openid", "groups"}}, func(p, c string) { page, code = p, c })
	if err != nil || got != "I" || page != "https://login.example.com/device" || code != "ABCD-EFGH" {
		t.Errorf("%q at %s with %s: %v", got, page, code, err)
	}
	if forms := strings.Join(i.forms, " "); !strings.Contains(forms, "client_id=cli&scope=openid+groups") || strings.Contains(forms, "secret") {
		t.Error(forms)
	}
}

func TestSign_Nobody(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(i *issuer)
		want   string
	}{
		"refused":                {func(i *issuer) { i.status, i.token = 400, `{"error":"access_denied"}` }, "was refused on the issuer's page"},
		"too late":               {func(i *issuer) { i.status, i.token = 400, `{"error":"expired_token"}` }, "nobody signed in on the issuer's page in time"},
		"another client":         {func(i *issuer) { i.status, i.token = 400, `{"error":"invalid_client","error_description":"none"}` }, "invalid_client: none"},
		"no ID token":            {func(i *issuer) { i.token = `{"access_token":"A","token_type":"Bearer"}` }, "answers no ID token"},
		"no device flow":         {func(i *issuer) { i.about["device_authorization_endpoint"] = "" }, "has no device flow"},
		"another name":           {func(i *issuer) { i.about["issuer"] = "https://evil.example" }, "calls itself https://evil.example"},
		"tokens in clear":        {func(i *issuer) { i.about["token_endpoint"] = "http://evil.example/token" }, "is not https"},
		"a page of another kind": {func(i *issuer) { i.device = strings.Replace(i.device, "https://login.example.com", "file://x", 1) }, "is not https"},
	} {
		t.Run(name, func(t *testing.T) {
			i := start(t)
			tc.change(i)
			if got, err := Sign(t.Context(), Flow{i.URL, "cli", nil}, func(string, string) {}); err == nil || got != "" || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%v, want %s", err, tc.want)
			}
		})
	}
	if _, err := Sign(t.Context(), Flow{"http://login.example.com", "cli", nil}, nil); err == nil || !strings.Contains(err.Error(), "is not https") {
		t.Error(err)
	}
}
