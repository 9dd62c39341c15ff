package api

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"

	"github.com/consolesensei/resource-tracker/internal/spelling"
	"github.com/consolesensei/resource-tracker/tracker"
)

// knownRegion is the form of AWS's region names, from us-east-1 to
// us-gov-west-1 and eusc-de-east-1. Whether an account has a region is for the
// scan to find out.
var knownRegion = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$`)

const notARegion = "not a region name such as eu-west-1"

// catalogue is the types that can be scanned, sorted.
type catalogue []tracker.TypeInfo

func newCatalogue(types []tracker.TypeInfo) catalogue {
	c := make(catalogue, len(types))
	for i, t := range types {
		t.Permissions = append([]string{}, t.Permissions...)
		t.Verbs = append([]string{}, t.Verbs...)
		c[i] = t
	}
	slices.SortFunc(c, func(a, b tracker.TypeInfo) int { return cmp.Compare(a.Type, b.Type) })
	return c
}

// refuse says what is wrong with a type's name, or nothing. It does not repeat
// the name.
func (c catalogue) refuse(t tracker.Type) string {
	if slices.ContainsFunc(c, func(i tracker.TypeInfo) bool { return i.Type == t }) {
		return ""
	}
	names := make([]string, len(c))
	for i, known := range c {
		names[i] = string(known.Type)
	}
	return unknown("resource type", string(t), names)
}

// refuseService says what is wrong with a service's name, or nothing.
func (c catalogue) refuseService(service string) string {
	names := make([]string, len(c))
	for i, known := range c {
		names[i] = known.Service
	}
	if slices.Contains(names, service) {
		return ""
	}
	return unknown("service", service, names)
}

// service returns the service of a type, which an older result may have and the
// catalogue no longer.
func (c catalogue) service(t tracker.Type) string {
	if i := slices.IndexFunc(c, func(i tracker.TypeInfo) bool { return i.Type == t }); i >= 0 {
		return c[i].Service
	}
	return "unknown"
}

// of returns the types of services.
func (c catalogue) of(services []string) []tracker.Type {
	var types []tracker.Type
	for _, i := range c {
		if slices.Contains(services, i.Service) {
			types = append(types, i.Type)
		}
	}
	return types
}

func unknown(kind, name string, known []string) string {
	if near := spelling.Nearest(name, slices.Values(known)); near != "" {
		return fmt.Sprintf("unknown %s; did you mean %s?", kind, near)
	}
	return "unknown " + kind + "; GET " + typesPath + " lists them"
}
