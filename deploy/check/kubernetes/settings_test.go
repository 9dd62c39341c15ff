package kubernetes

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"

	"github.com/consolesensei/resource-tracker/internal/config"
)

var programs = []string{"api", "worker"}

// operatorsSecret is a Secret that is not the chart's.
var operatorsSecret = map[string]string{
	"VALID_API_KEYS": "0123456789abcdef", "OPERATOR_API_KEYS": "fedcba9876543210",
	"SECRET_KEY": "0123456789abcdef0123456789abcdef", "OLD_SECRET_KEY": "fedcba9876543210fedcba9876543210", "OIDC_CLIENT_SECRET": "secret",
	"CREDENTIALS_RECIPIENT": "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p", "CREDENTIALS_IDENTITY": "AGE-SECRET-KEY-1QQQQ",
	"REDIS_PASSWORD": "0123456789abcdef", "REDIS_URL": "rediss://user:password@redis.example.com:6379/0",
}

// environment is what a program of a container is given, as the kubelet puts it together.
// A Secret that the chart does not make has every key there is.
func environment(t *testing.T, objects []object, program string) map[string]string {
	t.Helper()
	settings, secrets := find[*core.ConfigMap](objects), find[*core.Secret](objects)
	c := container(t, objects, program)
	env := map[string]string{}
	for _, from := range c.EnvFrom {
		if from.ConfigMapRef == nil {
			t.Fatalf("%s is given more than settings: %+v", program, from)
		}
		maps.Copy(env, settings[from.ConfigMapRef.Name].Data)
	}
	for _, e := range c.Env {
		if e.ValueFrom == nil {
			env[e.Name] = variable.ReplaceAllStringFunc(e.Value, func(name string) string { return env[name[2:len(name)-1]] })
			continue
		}
		ref := e.ValueFrom.SecretKeyRef
		data := operatorsSecret
		if made := secrets[ref.Name]; made != nil {
			data = made.StringData
		}
		if value, ok := data[ref.Key]; ok {
			env[e.Name] = value
		} else if ref.Optional == nil || !*ref.Optional {
			t.Errorf("%s needs %s of %s, which there is not", program, ref.Key, ref.Name)
		}
	}
	return env
}

// variable is how Kubernetes writes a variable that was named before.
var variable = regexp.MustCompile(`\$\([A-Z_]+\)`)

func container(t *testing.T, objects []object, program string) core.Container {
	t.Helper()
	for name, d := range find[*apps.Deployment](objects) {
		if strings.HasSuffix(name, "-"+program) {
			return d.Spec.Template.Spec.Containers[0]
		}
	}
	t.Fatalf("there is no Deployment of %s", program)
	return core.Container{}
}

// TestPrograms_StartWithWhatTheyGet: a program takes the settings that its pod gives it, and
// gets none that it does not read.
func TestPrograms_StartWithWhatTheyGet(t *testing.T) {
	eachSet(t, func(t *testing.T, objects []object) {
		for _, program := range programs {
			env := environment(t, objects, program)
			if _, err := config.Load(func(name string) string { return env[name] }, config.Program(program)); err != nil {
				t.Errorf("%s: %v", program, err)
			}
			for _, s := range config.Settings() {
				if value, given := env[s.Name]; given && !reads(s, program) {
					t.Errorf("%s is given %s=%s, which it does not read", program, s.Name, value)
				}
			}
		}
		for name, m := range find[*core.ConfigMap](objects) {
			for _, s := range config.Settings() {
				if _, there := m.Data[s.Name]; there && s.Secret {
					t.Errorf("%s is in the ConfigMap %s", s.Name, name)
				}
			}
		}
		for name, secret := range find[*core.Secret](objects) {
			for key := range secret.StringData {
				if strings.HasSuffix(name, "-api") && key == "CREDENTIALS_IDENTITY" || strings.HasSuffix(name, "-worker") && key == "VALID_API_KEYS" {
					t.Errorf("%s is in the Secret %s", key, name)
				}
			}
		}
	})
}

// sample is a value that a setting may have, other than its default, and as the program reads it.
func sample(s config.Setting) (value any, text string) {
	switch m := rangeOf.FindStringSubmatch(s.Allowed); {
	case m != nil:
		high, _ := strconv.Atoi(m[2])
		// As YAML hands on numbers.
		return float64(high), m[2]
	case s.Allowed == "true or false":
		return s.Default != "true", fmt.Sprint(s.Default != "true")
	case choiceOf.MatchString(s.Allowed):
		last := s.Allowed[strings.LastIndex(s.Allowed, " ")+1:]
		return last, last
	}
	return "x " + s.Name, "x " + s.Name
}

// TestEverySettingReachesItsProgram, from the values of both programs, and from its own, which win.
func TestEverySettingReachesItsProgram(t *testing.T) {
	all, secrets := map[string]any{}, map[string]any{}
	mine := map[string]map[string]any{"api": {}, "worker": {}}
	mineSecrets := map[string]map[string]any{"api": {}, "worker": {}}
	want := map[string]map[string]string{
		"api": {"HOST": "0.0.0.0", "PORT": "5000"}, "worker": {"METRICS_ADDR": "0.0.0.0:9090"},
	}
	for i, s := range config.Settings() {
		if _, chart := own[s.Name]; chart && s.Name != "REDIS_URL" {
			continue
		}
		value, text := sample(s)
		shared := reads(s, "api") && reads(s, "worker")
		for _, program := range programs {
			switch {
			case !reads(s, program):
				continue
			case s.Secret && shared:
				secrets[s.Name] = value
			case s.Secret:
				mineSecrets[program][s.Name] = value
			case i%2 == 0:
				all[s.Name] = value
			default:
				mine[program][s.Name] = value
				if shared && s.Default != "" {
					all[s.Name] = value
				}
			}
			want[program][s.Name] = text
		}
	}
	mine["worker"]["LOG_LEVEL"], all["LOG_LEVEL"], want["worker"]["LOG_LEVEL"], want["api"]["LOG_LEVEL"] = "debug", "warn", "debug", "warn"
	delete(mine["api"], "LOG_LEVEL")
	objects := render(t, map[string]any{
		"settings": all, "secrets": secrets, "redis": map[string]any{"bundled": false}, "networkPolicy": map[string]any{"enabled": false},
		"api":    map[string]any{"settings": mine["api"], "secrets": mineSecrets["api"]},
		"worker": map[string]any{"settings": mine["worker"], "secrets": mineSecrets["worker"]},
	})
	for _, program := range programs {
		if diff := cmp.Diff(want[program], environment(t, objects, program)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", program, diff)
		}
		var grace int64
		for name, d := range find[*apps.Deployment](objects) {
			if strings.HasSuffix(name, "-"+program) {
				grace = *d.Spec.Template.Spec.TerminationGracePeriodSeconds
			}
		}
		if want := map[string]int64{"api": 610, "worker": 605}[program]; grace != want {
			t.Errorf("%s has %d s to end, want %d", program, grace, want)
		}
	}
}

// TestOwnSettings: what the chart keeps from the table of settings is in the table.
func TestOwnSettings(t *testing.T) {
	for name := range own {
		if !slices.ContainsFunc(config.Settings(), func(s config.Setting) bool { return s.Name == name }) {
			t.Errorf("%s is no setting", name)
		}
	}
}
