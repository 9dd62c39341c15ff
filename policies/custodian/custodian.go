// Package custodian translates files of Cloud Custodian into files of policies, as far as the two can say the
// same, and lists with its line whatever it cannot translate. It fails closed: a policy with a filter that cannot
// be translated is left out, never translated into one that selects more. An action that cannot be
// translated leaves its policy a report.
package custodian

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/policies/internal/tree"
)

// Import is what became of a file.
type Import struct {
	Policies []Policy
	// Notes say what is not translated or not the same, in the order of the file.
	Notes []Note
}

// Note says what of a policy is not translated, or not the same.
type Note struct {
	Line    int
	Policy  string
	LeftOut bool // the whole policy is
	Message string
}

func (n Note) String() string { return fmt.Sprintf("line %d: %s", n.Line, n.Text()) }

// Text is the note without its line.
func (n Note) Text() string {
	if n.LeftOut {
		return n.Policy + " is left out: " + n.Message
	}
	return n.Policy + ": " + n.Message
}

// Policy is one that was translated, as the file of policies has it.
type Policy struct {
	Name        string
	From        string // what Custodian's is called
	Line        int
	Description string
	Types       []string
	Regions     []string
	Filter      string
	Rule        string
	MaxItems    int
	MaxPercent  int

	Action map[string]any // the member of the policy, such as {"plan": {…}}
}

// Error is what makes a file none of Custodian's.
type Error = tree.Error

// unable says why something cannot be translated.
type unable struct {
	line    int
	message string
}

func (u *unable) Error() string { return u.message }

func cannot(at *tree.Node, format string, args ...any) error {
	return &unable{at.Line, fmt.Sprintf(format, args...)}
}

// importer translates one file.
type importer struct {
	out   Import
	names map[string]bool
	// waits are the marks that policies of the file set, by resource, tag and verb, and the policies that do.
	waits map[string]string
}

// Read translates a file. Its errors are *Error.
func Read(data []byte) (*Import, error) {
	root, err := tree.Read(data)
	if err != nil {
		return nil, err
	}
	list := root.Get("policies")
	if list == nil || list.Kind != tree.List {
		return nil, &Error{Line: root.Line, Column: root.Column, Message: "no file of Cloud Custodian: it has no list of policies"}
	}
	im := &importer{names: map[string]bool{}, waits: map[string]string{}}
	for _, f := range root.Fields {
		if key := f.Key.Text(); key != "policies" && key != "vars" {
			im.note(f.Key.Line, "the file", "%s is not translated", key)
		}
	}
	for _, p := range list.Items {
		im.marks(p)
	}
	for _, p := range list.Items {
		im.policy(p)
	}
	slices.SortStableFunc(im.out.Notes, func(a, b Note) int { return cmp.Compare(a.Line, b.Line) })
	return &im.out, nil
}

func (im *importer) note(line int, policy, format string, args ...any) {
	im.out.Notes = append(im.out.Notes, Note{line, policy, false, fmt.Sprintf(format, args...)})
}

// policy translates one policy, or notes why not.
func (im *importer) policy(at *tree.Node) {
	name := at.Get("name").Text()
	made, err := im.translate(at, name)
	if err != nil {
		line := at.Line
		if u, ok := errors.AsType[*unable](err); ok {
			line = u.line
		}
		im.out.Notes = append(im.out.Notes, Note{line, cmp.Or(name, "a policy without a name"), true, err.Error()})
		return
	}
	im.out.Policies = append(im.out.Policies, made...)
}

// translation is what is known of one policy while it is translated.
type translation struct {
	im       *importer
	name     string
	kind     string // what Custodian calls the resource
	resource *resource
	notes    []Note
	rule     string
	mark     *tree.Node // the filter marked-for-op, where it stands alone
	hour     *hour      // offhour or onhour
	// unmarked are the conditions that what the policy marks has no mark yet, and dropped those of them that
	// were met: a plan with a grace has to go without.
	unmarked []string
	dropped  []string
	regions  []string
	items    int
	percent  int
}

func (t *translation) note(at *tree.Node, format string, args ...any) {
	t.notes = append(t.notes, Note{at.Line, t.name, false, fmt.Sprintf(format, args...)})
}

func (im *importer) translate(at *tree.Node, name string) ([]Policy, error) {
	if at.Kind != tree.Map || name == "" {
		return nil, cannot(at, "it has no name")
	}
	kind := strings.TrimPrefix(at.Get("resource").Text(), "aws.")
	if kind == "" {
		return nil, cannot(at, "it names no resource")
	}
	known, ok := resources[kind]
	if !ok {
		return nil, cannot(at.Get("resource"), "resource %s is not known here; known are %s", kind, strings.Join(ResourceNames(), ", "))
	}
	t := &translation{im: im, name: name, kind: kind, resource: &known}
	if err := t.head(at); err != nil {
		return nil, err
	}
	t.willMark(at.Get("actions"))
	text, err := t.filters(at.Get("filters"))
	if err != nil {
		return nil, err
	}
	base := Policy{
		From: name, Line: at.Line, Description: cmp.Or(at.Get("description").Text(), at.Get("comment").Text(), at.Get("comments").Text()),
		Types: []string{known.Type}, Regions: t.regions, Rule: t.rule, MaxItems: t.items, MaxPercent: t.percent,
	}
	acts, err := t.actions(at.Get("actions"))
	if err != nil {
		return nil, err
	}
	var made []Policy
	for i, a := range acts {
		one := base
		suffix := ""
		if i > 0 {
			suffix = "-" + a.suffix
		}
		written := all(known.only, text)
		if !a.marks {
			written = all(append([]string{written}, t.dropped...)...)
		}
		f, err := filter.Parse(written)
		if err != nil {
			return nil, cannot(at, "its filters: %s", err)
		}
		one.Name, one.Action, one.Filter = im.called(name, suffix), a.member, f.String()
		made = append(made, one)
	}
	im.out.Notes = append(im.out.Notes, t.notes...)
	return made, nil
}

// called is the name of a policy here: Custodian's, as far as names may have it, and no other's.
func (im *importer) called(name, suffix string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, name)
	plain = cmp.Or(strings.Trim(plain, "-"), "policy")
	const longest = 63
	for n := 1; ; n++ {
		end := suffix
		if n > 1 {
			end += fmt.Sprintf("-%d", n)
		}
		unique := strings.TrimRight(plain[:min(len(plain), longest-len(end))], "-") + end
		if !im.names[unique] {
			im.names[unique] = true
			return unique
		}
	}
}

// head translates what a policy has beside filters and actions. What is not known may restrict it.
func (t *translation) head(at *tree.Node) error {
	for _, f := range at.Fields {
		v := f.Value
		switch key := f.Key.Text(); key {
		case "name", "resource", "filters", "actions", "description", "comment", "comments":
		case "title", "metadata", "tags", "vars":
			t.note(f.Key, "%s is not translated: it describes the policy only", key)
		case "mode":
			t.note(f.Key, "mode is not translated: run the file by CI or cron in place of %s", cmp.Or(v.Get("type").Text(), "it"))
		case "region":
			t.regions = []string{v.Text()}
		case "max-resources":
			n, ok := v.Value.(int64)
			if !ok || n < 1 {
				return cannot(v, "max-resources is translated as a number only")
			}
			t.items = int(n)
		case "max-resources-percent":
			n, ok := number(v)
			if !ok || n < 1 {
				return cannot(v, "max-resources-percent is translated from 1 on only")
			}
			t.percent = min(int(n), 100)
		default:
			return cannot(f.Key, "%s is not translated, and may restrict the policy", key)
		}
	}
	return nil
}

// all joins conditions that must all hold; empty ones do not count.
func all(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}

// ResourceNames are the resources of Custodian that are translated, sorted.
func ResourceNames() []string {
	var names []string
	for name := range resources {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// TypeOf is the type that a resource of Custodian is here.
func TypeOf(name string) string { return resources[name].Type }
