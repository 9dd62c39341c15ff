package custodian

import (
	"cmp"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/policies/internal/tree"
)

// act is an action that was translated.
type act struct {
	suffix string // of the policy's name, where the policy has several
	member map[string]any
	marks  bool // it is a plan with a grace
}

var report = act{suffix: "report", member: map[string]any{"report": true}}

// defaultMark is the tag that Custodian marks by.
const defaultMark = "maid_status"

// actions translates the actions of a policy; a report where none can be.
func (t *translation) actions(at *tree.Node) ([]act, error) {
	if t.hour != nil {
		return t.scheduled(at)
	}
	if t.mark != nil {
		return t.marked(at)
	}
	var acts []act
	items := []*tree.Node{}
	if at != nil && at.Kind == tree.List {
		items = at.Items
	}
	deletes := slices.ContainsFunc(items, func(a *tree.Node) bool { return name(a) == "delete" })
	for _, a := range items {
		if name(a) == "snapshot" && deletes && t.resource.Type == "EBS_Volume" {
			t.note(a, "action snapshot is part of delete, which takes one first")
			continue
		}
		one, err := t.action(a)
		if err != nil {
			t.note(a, "action %s", err)
			continue
		}
		acts = append(acts, one)
	}
	if len(acts) == 0 {
		if len(items) > 0 {
			t.note(at, "none of its actions is translated: it reports only")
		}
		return []act{report}, nil
	}
	if len(acts) > 1 {
		t.note(at, "has %d actions: each is a policy of its own", len(acts))
	}
	return acts, nil
}

// name is the type of an action.
func name(at *tree.Node) string {
	if at.Kind == tree.Text {
		return at.Text()
	}
	return at.Get("type").Text()
}

func (t *translation) action(at *tree.Node) (act, error) {
	kind := name(at)
	switch kind {
	case "":
		return act{}, cannot(at, "of no type is not translated")
	case "tag", "mark":
		return t.tag(at, kind)
	case "remove-tag", "untag", "unmark":
		return t.untag(at, kind)
	case "mark-for-op":
		return t.markForOp(at)
	case "notify":
		t.note(at, "action notify: the run tells the address in the variable CUSTODIAN_NOTIFY_URL; %s are not translated", strings.Join(members(at), ", "))
		return act{suffix: "notify", member: map[string]any{"notify": map[string]any{"form": "json", "url_env": "CUSTODIAN_NOTIFY_URL"}}}, nil
	case "modify-volume":
		if wanted := at.Get("volume-type").Text(); wanted != "gp3" || len(at.Fields) != 2 || t.resource.Type != "EBS_Volume" {
			return act{}, cannot(at, "modify-volume is translated to the type gp3 only")
		}
		return planOf("to_gp3", nil, nil), nil
	}
	verb, known := t.resource.verbs[kind]
	if !known {
		return act{}, cannot(at, "%s is not translated for this resource", kind)
	}
	params, lift, err := t.options(at, kind, verb)
	if err != nil {
		return act{}, err
	}
	return planOf(verb, params, lift), nil
}

func members(at *tree.Node) []string {
	names := []string{"its contents"}
	for _, f := range at.Fields {
		if f.Key.Text() != "type" {
			names = append(names, f.Key.Text())
		}
	}
	return names
}

func planOf(verb string, params map[string]any, lift []string) act {
	plan := map[string]any{"verb": verb}
	if len(params) > 0 {
		plan["params"] = params
	}
	if len(lift) > 0 {
		plan["lift"] = lift
	}
	return act{suffix: strings.ReplaceAll(verb, "_", "-"), member: map[string]any{"plan": plan}}
}

// options translates what an action is given.
func (t *translation) options(at *tree.Node, kind, verb string) (params map[string]any, lift []string, err error) {
	params = map[string]any{}
	for _, f := range at.Fields {
		v := f.Value
		switch option := f.Key.Text(); {
		case option == "type":
		case kind == "retention" && option == "days":
			params["retention_days"] = v.Value
		case kind == "terminate" && option == "force" && v.Kind == tree.Bool:
			if v.Value == true {
				lift = append(lift, "termination_protection")
			}
		case kind == "delete" && option == "skip-snapshot" && strings.HasPrefix(t.resource.Type, "RDS_") && v.Kind == tree.Bool:
			if v.Value == true {
				params["skip_final_snapshot"] = true
			}
		default:
			return nil, nil, cannot(f.Key, "%s: its option %s is not translated", kind, option)
		}
	}
	if kind == "retention" && params["retention_days"] == nil {
		return nil, nil, cannot(at, "retention without days")
	}
	if verb == "delete" && t.resource.Type == "EBS_Volume" {
		t.note(at, "action delete takes a snapshot of the volume first")
	}
	return params, lift, nil
}

// tag translates the setting of tags, whose values must not be filled in.
func (t *translation) tag(at *tree.Node, kind string) (act, error) {
	set := map[string]any{}
	if tags := at.Get("tags"); tags != nil && tags.Kind == tree.Map {
		for _, f := range tags.Fields {
			set[f.Key.Text()] = f.Value.Text()
		}
	}
	if name := cmp.Or(at.Get("tag").Text(), at.Get("key").Text()); name != "" {
		set[name] = at.Get("value").Text()
	}
	for key, value := range set {
		if strings.ContainsAny(value.(string), "{}") {
			return act{}, cannot(at, "%s: the value of %s is filled in by Custodian", kind, key)
		}
	}
	if len(set) == 0 {
		return act{}, cannot(at, "%s without tags", kind)
	}
	return act{suffix: "tag", member: map[string]any{"tag": map[string]any{"set": set}}}, nil
}

func (t *translation) untag(at *tree.Node, kind string) (act, error) {
	var keys []string
	if tags := at.Get("tags"); tags != nil {
		for _, one := range tags.Items {
			keys = append(keys, one.Text())
		}
	}
	if one := at.Get("tag").Text(); one != "" {
		keys = append(keys, one)
	}
	if len(keys) == 0 && kind == "unmark" {
		keys = []string{defaultMark}
	}
	if len(keys) == 0 {
		return act{}, cannot(at, "%s without tags", kind)
	}
	return act{suffix: "untag", member: map[string]any{"tag": map[string]any{"remove": keys}}}, nil
}
