// Package compose reads docker-compose.yml as Docker Compose does, and holds it against the
// settings of the programs.
package compose

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/internal/config"
)

const root = "../../.."

var profiles = []string{"postgres", "demo", "proxy", "observability"}

// load reads the compose file with an environment, whose files of a machine it does not see.
func load(t *testing.T, env map[string]string, profiles ...string) *types.Project {
	t.Helper()
	dir := t.TempDir()
	text, err := os.ReadFile(filepath.Join(root, "docker-compose.yml"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "docker-compose.yml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return read(t, dir, env, profiles...)
}

func read(t *testing.T, dir string, env map[string]string, profiles ...string) *types.Project {
	t.Helper()
	var list []string
	for k, v := range env {
		list = append(list, k+"="+v)
	}
	o, err := cli.NewProjectOptions([]string{filepath.Join(dir, "docker-compose.yml")},
		cli.WithWorkingDirectory(dir), cli.WithEnv(list), cli.WithEnvFiles(), cli.WithDotEnv, cli.WithDefaultProfiles(profiles...))
	if err != nil {
		t.Fatal(err)
	}
	p, err := o.LoadProject(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// environment is what a container of a service sees: a name without a value is none.
func environment(s types.ServiceConfig) map[string]string {
	seen := map[string]string{}
	for name, value := range s.Environment {
		if value != nil {
			seen[name] = *value
		}
	}
	return seen
}

// fixed are the settings that the compose file decides: where the programs listen and find
// each other within it.
var fixed = map[config.Program]map[string]string{
	config.API:    {"HOST": "0.0.0.0", "PORT": "5000", "REDIS_URL": "redis://default:@redis:6379/0"},
	config.Worker: {"METRICS_ADDR": "0.0.0.0:9090", "REDIS_URL": "redis://default:@redis:6379/0"},
}

// without are settings that do nothing here: the API has a Redis, and keeps no data itself.
var without = []string{"DATA_DIR"}

// TestEverySettingReachesItsProgram gives the compose file a value for every setting, and for
// what else is secret: each program gets those that it reads, and nothing of the other's.
func TestEverySettingReachesItsProgram(t *testing.T) {
	env := map[string]string{}
	for _, s := range config.Settings() {
		env[s.Name] = "value-of-" + s.Name
	}
	maps.Copy(env, map[string]string{"HOST": "127.0.0.1", "PORT": "6000", "SHUTDOWN_GRACE_SECONDS": "25", "AWS_SECRET_ACCESS_KEY": "value-of-a-secret"})
	p := load(t, env, profiles...)
	for _, program := range []config.Program{config.API, config.Worker} {
		got := environment(p.Services[string(program)])
		for _, s := range config.Settings() {
			want := ""
			if slices.Contains(s.Programs, program) && !slices.Contains(without, s.Name) {
				want = env[s.Name]
				if v, ok := fixed[program][s.Name]; ok {
					want = v
				}
			}
			if got[s.Name] != want {
				t.Errorf("%s of %s is %q, want %q", s.Name, program, got[s.Name], want)
			}
			delete(got, s.Name)
		}
		if diff := cmp.Diff(map[string]string{}, got); diff != "" {
			t.Errorf("%s sees besides its settings:\n%s", program, diff)
		}
	}
	for name, s := range p.Services {
		if name == "api" || name == "worker" {
			continue
		}
		for k, v := range environment(s) {
			if strings.HasPrefix(v, "value-of-") && k != "SHUTDOWN_GRACE_SECONDS" {
				t.Errorf("%s sees %s=%s", name, k, v)
			}
		}
	}
}

// TestFilesOfSettings: .env is for all. What api.env or worker.env has is for one, and no setting:
// those are taken from .env alone.
func TestFilesOfSettings(t *testing.T) {
	dir := t.TempDir()
	text, err := os.ReadFile(filepath.Join(root, "docker-compose.yml"))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"docker-compose.yml": string(text),
		".env":               "LOG_LEVEL=debug\nQUOTAS=jobs=20,requests=50\nREDIS_PASSWORD=of-redis\nCREDENTIALS_IDENTITY=AGE-SECRET-KEY-1\nCOMPOSE_PROFILES=proxy\n",
		"worker.env":         "AWS_ACCESS_KEY_ID=AKIA\nLOG_LEVEL=error\nQUEUE_POLL_MS=50\n",
		"api.env":            "GOMEMLIMIT=300MiB\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := read(t, dir, nil)
	const redis = "redis://default:of-redis@redis:6379/0"
	for name, want := range map[string]map[string]string{
		"api":    {"HOST": "0.0.0.0", "PORT": "5000", "TRUSTED_PROXIES": "10.255.251.2", "REDIS_URL": redis, "DATABASE_URL": "", "LOG_LEVEL": "debug", "QUOTAS": "jobs=20,requests=50", "GOMEMLIMIT": "300MiB"},
		"worker": {"METRICS_ADDR": "0.0.0.0:9090", "REDIS_URL": redis, "DATABASE_URL": "", "LOG_LEVEL": "debug", "QUOTAS": "jobs=20,requests=50", "CREDENTIALS_IDENTITY": "AGE-SECRET-KEY-1", "AWS_ACCESS_KEY_ID": "AKIA"},
		"proxy":  {"TRACKER_DOMAIN": "localhost"},
	} {
		if diff := cmp.Diff(want, environment(p.Services[name])); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestDatabase: the password of the profile is all that the programs need to be told, and another database goes first.
func TestDatabase(t *testing.T) {
	const own, other = "postgres://tracker:of-postgres@postgres:5432/tracker", "postgres://u:p@db.example.com/d?sslmode=verify-full"
	for _, c := range []struct {
		env  map[string]string
		want string
	}{
		{nil, ""},
		{map[string]string{"POSTGRES_PASSWORD": "of-postgres"}, own},
		{map[string]string{"POSTGRES_PASSWORD": "of-postgres", "DATABASE_URL": other}, other},
	} {
		p := load(t, c.env, "postgres")
		for _, name := range []string{"api", "worker"} {
			if got := environment(p.Services[name])["DATABASE_URL"]; got != c.want {
				t.Errorf("%s has %q, want %q", name, got, c.want)
			}
			if d := p.Services[name].DependsOn["postgres"]; d.Required || d.Condition != "service_healthy" {
				t.Errorf("%s depends on postgres: %+v", name, d)
			}
		}
		if got := environment(p.Services["postgres"])["POSTGRES_PASSWORD"]; got != c.env["POSTGRES_PASSWORD"] {
			t.Errorf("postgres has the password %q", got)
		}
	}
}

// TestNothingHasToBeSet: `docker compose run api keygen` makes the first keys.
func TestNothingHasToBeSet(t *testing.T) {
	p := load(t, nil)
	if got := slices.Sorted(maps.Keys(p.Services)); !slices.Equal(got, []string{"api", "redis", "worker"}) {
		t.Error(got)
	}
	api := p.Services["api"]
	if !slices.Equal(api.Entrypoint, []string{"/usr/local/bin/api"}) || len(api.Command) > 0 {
		t.Errorf("%v %v: a command such as keygen has to be one of the API", api.Entrypoint, api.Command)
	}
	if n := p.Services["worker"].Deploy.Replicas; n == nil || *n != 2 {
		t.Errorf("%v workers", n)
	}
}

// TestGracePeriod: Docker waits five seconds longer than the programs.
func TestGracePeriod(t *testing.T) {
	for set, want := range map[string]time.Duration{"": 30 * time.Second, "1": 6 * time.Second, "90": 95 * time.Second} {
		env := map[string]string{}
		if set != "" {
			env["SHUTDOWN_GRACE_SECONDS"] = set
		}
		p := load(t, env, profiles...)
		for _, name := range []string{"api", "worker", "demo"} {
			s := p.Services[name]
			if got := s.StopGracePeriod; got == nil || time.Duration(*got) != want {
				t.Errorf("%s with %q: %v, want %v", name, set, got, want)
			}
			if got := environment(s)["SHUTDOWN_GRACE_SECONDS"]; got != set {
				t.Errorf("%s has %q, want %q", name, got, set)
			}
		}
	}
}

// TestServicesAreBounded holds every service to what all have: nothing that it could change
// or use up, an image that cannot change, a check, and a log that ends.
func TestServicesAreBounded(t *testing.T) {
	capabilities := map[string][]string{"proxy": {"NET_BIND_SERVICE"}}
	pinned := regexp.MustCompile(`^[a-z0-9./-]+:[a-zA-Z0-9.-]+@sha256:[0-9a-f]{64}$`)
	for name, s := range load(t, nil, profiles...).Services {
		if !s.ReadOnly || s.Privileged || !slices.Equal(s.CapDrop, []string{"ALL"}) || !slices.Equal(s.CapAdd, capabilities[name]) ||
			!slices.Equal(s.SecurityOpt, []string{"no-new-privileges:true"}) || s.Restart != "unless-stopped" || s.Logging == nil || s.Logging.Driver != "local" {
			t.Errorf("%s: %+v", name, s)
		}
		if h := s.HealthCheck; h == nil || h.Disable || len(h.Test) < 2 || h.Interval == nil || h.Timeout == nil || h.Retries == nil {
			t.Errorf("%s has no health check: %+v", name, h)
		}
		if s.Deploy == nil || s.Deploy.Resources.Limits == nil {
			t.Errorf("%s has no limits", name)
		} else if l := s.Deploy.Resources.Limits; l.NanoCPUs <= 0 || l.MemoryBytes < 128<<20 || l.Pids <= 0 {
			t.Errorf("%s: %+v", name, l)
		}
		if s.Build == nil && !pinned.MatchString(s.Image) {
			t.Errorf("%s: %s", name, s.Image)
		}
		for _, p := range s.Ports {
			if p.HostIP != "127.0.0.1" && name != "proxy" {
				t.Errorf("%s listens for others: %+v", name, p)
			}
		}
	}
}

// TestNetworks: Redis is reached by the programs alone, and the API's front by its proxy.
func TestNetworks(t *testing.T) {
	p := load(t, map[string]string{"FRONT_NETWORK": "10.1.2"}, profiles...)
	members := map[string][]string{}
	for name, s := range p.Services {
		for network := range s.Networks {
			members[network] = append(members[network], name)
		}
	}
	for network := range members {
		slices.Sort(members[network])
	}
	want := map[string][]string{
		"inside": {"api", "postgres", "redis", "worker"}, "front": {"api", "demo", "proxy"}, "outside": {"grafana", "worker"},
		"seen": {"api", "grafana", "prometheus", "tempo", "worker"},
	}
	if diff := cmp.Diff(want, members); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for name, n := range p.Networks {
		if bool(n.Internal) != (name == "inside" || name == "seen") {
			t.Errorf("%s: internal is %v", name, n.Internal)
		}
	}
	proxy, api := p.Services["proxy"].Networks["front"].Ipv4Address, environment(p.Services["api"])
	if proxy != "10.1.2.2" || api["TRUSTED_PROXIES"] != proxy {
		t.Errorf("the API trusts %s, and the proxy is %s", api["TRUSTED_PROXIES"], proxy)
	}
	want2 := []*types.IPAMPool{{Subnet: "10.1.2.0/28", Gateway: "10.1.2.1", IPRange: "10.1.2.8/29"}}
	if diff := cmp.Diff(want2, p.Networks["front"].Ipam.Config); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestRedisHasRoom: the copy that Redis makes while it rewrites its file takes up to half of
// its data again.
func TestRedisHasRoom(t *testing.T) {
	redis := load(t, nil).Services["redis"]
	gigabytes, err := strconv.Atoi(strings.TrimSuffix(environment(redis)["REDIS_MAXMEMORY"], "gb"))
	if err != nil {
		t.Fatal(err)
	}
	if most := int64(redis.Deploy.Resources.Limits.MemoryBytes); int64(gigabytes)<<30*3/2 > most {
		t.Errorf("maxmemory is %d GB of %d bytes", gigabytes, most)
	}
	redis = load(t, map[string]string{"REDIS_MAXMEMORY": "4gb", "REDIS_MEMORY": "8g"}).Services["redis"]
	if got, most := environment(redis)["REDIS_MAXMEMORY"], redis.Deploy.Resources.Limits.MemoryBytes; got != "4gb" || most != 8<<30 {
		t.Errorf("%s of %d", got, most)
	}
}
