package tracker

import (
	"slices"

	"github.com/consolesensei/resource-tracker/filter"
)

// Opposite is the selection that takes back what s does to each type that it may
// select, by the opposites that the catalogue declares. Parameters are of the verb
// alone; rules stay lifted that the opposite knows too.
func (s PlanSelection) Opposite(catalogue []ActionInfo) (PlanSelection, error) {
	if slices.ContainsFunc(s.Filter.Conditions(), func(c filter.Condition) bool { return c.Field == filter.FieldState }) {
		return s, Invalid("filter", "asks for the state, which off-hours change: they would not find again what they selected before")
	}
	var back []ActionInfo
	for _, a := range catalogue {
		if !a.Called(s.Verb) || !s.MaySelect(a.Type) {
			continue
		}
		i := slices.IndexFunc(catalogue, func(b ActionInfo) bool { return b.Type == a.Type && b.Verb == a.Opposite })
		if i < 0 {
			return s, Invalid("action", "has no opposite for %s: off-hours take pairs such as stop and start", a.Type)
		}
		back = append(back, catalogue[i])
	}
	word := commonWord(back)
	if word == "" {
		return s, Invalid("action", "has no opposite that all types have which the filter may select")
	}
	s.Verb, s.Params = word, nil
	s.Lift = slices.DeleteFunc(slices.Clone(s.Lift), func(rule string) bool {
		return slices.ContainsFunc(back, func(a ActionInfo) bool { return !slices.Contains(a.Liftable, rule) })
	})
	return s, nil
}

// commonWord is a word that every action is called; "" is none.
func commonWord(all []ActionInfo) string {
	if len(all) == 0 {
		return ""
	}
	for _, word := range append([]string{all[0].Verb}, all[0].Aliases...) {
		if !slices.ContainsFunc(all, func(a ActionInfo) bool { return !a.Called(word) }) {
			return word
		}
	}
	return ""
}
