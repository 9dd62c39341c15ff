package kubernetes

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// operatorsObjects are the objects that the sets of values name and somebody else makes.
var operatorsObjects = []string{
	"secret/resource-tracker", "secret/shared", "secret/api-only", "secret/redis-password", "secret/owner-of-tables", "secret/operator-key", "secret/registry", "secret/tracker-tls",
	"configmap/authorities", "serviceaccount/workers", "serviceaccount/",
}

// pods returns the pods of a rendering by their component.
func pods(objects []object) map[string]core.PodTemplateSpec {
	all := map[string]core.PodTemplateSpec{}
	add := func(p core.PodTemplateSpec) { all[p.Labels["app.kubernetes.io/component"]] = p }
	for _, d := range find[*apps.Deployment](objects) {
		add(d.Spec.Template)
	}
	for _, s := range find[*apps.StatefulSet](objects) {
		add(s.Spec.Template)
	}
	for _, j := range find[*batch.Job](objects) {
		add(j.Spec.Template)
	}
	for _, p := range find[*core.Pod](objects) {
		add(core.PodTemplateSpec{ObjectMeta: p.ObjectMeta, Spec: p.Spec})
	}
	return all
}

// selected are the components whose pods a selector takes.
func selected(objects []object, s map[string]string) []string {
	var found []string
	for component, p := range pods(objects) {
		if labels.SelectorFromSet(s).Matches(labels.Set(p.Labels)) {
			found = append(found, component)
		}
	}
	slices.Sort(found)
	return found
}

// TestSelectors: whatever selects pods selects those of one component, which is its own.
func TestSelectors(t *testing.T) {
	eachSet(t, func(t *testing.T, objects []object) {
		takes := func(what string, selector map[string]string, want ...string) {
			t.Helper()
			if got := selected(objects, selector); len(selector) == 0 || !slices.Equal(got, want) {
				t.Errorf("%s selects %v, want %v", what, got, want)
			}
		}
		component := func(o meta.ObjectMeta) string { return o.Labels["app.kubernetes.io/component"] }
		for name, d := range find[*apps.Deployment](objects) {
			takes("deployment "+name, d.Spec.Selector.MatchLabels, component(d.ObjectMeta))
			for _, c := range d.Spec.Template.Spec.TopologySpreadConstraints {
				if len(c.LabelSelector.MatchLabels) == 0 {
					t.Errorf("%s spreads over nothing", name)
				}
			}
		}
		for name, s := range find[*apps.StatefulSet](objects) {
			takes("statefulset "+name, s.Spec.Selector.MatchLabels, component(s.ObjectMeta))
			if find[*core.Service](objects)[s.Spec.ServiceName] == nil {
				t.Errorf("%s has no Service %s", name, s.Spec.ServiceName)
			}
		}
		for name, s := range find[*core.Service](objects) {
			takes("service "+name, s.Spec.Selector, component(s.ObjectMeta))
			for _, port := range s.Spec.Ports {
				c := pods(objects)[component(s.ObjectMeta)].Spec.Containers[0]
				if !slices.ContainsFunc(c.Ports, func(p core.ContainerPort) bool { return p.Name == port.TargetPort.StrVal }) {
					t.Errorf("service %s leads to the port %s, which %s has not", name, port.TargetPort.String(), c.Name)
				}
			}
		}
		for name, p := range find[*policy.PodDisruptionBudget](objects) {
			takes("budget "+name, p.Spec.Selector.MatchLabels, component(p.ObjectMeta))
		}
		for name, p := range find[*networking.NetworkPolicy](objects) {
			if component(p.ObjectMeta) != "all" {
				takes("policy "+name, p.Spec.PodSelector.MatchLabels, component(p.ObjectMeta))
			}
		}
		for _, o := range objects {
			selector := map[string]string{}
			for key, value := range field[map[string]any](o.Raw, "spec", "selector", "matchLabels") {
				selector[key] = fmt.Sprint(value)
			}
			switch o.Kind {
			case "PodMonitor":
				takes("monitor", selector, "worker")
			case "ServiceMonitor":
				var found []string
				for name, s := range find[*core.Service](objects) {
					if labels.SelectorFromSet(selector).Matches(labels.Set(s.Labels)) {
						found = append(found, name)
					}
				}
				if len(found) != 1 || !strings.HasSuffix(found[0], "-api") {
					t.Errorf("the ServiceMonitor selects %v", found)
				}
			}
		}
	})
}

// TestReferences: everything that is named is there, or is the operator's.
func TestReferences(t *testing.T) {
	eachSet(t, func(t *testing.T, objects []object) {
		there := map[string]bool{}
		for _, o := range objects {
			there[strings.ToLower(o.Kind)+"/"+o.Name] = true
		}
		needs := func(who, kind, name string) {
			t.Helper()
			if id := kind + "/" + name; !there[id] && !slices.Contains(operatorsObjects, id) {
				t.Errorf("%s names %s, which there is not", who, id)
			}
		}
		for component, p := range pods(objects) {
			needs(component, "serviceaccount", p.Spec.ServiceAccountName)
			for _, s := range p.Spec.ImagePullSecrets {
				needs(component, "secret", s.Name)
			}
			mounted := map[string]bool{}
			for _, v := range p.Spec.Volumes {
				mounted[v.Name] = true
				if v.ConfigMap != nil {
					needs(component, "configmap", v.ConfigMap.Name)
				}
			}
			for _, s := range find[*apps.StatefulSet](objects) {
				for _, c := range s.Spec.VolumeClaimTemplates {
					mounted[c.Name] = mounted[c.Name] || component == "redis"
				}
			}
			for _, c := range p.Spec.Containers {
				for _, from := range c.EnvFrom {
					needs(component, "configmap", from.ConfigMapRef.Name)
				}
				for _, e := range c.Env {
					if e.ValueFrom != nil {
						needs(component, "secret", e.ValueFrom.SecretKeyRef.Name)
					}
				}
				for _, m := range c.VolumeMounts {
					if !mounted[m.Name] {
						t.Errorf("%s mounts %s, which is no volume", component, m.Name)
					}
				}
			}
		}
		for name, h := range find[*autoscaling.HorizontalPodAutoscaler](objects) {
			needs(name, strings.ToLower(h.Spec.ScaleTargetRef.Kind), h.Spec.ScaleTargetRef.Name)
		}
		for name, i := range find[*networking.Ingress](objects) {
			for _, r := range i.Spec.Rules {
				needs(name, "service", r.HTTP.Paths[0].Backend.Service.Name)
			}
			for _, tls := range i.Spec.TLS {
				needs(name, "secret", tls.SecretName)
			}
		}
		for _, o := range objects {
			switch o.Kind {
			case "ScaledObject":
				needs(o.Name, "deployment", field[string](o.Raw, "spec", "scaleTargetRef", "name"))
			case "HTTPRoute":
				rule := field[[]any](o.Raw, "spec", "rules")[0].(map[string]any)
				needs(o.Name, "service", field[string](rule["backendRefs"].([]any)[0].(map[string]any), "name"))
			case "ServiceMonitor":
				endpoint := field[[]any](o.Raw, "spec", "endpoints")[0].(map[string]any)
				needs(o.Name, "secret", field[string](endpoint, "basicAuth", "password", "name"))
			}
		}
	})
}
