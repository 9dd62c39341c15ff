package plans

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// place is what a Ref is within a region.
type place struct {
	tracker.Ref
	region string
}

// arrange orders the items by what they depend on, and drops the refusals that
// other items of the plan clear. order lists what is to be carried out.
func (w *Worker) arrange(items []store.Looked) (frozen []store.FrozenItem, order []int) {
	at := map[place]int{}
	destroys := make([]bool, len(items))
	for i, it := range items {
		info, _ := w.action(it.ActionItem)
		destroys[i] = info.Destroys
		key := place{tracker.Ref{Type: it.Type, ID: it.ResourceID}, it.Region}
		if _, ok := at[key]; !ok || info.Destroys {
			at[key] = i
		}
	}
	find := func(i int, r tracker.Ref) (int, bool) {
		k, ok := at[place{r, items[i].Region}]
		return k, ok && k != i
	}
	// An item that is itself refused clears nothing, so this goes on until no more
	// item is refused.
	refused := make([]bool, len(items))
	standing := func(i int) []tracker.Refusal {
		stand := []tracker.Refusal{}
		for _, r := range items[i].Refusals {
			cleared := len(r.ClearedBy) > 0
			for _, by := range r.ClearedBy {
				k, ok := find(i, by)
				cleared = cleared && ok && destroys[k] && !refused[k]
			}
			if !cleared {
				stand = append(stand, r)
			}
		}
		return stand
	}
	for changed := true; changed; {
		changed = false
		for i := range items {
			if !refused[i] && len(standing(i)) > 0 {
				refused[i], changed = true, true
			}
		}
	}
	needs := make([]map[int]bool, len(items))
	for i := range items {
		needs[i] = map[int]bool{}
		if refused[i] {
			continue
		}
		for _, r := range items[i].Refusals {
			for _, by := range r.ClearedBy {
				k, _ := find(i, by)
				needs[i][k] = true
			}
		}
		for _, ref := range items[i].After {
			if k, ok := find(i, ref); ok && !refused[k] {
				needs[i][k] = true
			}
		}
	}
	order = inOrder(needs, refused)
	placed := make([]bool, len(items))
	for _, i := range order {
		placed[i] = true
	}
	frozen = make([]store.FrozenItem, len(items))
	for i, it := range items {
		it.Refusals = standing(i)
		it.DependsOn = slices.Sorted(maps.Keys(needs[i]))
		it.Ledger.State = tracker.ItemPlanned
		if !refused[i] && !placed[i] {
			it.Refusals = append(it.Refusals, tracker.Refusal{Rule: "cycle", Message: "it and other items of the plan each have to come before the other"})
			refused[i] = true
		}
		if refused[i] {
			it.DependsOn = nil
			it.Ledger.State, it.Ledger.Message = tracker.ItemRefused, it.Refusals[0].Message
		}
		frozen[i].PlanItem = it.PlanItem
	}
	for i := range frozen {
		for _, k := range frozen[i].DependsOn {
			frozen[k].Dependents = append(frozen[k].Dependents, i)
		}
	}
	return frozen, order
}

// inOrder returns the items that are not refused, each after those it needs: first
// those that need none, then those that need only these, and so on. Items on a cycle
// are left out.
func inOrder(needs []map[int]bool, refused []bool) []int {
	var order []int
	left := make([]int, len(needs)) // how many that an item needs are not placed
	needed := make([][]int, len(needs))
	for i := range needs {
		for k := range needs[i] {
			needed[k] = append(needed[k], i)
		}
		if left[i] = len(needs[i]); left[i] == 0 && !refused[i] {
			order = append(order, i)
		}
	}
	for at := 0; at < len(order); at++ {
		for _, i := range needed[order[at]] {
			if left[i]--; left[i] == 0 {
				order = append(order, i)
			}
		}
	}
	return order
}

// digestOf names exactly what a plan would do, and what it saw.
func digestOf(items []store.FrozenItem) (string, error) {
	h := sha256.New()
	for _, it := range items {
		b, err := json.Marshal([]any{it.ActionItem, it.Seen, it.Watched, it.Refusals, it.DependsOn})
		if err != nil {
			return "", fmt.Errorf("encode item %d: %w", it.Index, err)
		}
		h.Write(b)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil)), nil
}
