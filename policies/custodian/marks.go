package custodian

import (
	"cmp"
	"strings"

	"github.com/consolesensei/resource-tracker/policies/internal/tree"
)

// Custodian marks in one policy and acts in another, which it tells what to act on by the filter
// marked-for-op. Here a plan with a grace does both, and takes marks away from what matches no longer.

// markKey tells marks apart.
func markKey(kind, tag, op string) string {
	return strings.Join([]string{kind, cmp.Or(tag, defaultMark), op}, "\n")
}

// marks notes which marks a policy of the file sets.
func (im *importer) marks(at *tree.Node) {
	actions := at.Get("actions")
	if actions == nil {
		return
	}
	for _, a := range actions.Items {
		if name(a) == "mark-for-op" {
			kind := strings.TrimPrefix(at.Get("resource").Text(), "aws.")
			im.waits[markKey(kind, a.Get("tag").Text(), a.Get("op").Text())] = at.Get("name").Text()
		}
	}
}

// willMark notes which marks the policy itself sets.
func (t *translation) willMark(actions *tree.Node) {
	if actions == nil {
		return
	}
	for _, a := range actions.Items {
		if name(a) == "mark-for-op" {
			t.unmarked = append(t.unmarked, "tag:"+quote(cmp.Or(a.Get("tag").Text(), defaultMark))+"!")
		}
	}
}

// markForOp is a plan of the verb that is marked for, with a grace.
func (t *translation) markForOp(at *tree.Node) (act, error) {
	for _, f := range at.Fields {
		switch option := f.Key.Text(); option {
		case "type", "op", "days", "tag":
		case "msg", "message", "tz":
			t.note(f.Key, "action mark-for-op: %s is not translated", option)
		default:
			return act{}, cannot(f.Key, "mark-for-op: its option %s is not translated", option)
		}
	}
	op := at.Get("op").Text()
	verb, known := t.resource.verbs[op]
	if !known {
		return act{}, cannot(at, "mark-for-op: %s is not translated for this resource", op)
	}
	days := int64(4) // Custodian's own
	if v := at.Get("days"); v != nil {
		var whole bool
		if days, whole = v.Value.(int64); !whole || days < 1 {
			return act{}, cannot(at, "mark-for-op: days are translated as whole days from 1 on")
		}
	}
	made := planOf(verb, nil, nil)
	grace := map[string]any{"days": days, "tag": cmp.Or(at.Get("tag").Text(), defaultMark)}
	made.marks = true
	made.member["plan"].(map[string]any)["grace"] = grace
	return made, nil
}

// marked translates a policy that acts on what another has marked: it is part of that one's plan.
func (t *translation) marked(at *tree.Node) ([]act, error) {
	op := t.mark.Get("op").Text()
	by, known := t.im.waits[markKey(t.kind, t.mark.Get("tag").Text(), op)]
	if !known {
		return nil, cannot(t.mark, "marked-for-op %s: no policy of the file marks for it", op)
	}
	if at == nil {
		return nil, cannot(t.mark, "marked-for-op without actions")
	}
	for _, a := range at.Items {
		if name(a) != op {
			return nil, cannot(a, "marked-for-op %s: its action %s is another", op, name(a))
		}
	}
	return nil, cannot(t.mark, "it is part of the plan of policy %s, which carries %s out when its days have passed and it still matches", by, op)
}
