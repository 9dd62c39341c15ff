package older

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
)

var (
	keyNames    = []string{"access_key_id", "secret_access_key"}
	actionNames = []string{"resource_id", "resource_type", "region", "action"}
)

// act changes one resource at once.
func (o *older) act(w http.ResponseWriter, r *http.Request) {
	body, f, ok := read(r, slices.Concat(keyNames, actionNames)...)
	if !ok {
		o.next.ServeHTTP(w, r)
		return
	}
	f.demandKeys(r)
	if f != nil {
		body = f.given().encode()
	}
	a := newAnswer(w, func(a *answer) bool { return !a.isProblem() })
	o.ask(a, r, "", body, "")
	if !a.passed {
		a.refuse()
	}
}

// bulkAnswer is how several changes ended. Success says that they were carried out one by
// one, as it always did: failed says how many were not.
type bulkAnswer struct {
	Success    bool              `json:"success"`
	Total      int               `json:"total_actions"`
	Successful int               `json:"successful"`
	Failed     int               `json:"failed"`
	Pending    int               `json:"pending"`
	Results    []json.RawMessage `json:"results"`
	PlanID     string            `json:"plan_id,omitempty"`
	State      string            `json:"plan_state,omitempty"`
}

// itemFault is the result of a change that is no request of one.
type itemFault struct {
	ResourceID   json.RawMessage `json:"resource_id"`
	Success      bool            `json:"success"`
	Message      string          `json:"message"`
	Verification string          `json:"verification_status"`
	Error        string          `json:"error"`
}

// actInBulk changes several resources at once. The API refuses all of them where one is
// malformed, before anything is done. So the ones that it names are put aside, and the rest
// is asked for: each change has a result of its own.
func (o *older) actInBulk(w http.ResponseWriter, r *http.Request) {
	_, f, ok := read(r, append(slices.Clone(keyNames), "actions")...)
	var items []json.RawMessage
	if ok && f != nil {
		_ = json.Unmarshal(f["actions"], &items) // what is no list the API names
	}
	if !ok || slices.ContainsFunc(items, isNewerItem) {
		o.next.ServeHTTP(w, r)
		return
	}
	if len(items) == 0 {
		o.pass(w, r)
		return
	}
	f.demandKeys(r)
	a := newAnswer(w, func(*answer) bool { return false })
	results := make([]json.RawMessage, len(items))
	var done bulkAnswer
	for left := indexes(items); len(left) > 0; a.again() {
		o.ask(a, r, "", o.bulkBody(f, items, left), "")
		if a.status == http.StatusOK {
			if err := json.Unmarshal(a.kept.Bytes(), &done); err != nil || len(done.Results) != len(left) {
				a.fail(http.StatusInternalServerError, problem{Error: "Internal server error"})
				return
			}
			for i, at := range left {
				results[at] = done.Results[i]
			}
			break
		}
		faults := a.faultsOfItems(left)
		if len(faults) == 0 {
			a.refuse()
			return
		}
		for at, message := range faults {
			results[at] = faultOf(items[at], message)
		}
		left = slices.DeleteFunc(left, func(at int) bool { return faults[at] != "" })
	}
	done.Failed += len(items) - len(done.Results)
	done.Success, done.Total, done.Results = true, len(items), results
	b, err := json.Marshal(done)
	if err != nil {
		panic("results that were read cannot be written: " + err.Error())
	}
	a.write(http.StatusOK, b)
}

// isNewerItem reports whether a change has members that the earlier service did not have.
func isNewerItem(item json.RawMessage) bool {
	var f fields
	return json.Unmarshal(item, &f) == nil && !f.within(actionNames)
}

func indexes(items []json.RawMessage) []int {
	all := make([]int, len(items))
	for i := range all {
		all[i] = i
	}
	return all
}

// bulkBody is a request for some of the items. They are independent of each other, as they
// were: one that fails does not hold the rest.
func (o *older) bulkBody(f fields, items []json.RawMessage, left []int) []byte {
	some := make([]json.RawMessage, len(left))
	for i, at := range left {
		some[i] = items[at]
	}
	actions, err := json.Marshal(some)
	if err != nil {
		panic("items that were read cannot be written: " + err.Error())
	}
	body := fields{"actions": actions, "max_failure_percent": json.RawMessage("100"), "canary": json.RawMessage("false")}
	for _, name := range keyNames {
		if value := f[name]; value != nil && string(value) != "null" {
			body[name] = value
		}
	}
	return body.encode()
}

// faultsOfItems are what is wrong with the items that the API names, by their index in the
// client's list. None is another refusal.
func (a *answer) faultsOfItems(left []int) map[int]string {
	var named []struct{ Location, Message string }
	if a.status != http.StatusUnprocessableEntity || json.Unmarshal(a.problem().Errors, &named) != nil {
		return nil
	}
	faults := map[int]string{}
	for _, e := range named {
		var i int
		if _, err := fmt.Sscanf(e.Location, "body.actions[%d]", &i); err != nil || i < 0 || i >= len(left) {
			continue
		}
		message := e.Message
		if before := faults[left[i]]; before != "" {
			message = before + "; " + message
		}
		faults[left[i]] = message
	}
	return faults
}

func faultOf(item json.RawMessage, message string) json.RawMessage {
	var f fields
	_ = json.Unmarshal(item, &f) // what is no object has no resource
	b, err := json.Marshal(itemFault{ResourceID: f["resource_id"], Message: message, Verification: "failed", Error: message})
	if err != nil {
		panic("a fault cannot be written: " + err.Error())
	}
	return b
}
