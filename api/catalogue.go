package api

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/internal/spelling"
	"github.com/consolesensei/resource-tracker/tracker"
)

// knownRegion is the form of AWS's region names, from us-east-1 to
// us-gov-west-1 and eusc-de-east-1. Whether an account has a region is for the
// scan to find out.
var knownRegion = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$`)

const notARegion = "not a region name such as eu-west-1"

// compass is how the names of AWS's regions end.
var compass = regexp.MustCompile(`-(north|south|east|west|central|northeast|northwest|southeast|southwest)-\d{1,2}$`)

// possibleRegion reports whether AWS has such a region, or may have opened it since
// the list was made: asking AWS for it then shows whether it has.
func possibleRegion(r string) bool {
	return slices.Contains(tracker.Regions(), r) || compass.MatchString(r)
}

// refuseRegion says what is wrong with a region's name, or nothing.
func refuseRegion(r string, allowed func(string) bool) string {
	switch {
	case !knownRegion.MatchString(r):
		return notARegion
	case allowed(r):
		return ""
	}
	if near := spelling.Nearest(r, slices.Values(tracker.Regions())); near != "" {
		return "unknown region; did you mean " + near + "?"
	}
	return "unknown region"
}

// catalogue is the types that can be scanned, sorted.
type catalogue []tracker.TypeInfo

func newCatalogue(types []tracker.TypeInfo) catalogue {
	c := make(catalogue, len(types))
	for i, t := range types {
		t.Permissions = append([]string{}, t.Permissions...)
		t.Verbs = append([]string{}, t.Verbs...)
		t.Details = slices.Clone(t.Details)
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

// doubtService says what a service's name in a filter was probably meant to be,
// or nothing: Other resources are of services that the catalogue does not have.
func (c catalogue) doubtService(service string) string {
	msg := c.refuseService(service)
	if !strings.Contains(msg, "did you mean") {
		return ""
	}
	return msg
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
