package custodian

import (
	"cmp"
	"fmt"

	"github.com/consolesensei/resource-tracker/policies/internal/tree"
)

// hour is an offhour or an onhour: the policy is a schedule of the server.
type hour struct {
	at   *tree.Node
	verb string
	cron string
	zone string
}

// zones are Custodian's short names of time zones.
var zones = map[string]string{
	"et": "America/New_York", "est": "America/New_York", "edt": "America/New_York", "ct": "America/Chicago", "cst": "America/Chicago", "cdt": "America/Chicago",
	"mt": "America/Denver", "mst": "America/Denver", "mdt": "America/Denver", "pt": "America/Los_Angeles", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles",
	"ast": "America/Phoenix", "at": "America/Halifax", "gmt": "Etc/GMT", "gt": "Etc/GMT", "utc": "UTC", "bst": "Europe/London", "ist": "Europe/Dublin", "cet": "Europe/Berlin",
}

// hours translates a filter of hours. The tag chooses the resources; what has hours of its own in the tag is
// left to whoever wrote them.
func (t *translation) hours(at *tree.Node, kind string, s scope) (string, error) {
	if !s.top || t.hour != nil {
		return "", cannot(at, "%s is translated once, where it must hold", kind)
	}
	if err := only(at, "tag", "default_tz", "offhour", "onhour", "weekends", "weekends-only", "opt-out"); err != nil {
		return "", err
	}
	h := &hour{at: at, verb: map[string]string{"offhour": "stop", "onhour": "start"}[kind]}
	hours, ok := map[string]float64{"offhour": 19, "onhour": 7}[kind], true
	if v := at.Get(kind); v != nil {
		hours, ok = number(v)
	}
	if !ok || hours != float64(int(hours)) || hours < 0 || hours > 23 {
		return "", cannot(at, "%s is no hour", kind)
	}
	days := "1-5" // on weekends all stays as it was on Friday
	switch {
	case at.Get("weekends-only").Text() == "true" && kind == "offhour":
		days = "5"
	case at.Get("weekends-only").Text() == "true":
		days = "1"
	case at.Get("weekends").Text() == "false":
		days = "*"
	}
	h.cron = fmt.Sprintf("0 %.0f * * %s", hours, days)
	zone := cmp.Or(at.Get("default_tz").Text(), "et")
	h.zone = cmp.Or(zones[zone], zone)
	t.hour = h
	tag := "tag:" + quote(cmp.Or(at.Get("tag").Text(), "maid_offhours"))
	t.note(at, "selects less: resources whose tag has hours of its own are left out")
	if at.Get("opt-out").Text() == "true" {
		return "(" + tag + "! or " + tag + `="",on,On,ON)`, nil
	}
	return tag + `="",on,On,ON`, nil
}

// scheduled is the schedule of a policy of hours.
func (t *translation) scheduled(at *tree.Node) ([]act, error) {
	if at == nil || len(at.Items) != 1 || name(at.Items[0]) != t.hour.verb || at.Items[0].Kind == tree.Map && len(at.Items[0].Fields) > 1 {
		return nil, cannot(t.hour.at, "hours are translated with the one action %s", t.hour.verb)
	}
	verb, known := t.resource.verbs[t.hour.verb]
	switch {
	case !known:
		return nil, cannot(at, "%s is not translated for this resource", t.hour.verb)
	case t.rule != "":
		return nil, cannot(t.hour.at, "a schedule selects by a filter, not by the rule %s", t.rule)
	}
	t.note(t.hour.at, "becomes a schedule of the server, which selects anew at each time")
	return []act{{suffix: "schedule", member: map[string]any{"schedule": map[string]any{"verb": verb, "cron": t.hour.cron, "time_zone": t.hour.zone}}}}, nil
}
