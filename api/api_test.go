package api_test

import (
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/api"
)

func TestNewListsWhatIsWrong(t *testing.T) {
	_, err := api.New(api.Options{APIKeys: []string{""}, SecretKey: "short", CORSOrigins: []string{"*", "https://a.example"}})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"jobs, results, plans, audit, accounts and sealer", "catalogue", "API key is empty", "5 bytes", "exact origin"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
}
