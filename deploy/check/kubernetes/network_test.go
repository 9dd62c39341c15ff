package kubernetes

import (
	"net/netip"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	networking "k8s.io/api/networking/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// place is what connects and is connected to: a pod, or an address outside of the cluster.
type place struct {
	name      string
	namespace string
	labels    map[string]string
	addr      netip.Addr
}

// others are places that are not of the chart.
var others = []place{
	{name: "dns", namespace: "kube-system", labels: map[string]string{"k8s-app": "kube-dns"}},
	{name: "prometheus", namespace: "monitoring", labels: map[string]string{"app": "prometheus"}},
	{name: "ingress", namespace: "ingress-nginx", labels: map[string]string{"app": "ingress-nginx"}},
	{name: "neighbour", namespace: "resource-tracker", labels: map[string]string{"app": "other"}},
	{name: "stranger", namespace: "default", labels: map[string]string{"app": "other"}},
	{name: "dns-cache", addr: netip.MustParseAddr("169.254.20.10")},
	{name: "aws", addr: netip.MustParseAddr("52.94.76.1")},
	{name: "aws6", addr: netip.MustParseAddr("2600:1f01::1")},
	{name: "endpoint", addr: netip.MustParseAddr("10.1.2.3")},
	{name: "issuer", addr: netip.MustParseAddr("203.0.113.7")},
	{name: "database", addr: netip.MustParseAddr("203.0.113.8")},
	{name: "metadata", addr: netip.MustParseAddr("169.254.169.254")},
	{name: "metadata6", addr: netip.MustParseAddr("fd00:ec2::254")},
	{name: "agent", addr: netip.MustParseAddr("169.254.170.23")},
	{name: "agent6", addr: netip.MustParseAddr("fd00:ec2::23")},
}

var ports = []int32{22, 25, 53, 80, 443, 4318, 5000, 5432, 6379, 8443, 9090}

// matches reports whether a peer of a policy is a place.
func matches(t *testing.T, peer networking.NetworkPolicyPeer, p place) bool {
	t.Helper()
	if peer.IPBlock != nil {
		block := netip.MustParsePrefix(peer.IPBlock.CIDR)
		in := p.addr.IsValid() && block.Contains(p.addr)
		return in && !slices.ContainsFunc(peer.IPBlock.Except, func(e string) bool { return netip.MustParsePrefix(e).Contains(p.addr) })
	}
	if p.addr.IsValid() {
		return false
	}
	if peer.NamespaceSelector == nil && p.namespace != "resource-tracker" {
		return false
	}
	return takes(t, peer.NamespaceSelector, map[string]string{"kubernetes.io/metadata.name": p.namespace}) && takes(t, peer.PodSelector, p.labels)
}

// takes reports whether a selector takes labels; none takes all.
func takes(t *testing.T, selector *meta.LabelSelector, set map[string]string) bool {
	t.Helper()
	if selector == nil {
		return true
	}
	s, err := meta.LabelSelectorAsSelector(selector)
	if err != nil {
		t.Fatal(err)
	}
	return s.Matches(labels.Set(set))
}

// allows reports whether a rule of a policy, of peers and ports, takes a place and a port.
func allows(t *testing.T, peers []networking.NetworkPolicyPeer, list []networking.NetworkPolicyPort, p place, port int32) bool {
	t.Helper()
	at := slices.ContainsFunc(list, func(l networking.NetworkPolicyPort) bool { return l.Port.IntVal == port })
	return (len(list) == 0 || at) && (len(peers) == 0 || slices.ContainsFunc(peers, func(peer networking.NetworkPolicyPeer) bool { return matches(t, peer, p) }))
}

// flows are the connections that policies let pass, as "from > to:port". What no policy selects, everything passes.
func flows(t *testing.T, objects []object) []string {
	t.Helper()
	policies := find[*networking.NetworkPolicy](objects)
	places := slices.Clone(others)
	for component, p := range pods(objects) {
		places = append(places, place{name: component, namespace: "resource-tracker", labels: p.Labels})
	}
	passes := func(of, peer place, port int32, way networking.PolicyType) bool {
		under := false
		for _, p := range policies {
			if of.namespace != "resource-tracker" || !takes(t, &p.Spec.PodSelector, of.labels) || !slices.Contains(p.Spec.PolicyTypes, way) {
				continue
			}
			under = true
			for _, r := range p.Spec.Egress {
				if way == networking.PolicyTypeEgress && allows(t, r.To, r.Ports, peer, port) {
					return true
				}
			}
			for _, r := range p.Spec.Ingress {
				if way == networking.PolicyTypeIngress && allows(t, r.From, r.Ports, peer, port) {
					return true
				}
			}
		}
		return !under
	}
	ours := func(p place) bool { return p.labels["app.kubernetes.io/component"] != "" }
	var all []string
	for _, from := range places {
		for _, to := range places {
			for _, port := range ports {
				if from.name != to.name && (ours(from) || ours(to)) && passes(from, to, port, networking.PolicyTypeEgress) && passes(to, from, port, networking.PolicyTypeIngress) {
					all = append(all, from.name+" > "+to.name+":"+strconv.Itoa(int(port)))
				}
			}
		}
	}
	slices.Sort(all)
	return all
}

// TestNetwork walks every way between pods, neighbours and addresses: these are open, and no others.
func TestNetwork(t *testing.T) {
	names := []string{"api > dns:53", "worker > dns:53", "test > dns:53"}
	https := []string{
		"worker > aws:443", "worker > aws:8443", "worker > aws6:443", "worker > aws6:8443",
		"worker > endpoint:443", "worker > endpoint:8443", "worker > issuer:443", "worker > issuer:8443", "worker > database:443", "worker > database:8443",
	}
	bundled := []string{"api > redis:6379", "worker > redis:6379"}
	test := []string{"test > api:5000"}
	for set, want := range map[string][][]string{
		"minimal":        {names, https, bundled, test},
		"external-redis": {names, https, test, {"api > endpoint:6379", "worker > endpoint:6379"}},
		"monitored": {names, https, bundled, test, {
			"prometheus > api:5000", "prometheus > worker:9090", "worker > agent:80", "worker > agent6:80",
		}},
		"everything": {https, bundled, test, {
			"api > dns-cache:53", "worker > dns-cache:53", "test > dns-cache:53", "ingress > api:5000",
			"prometheus > api:5000", "prometheus > worker:9090", "api > issuer:443", "worker > prometheus:4318",
			"api > database:5432", "worker > database:5432", "migration > database:5432", "migration > dns-cache:53",
		}},
	} {
		all := slices.Concat(want...)
		slices.Sort(all)
		if diff := cmp.Diff(all, flows(t, rendered(t, set))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", set, diff)
		}
	}
}

// TestNetwork_Off: without policies the cluster's own hold.
func TestNetwork_Off(t *testing.T) {
	v := valueSets(t)["minimal"]
	v["networkPolicy"] = map[string]any{"enabled": false}
	if found := find[*networking.NetworkPolicy](render(t, v)); len(found) != 0 {
		t.Errorf("%d policies", len(found))
	}
}
