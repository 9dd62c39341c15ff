package kubernetes

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	core "k8s.io/api/core/v1"
	policy "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/pod-security-admission/api"
	security "k8s.io/pod-security-admission/policy"
)

// TestPods_Restricted: Kubernetes's own check of the standard "restricted" lets every pod in.
func TestPods_Restricted(t *testing.T) {
	check, err := security.NewEvaluator(security.DefaultChecks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	level := api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}
	eachSet(t, func(t *testing.T, objects []object) {
		for component, p := range pods(objects) {
			for _, result := range check.EvaluatePod(level, &p.ObjectMeta, &p.Spec) {
				if !result.Allowed {
					t.Errorf("%s: %s: %s", component, result.ForbiddenReason, result.ForbiddenDetail)
				}
			}
			for _, c := range p.Spec.Containers {
				if !*c.SecurityContext.ReadOnlyRootFilesystem || c.Resources.Requests.Memory().IsZero() || c.Resources.Limits.Memory().IsZero() {
					t.Errorf("%s: %+v %+v", component, c.SecurityContext, c.Resources)
				}
				if user := *p.Spec.SecurityContext.RunAsUser; component != "redis" && user != 65532 {
					t.Errorf("%s runs as %d", component, user)
				}
			}
			if *p.Spec.AutomountServiceAccountToken {
				t.Errorf("%s may call Kubernetes", component)
			}
		}
	})
}

// TestPods_Probes: a program that lives and does not work is not started again.
func TestPods_Probes(t *testing.T) {
	want := map[string][3]string{"api": {"http", "/health", "/ready"}, "worker": {"metrics", "/healthz", "/readyz"}}
	eachSet(t, func(t *testing.T, objects []object) {
		for _, program := range programs {
			c := container(t, objects, program)
			got := [3]string{c.LivenessProbe.HTTPGet.Port.StrVal, c.LivenessProbe.HTTPGet.Path, c.ReadinessProbe.HTTPGet.Path}
			if got != want[program] || c.StartupProbe.HTTPGet.Path != got[1] || c.Ports[0].Name != got[0] {
				t.Errorf("%s: %v %+v", program, got, c.Ports)
			}
			if !slices.Equal(c.Command, []string{"/usr/local/bin/" + program}) {
				t.Errorf("%s is started as %v", program, c.Command)
			}
		}
	})
}

// TestPods_Ends: a pod has the time that its program gives itself, five seconds, and what it waits before.
func TestPods_Ends(t *testing.T) {
	want := map[string]map[string]int64{
		"minimal":        {"api": 35, "worker": 30},
		"external-redis": {"api": 35, "worker": 30},
		"monitored":      {"api": 35, "worker": 30},
		"everything":     {"api": 45, "worker": 95},
	}
	for set := range want {
		for component, p := range pods(rendered(t, set)) {
			if grace := want[set][component]; grace != 0 && *p.Spec.TerminationGracePeriodSeconds != grace {
				t.Errorf("%s: %s has %d s to end, want %d", set, component, *p.Spec.TerminationGracePeriodSeconds, grace)
			}
		}
	}
}

// TestPods_ReplacedWithoutLoss: no pod ends before its successor works, and a budget neither lets
// all pods go at once nor keeps a machine from being emptied.
func TestPods_ReplacedWithoutLoss(t *testing.T) {
	eachSet(t, func(t *testing.T, objects []object) {
		least := map[string]int32{}
		for name, d := range find[*apps.Deployment](objects) {
			least[name] = 2
			if d.Spec.Replicas != nil {
				least[name] = *d.Spec.Replicas
			}
			r := d.Spec.Strategy.RollingUpdate
			if gone, _ := intstr.GetScaledValueFromIntOrPercent(r.MaxUnavailable, 10, false); gone != 0 || r.MaxSurge.String() == "0" {
				t.Errorf("%s: %+v", name, r)
			}
		}
		for name, h := range find[*autoscaling.HorizontalPodAutoscaler](objects) {
			least[name] = *h.Spec.MinReplicas
			if h.Spec.MaxReplicas < least[name] || find[*apps.Deployment](objects)[h.Spec.ScaleTargetRef.Name].Spec.Replicas != nil {
				t.Errorf("%s scales what has a number of its own", name)
			}
		}
		budgets := find[*policy.PodDisruptionBudget](objects)
		for name, n := range least {
			gone, err := intstr.GetScaledValueFromIntOrPercent(budgets[name].Spec.MaxUnavailable, int(n), true)
			if err != nil || gone < 1 || n > 1 && gone >= int(n) {
				t.Errorf("%s: %d of %d may go at once (%v)", name, gone, n, err)
			}
		}
	})
}

// TestPods_SettingsRollOut: a change of settings or of the chart's secrets replaces the pods that read them, and no others.
func TestPods_SettingsRollOut(t *testing.T) {
	templates := func(change func(map[string]any)) map[string]map[string]string {
		v := valueSets(t)["monitored"]
		change(v)
		all := map[string]map[string]string{}
		for component, p := range pods(render(t, v)) {
			all[component] = p.Annotations
		}
		return all
	}
	before := templates(func(map[string]any) {})
	for want, change := range map[string]func(map[string]any){
		"api worker": func(v map[string]any) { v["settings"].(map[string]any)["LOG_LEVEL"] = "warn" },
		"worker": func(v map[string]any) {
			v["worker"].(map[string]any)["settings"] = map[string]any{"WORKER_CONCURRENCY": 8}
		},
		"api": func(v map[string]any) {
			v["api"].(map[string]any)["secrets"].(map[string]any)["VALID_API_KEYS"] = "another"
		},
		"api redis worker": func(v map[string]any) { v["redis"].(map[string]any)["password"] = "another0another0" },
	} {
		after := templates(change)
		var changed []string
		for component := range before {
			if !maps.Equal(before[component], after[component]) {
				changed = append(changed, component)
			}
		}
		slices.Sort(changed)
		if strings.Join(changed, " ") != want {
			t.Errorf("%v, want %s", changed, want)
		}
	}
}

// TestPods_StayOverChartVersions: Redis is not replaced because the chart has another version, only because its own part changed.
func TestPods_StayOverChartVersions(t *testing.T) {
	c := loadChart(t)
	c.Metadata.Version, c.Metadata.AppVersion = "9.9.9", "9.9.9"
	files, err := template(c, valueSets(t)["everything"], "Helm")
	if err != nil {
		t.Fatal(err)
	}
	after, err := split(files)
	if err != nil {
		t.Fatal(err)
	}
	was, is := pods(rendered(t, "everything")), pods(after)
	for _, component := range []string{"redis", "api", "worker"} { // whose images are named in the values
		if diff := cmp.Diff(was[component], is[component]); diff != "" {
			t.Errorf("%s (-before +after):\n%s", component, diff)
		}
	}
}

// TestImages: a digest wins over a tag, and a program's own over that of both.
func TestImages(t *testing.T) {
	const image = "ghcr.io/consolesensei/resource-tracker"
	digest := "@sha256:" + strings.Repeat("a", 64)
	for set, want := range map[string][2]string{"minimal": {":1.0.0", ":1.0.0"}, "everything": {":1.1.0", digest}} {
		objects := rendered(t, set)
		for i, program := range programs {
			if got := container(t, objects, program).Image; got != image+want[i] {
				t.Errorf("%s: %s is %s", set, program, got)
			}
		}
	}
}

// TestRedis_KeepsEverything: what the programs ask of a Redis is set, and memory is left for its copy.
func TestRedis_KeepsEverything(t *testing.T) {
	eachSet(t, func(t *testing.T, objects []object) {
		for _, s := range find[*apps.StatefulSet](objects) {
			conf := find[*core.ConfigMap](objects)[s.Name].Data["redis.conf"]
			for _, line := range []string{"appendonly yes", "maxmemory-policy noeviction", "dir /data"} {
				if !strings.Contains(conf, line+"\n") {
					t.Errorf("%q is not in\n%s", line, conf)
				}
			}
			megabytes := map[string]int64{"512mb": 512, "2gb": 2048}[regexp.MustCompile(`maxmemory (\w+)`).FindStringSubmatch(conf)[1]]
			if limit := s.Spec.Template.Spec.Containers[0].Resources.Limits.Memory().Value() >> 20; megabytes == 0 || limit < megabytes*3/2 {
				t.Errorf("%d MB of %d MB", megabytes, limit)
			}
		}
	})
}
