package e2e

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/internal/config"
)

// TestDeploymentHoldsNoSecret reads the compose file: it sets what exists, and
// secrets come from the environment of whoever starts it.
func TestDeploymentHoldsNoSecret(t *testing.T) {
	text, err := os.ReadFile("../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]config.Setting{}
	for _, s := range config.Settings() {
		known[s.Name] = s
	}
	set := regexp.MustCompile(`(?m)^ {6}([A-Z][A-Z_]+): (.+)$`).FindAllStringSubmatch(string(text), -1)
	if len(set) < 6 {
		t.Fatalf("found %d settings in the compose file", len(set))
	}
	for _, m := range set {
		name, value := m[1], m[2]
		s, ok := known[name]
		if !ok {
			t.Errorf("%s is no setting", name)
		}
		// The URL of a Redis is a secret where it holds a password.
		open := name == "REDIS_URL" && !strings.Contains(value, "@")
		if s.Secret && !open && !strings.HasPrefix(value, "${"+name+":") {
			t.Errorf("%s is a secret and has a value in the compose file", name)
		}
	}
}

// TestImageRunsAsNobody reads the Dockerfile: what runs is static, has no shell
// and is not root.
func TestImageRunsAsNobody(t *testing.T) {
	text, err := os.ReadFile("../deploy/docker/Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`(?m)^FROM gcr\.io/distroless/static-debian12:nonroot$`,
		`(?m)^USER [1-9]\d*:[1-9]\d*$`,
		`(?m)^RUN CGO_ENABLED=0 go build -trimpath .*\./cmd/api \./cmd/worker$`,
	} {
		if !regexp.MustCompile(want).Match(text) {
			t.Errorf("the Dockerfile has no line %s", want)
		}
	}
}
