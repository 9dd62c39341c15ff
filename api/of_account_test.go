package api_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/tracker"
)

// TestListsOfAnAccount: the account goes to the store with the place that a cursor of the same list names, and the
// cursor of another list is refused.
func TestListsOfAnAccount(t *testing.T) {
	const production, other = "111122223333", "444455556666"
	for _, list := range []string{"jobs", "plans", "schedules"} {
		t.Run(list, func(t *testing.T) {
			f := &fake{next: "place"}
			d := open(t, f)
			at := "/api/v1/" + list + "?limit=7&"
			next := func(query string) string {
				t.Helper()
				a := d.call("GET", at+query, "")
				cursor, _ := a.json(t)["next_cursor"].(string)
				if a.code != 200 || cursor == "" {
					t.Fatal(a.code, a.body)
				}
				return "&cursor=" + url.QueryEscape(cursor)
			}
			all, narrowed := next(""), next("account_id="+production)
			if all != "&cursor=place" || narrowed == all {
				t.Error(all, narrowed)
			}
			for query, want := range map[string]string{
				"account_id=" + production:            fmt.Sprintf(`%s %s "" 7`, list, production),
				"account_id=" + production + narrowed: fmt.Sprintf(`%s %s "place" 7`, list, production),
				"account_id=":                         list + `  "" 7`,
				all:                                   list + `  "place" 7`,
			} {
				if a := d.call("GET", at+query, ""); a.code != 200 || f.asked != want {
					t.Errorf("%s: %d, asked for %s, want %s", query, a.code, f.asked, want)
				}
			}
			for _, query := range []string{
				narrowed, "account_id=" + production + all, "account_id=" + other + narrowed,
				"account_id=1234", "account_id=11112222333*", "account_id=production",
			} {
				if a := d.call("GET", at+query, ""); a.code != 422 {
					t.Errorf("%s: %d %s", query, a.code, a.body)
				}
			}
		})
	}
}

func TestListsOfAnAccount_SayWhatIsNotKnown(t *testing.T) {
	f := &fake{}
	f.add(alice, "j-1", tracker.JobQueued)
	d := open(t, f)
	for query, want := range map[string]bool{"": false, "?account_id=111122223333": true} {
		if a := d.call("GET", "/api/v1/jobs"+query, ""); strings.Contains(a.body, `"account_unknown":true`) != want {
			t.Errorf("%s: %s", query, a.body)
		}
	}
}

// TestJobsInStates_OfTheirCursor: a place among the jobs in some states is none among those in others.
func TestJobsInStates_OfTheirCursor(t *testing.T) {
	f := &fake{next: "place"}
	d := open(t, f)
	cursor := d.call("GET", "/api/v1/jobs?state=failed,partial", "").json(t)["next_cursor"].(string)
	for query, want := range map[string]int{"?state=partial,failed&": 200, "?state=failed&": 422, "?": 422, "?state=failed,partial&account_id=111122223333&": 422} {
		if a := d.call("GET", "/api/v1/jobs"+query+"cursor="+url.QueryEscape(cursor), ""); a.code != want {
			t.Errorf("%s: %d, want %d: %s", query, a.code, want, a.body)
		}
	}
}

// TestWhatIsStartedKnowsItsAccount: a job and a plan are told the account of their credentials where a role or a registration says it.
func TestWhatIsStartedKnowsItsAccount(t *testing.T) {
	f := &fake{}
	d := acting(t, f)
	for body, want := range map[string]string{
		credentials(""): "",
		credentials(`,"role_arn":"arn:aws:iam::111122223333:role/tracker"`): "111122223333",
	} {
		f.submissions, f.plans = nil, plans{}
		if a := d.call("POST", "/api/v1/scan", body); a.code != 202 || f.submissions[0].Account != want {
			t.Errorf("%d, %+v, want %s", a.code, f.submissions, want)
		}
		plan := strings.TrimSuffix(body, "}") + `,"actions":[{"resource_id":"i-1","resource_type":"EC2_Instance","region":"eu-west-1","action":"stop"}]}`
		if a := d.call("POST", "/api/v1/plans", plan); a.code != 200 || f.plans.asked[0].Account != want {
			t.Errorf("%d %s, want %s", a.code, a.body, want)
		}
	}
}
