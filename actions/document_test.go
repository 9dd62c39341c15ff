package actions

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/tracker"
)

var update = flag.Bool("update", false, "rewrite golden files")

const (
	document = "../docs/actions.md"
	preface  = `# Actions

` + "`go test ./actions -run Document -update`" + ` writes this page from the catalogue. A test fails where it differs from it.

An action looks at the live resource first. A **rule** may refuse it: the refusal names the rule, says why, and says what to do about it.
Rules in *italics* can be lifted by naming them in the item's ` + "`lift`" + `; the others always hold. Where lifting a rule means switching a
protection off, a step of its own does so, and only for items that name the rule. Every action has the rule ` + "`wrong_state`" + `: it begins in one
of the states of its column, or in any state where the column is empty. Deleting a resource that does not exist is done already.

A **step** changes something by one call. The call is never repeated where a repetition would change more. Steps in *italics* depend on
parameters or lifted rules. A step that is sent again until it is done says after how long, and after how many calls in a row that bring
nothing on, it is given up. Tags are given up after 10 min, 10 calls.

**Undo** says how a verified action is undone. An action without it cannot be undone. An undo in bold gives back the same resource; schedules
may use these actions for off-hours.

The IAM actions are those of looking, acting and verifying, and of the services that AWS calls on the caller's behalf. Those of KMS are needed
where a key of the account encrypts the resource. The policies allow them through AWS's services only. A look does not tell whether they are
allowed, nor whether the key's own policy allows them.

| type | action | parameters | begins in | steps | rules | undo | IAM actions |
|---|---|---|---|---|---|---|---|
`
	savingPreface = `
## Savings
What an item saves is the monthly cost of its resource as it was seen, less the cost of what the action makes of it. The cost of other resources
that cease to exist with it is added. A finding saves the same as the item that repairs it. A saving is null where one of these costs is not known;
reboots, tags and other changes that are not charged for save 0. What a copy costs that is taken before a deletion is not taken off. The saving of
these actions is never known:

| type | action | because |
|---|---|---|
`
	tagPreface = `
## Tags
` + "`tag`" + ` takes ` + "`tags`" + `, an object of keys and values, and ` + "`remove`" + `, a list of keys to remove. ` + "`untag`" + ` takes ` + "`keys`" + `. Both have the rule
*protect_tag*, which refuses a change that would remove a resource's protection. Undo gives the touched keys the values that they had.

| type | IAM actions of tag | IAM actions of untag |
|---|---|---|
`
	untaggablePreface = `
These types cannot be tagged:

| type | because |
|---|---|
`
)

// TestDocument holds the table of actions to the catalogue.
func TestDocument(t *testing.T) {
	var page bytes.Buffer
	page.WriteString(preface)
	for _, a := range verbs {
		fmt.Fprintf(&page, "| %s | %s | %s | %s | %s | %s | %s | %s |\n", a.Type, wordsOf(a), paramsOf(a), strings.Join(a.From, ", "),
			stepsOf(a), rulesOf(a), undoOf(a), strings.Join(a.declared(), "<br>"))
	}
	page.WriteString(savingPreface)
	for _, a := range verbs {
		if a.Unpriced != "" {
			fmt.Fprintf(&page, "| %s | %s | %s |\n", a.Type, a.Verb, a.Unpriced)
		}
	}
	page.WriteString(tagPreface)
	tagging := tagActions()
	slices.SortFunc(tagging, compare)
	for pair := range slices.Chunk(tagging, 2) {
		fmt.Fprintf(&page, "| %s | %s | %s |\n", pair[0].Type, strings.Join(pair[0].declared(), "<br>"), strings.Join(pair[1].declared(), "<br>"))
	}
	page.WriteString(untaggablePreface)
	why := untaggable()
	types := make([]tracker.Type, 0, len(why))
	for t := range why {
		types = append(types, t)
	}
	slices.Sort(types)
	for _, t := range types {
		fmt.Fprintf(&page, "| %s | %s |\n", t, why[t])
	}
	if *update {
		if err := os.WriteFile(document, page.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(string(want), page.String()); diff != "" {
		t.Errorf("%s (-file +catalogue; -update writes it):\n%s", document, diff)
	}
}

func wordsOf(a Action) string {
	if len(a.Aliases) == 0 {
		return a.Verb
	}
	return a.Verb + " (or " + strings.Join(a.Aliases, ", ") + ")"
}

func paramsOf(a Action) string {
	var all []string
	for _, p := range a.Params {
		s := "`" + p.Name + "` " + p.Kind
		if p.Max > 0 {
			s += fmt.Sprintf(" %d–%d", p.Min, p.Max)
		}
		if len(p.Enum) > 0 {
			s += " of " + strings.Join(p.Enum, " ")
		}
		if p.Required {
			s += ", required"
		}
		all = append(all, s+": "+p.Doc)
	}
	return strings.Join(all, "<br>")
}

func stepsOf(a Action) string {
	var all []string
	for _, s := range a.steps {
		if s.when != nil {
			s.Name = "*" + s.Name + "*"
		}
		if s.Repeatable() {
			s.Name += fmt.Sprintf(" (%.0f min, %d calls)", s.Repeats.For.Minutes(), s.Repeats.Idle)
		}
		all = append(all, s.Name)
	}
	return strings.Join(all, ", ")
}

func rulesOf(a Action) string {
	rules, liftable := a.Rules()
	for i, r := range rules {
		if slices.Contains(liftable, r) {
			rules[i] = "*" + r + "*"
		}
	}
	return strings.Join(slices.DeleteFunc(rules, func(r string) bool { return r == ruleWrongState }), "<br>")
}

func undoOf(a Action) string {
	if a.Reversible {
		return "**" + a.Undo + "**"
	}
	return a.Undo
}

// untaggable is Untaggable and the types that nobody has said anything of yet.
func untaggable() map[tracker.Type]string {
	why, taggable := Untaggable(), map[tracker.Type]bool{}
	for _, a := range tagActions() {
		taggable[a.Type] = true
	}
	for _, s := range scanners.Catalog {
		if !taggable[s.Type] && why[s.Type] == "" {
			why[s.Type] = "there is no verb for it yet"
		}
	}
	return why
}

// TestTaggable: what is taggable, or not for a reason, is a type of scans, and not both.
func TestTaggable(t *testing.T) {
	var known []tracker.Type
	for _, a := range tagActions() {
		if a.Verb == verbTag {
			known = append(known, a.Type)
		}
	}
	known = slices.AppendSeq(known, maps.Keys(Untaggable()))
	slices.Sort(known)
	for i, typ := range known {
		if _, ok := scanners.Find(typ); !ok || i > 0 && typ == known[i-1] {
			t.Errorf("%s is no type of scans, or here twice", typ)
		}
	}
}
