package policies

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/filter"
)

// mark is the tag by which resources wait for the days of grace to pass. Its value names the verb and the
// day: stop@2026-12-04. The state is on the resource itself, where its owner sees it. It survives the loss of
// the server's data, and no resource is marked twice.
type mark struct {
	tag  string
	verb string
	days int
}

const day = "2006-01-02"

func markOf(p *Policy) mark {
	return mark{cmp.Or(p.Plan.Grace.Tag, "resource-tracker:due:"+p.Name), p.Plan.Verb, p.Plan.Grace.Days}
}

// marked is the end of a mark's value. Cloud Custodian writes words before it, and slashes.
var marked = regexp.MustCompile(`(?:^|[\s:])([a-z_-]+)@(\d{4})[-/](\d{2})[-/](\d{2})$`)

// due is the day that a mark names. A mark of another verb is none.
func (m mark) due(value string) (at time.Time, ok bool) {
	parts := marked.FindStringSubmatch(value)
	if parts == nil || parts[1] != m.verb {
		return at, false
	}
	at, err := time.Parse(day, strings.Join(parts[2:], "-"))
	return at, err == nil
}

// value is the mark of today.
func (m mark) value(now time.Time) string {
	return m.verb + "@" + now.UTC().AddDate(0, 0, m.days).Format(day)
}

// grace marks what matches and is not marked, carries the verb out on what matches and whose day has come,
// and takes the mark from what matches no longer.
func (r *run) grace(ctx context.Context, p *Policy, result *Result) error {
	now := r.Now()
	var fresh, due []Match
	waiting := 0
	for i := range result.Resources {
		m := &result.Resources[i]
		at, ok := p.mark.due(m.tags[p.mark.tag])
		switch {
		case !ok:
			fresh = append(fresh, *m)
			m.Due = now.UTC().AddDate(0, 0, p.mark.days).Format(day)
			if m.tags[p.mark.tag] != "" {
				m.Note = fmt.Sprintf("the tag %s holds no mark to %s: it is written anew", p.mark.tag, p.mark.verb)
			}
		case at.After(now):
			waiting++
			m.Due = at.Format(day)
		default:
			due = append(due, *m)
			m.Due = at.Format(day)
		}
	}
	lapsed, err := r.lapsed(ctx, p, result)
	if err != nil {
		return err
	}
	untagged := wish{phase: "unmark", verb: untagVerb, params: map[string]any{"keys": []string{p.mark.tag}}, resources: lapsed}
	tagged := wish{phase: "mark", verb: tagVerb, params: map[string]any{"tags": map[string]string{p.mark.tag: p.mark.value(now)}}, resources: fresh}
	if err := r.carryOut(ctx, p, result, untagged, tagged, p.wish(due)); err != nil {
		return err
	}
	switch {
	case result.State == "" && waiting > 0:
		result.settle(StateWaiting, "%d resources wait for their day", waiting)
	case result.State == "":
		result.settle(StateClean, "")
	case result.Message == "" && waiting+len(fresh) > 0:
		result.Message = fmt.Sprintf("%d marked now, %d wait for their day, %d due, %d match no longer", len(fresh), waiting, len(due), len(lapsed))
	}
	return nil
}

// lapsed are resources with the mark that the policy does not select any more. Of what could not be seen in
// full nobody knows.
func (r *run) lapsed(ctx context.Context, p *Policy, result *Result) ([]Match, error) {
	if len(result.Incomplete) > 0 || result.Matched > len(result.Resources) {
		return nil, nil
	}
	selected := map[string]bool{}
	for _, m := range result.Resources {
		selected[m.key()] = true
	}
	carries, err := filter.Parse(`{"tag": {"key": "` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(p.mark.tag) + `"}}`)
	if err != nil {
		return nil, err
	}
	var lapsed []Match
	err = r.each(ctx, filter.All(r.scope(p), carries), func(resource client.Resource) {
		m := matchOf(resource)
		_, ours := p.mark.due(m.tags[p.mark.tag])
		if ours && !selected[m.key()] && len(lapsed) < maxListed && r.catalogue.verb(m.ResourceType, untagVerb) != nil {
			lapsed = append(lapsed, m)
		}
	})
	return lapsed, err
}
