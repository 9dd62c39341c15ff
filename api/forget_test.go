package api_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestForgetHistory(t *testing.T) {
	h, _, _ := twoDays(t)
	f := &fake{}
	d := open(t, f, withHistory(h))
	for _, row := range []struct {
		account string
		want    int
	}{
		{"123456789012", 202},
		{"123456789012", 202}, // asked again before it is done
		{"999999999999", 404},
		{"1", 422},
	} {
		if a := d.call("DELETE", "/api/v1/inventory/accounts/"+row.account, ""); a.code != row.want {
			t.Errorf("%s: %d %s", row.account, a.code, a.body)
		}
	}
	if diff := cmp.Diff([]string{alice + "/123456789012", alice + "/123456789012"}, f.forgotten); diff != "" {
		t.Error(diff)
	}
	if a := open(t, &fake{}).call("DELETE", "/api/v1/inventory/accounts/123456789012", ""); a.code != 503 {
		t.Errorf("without a history: %d", a.code)
	}
}
