package scanners

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

// TestKeyReport asks for the keys of those users only who may have some, and of all
// where there is no report to go by.
func TestKeyReport(t *testing.T) {
	const users = 25
	const made = "2024-01-02T03:04:05Z"
	var everyone []string
	for n := range users {
		everyone = append(everyone, fmt.Sprintf("u%02d", n))
	}
	header := "user,arn,user_creation_time,access_key_1_active,access_key_1_last_rotated,access_key_2_active,access_key_2_last_rotated\n"
	rows := "<root_account>,arn,2020-01-01T00:00:00+00:00,false,N/A,false,N/A\n"
	for _, u := range everyone[1:] { // u00 was made since
		since, first, second := "2024-01-02T03:04:05+00:00", "N/A", "N/A"
		switch u {
		case "u01": // made anew since
			since = "2023-01-02T03:04:05+00:00"
		case "u02":
			first = "2024-02-03T00:00:00+00:00"
		case "u03": // the first was deleted
			second = "2024-02-03T00:00:00+00:00"
		}
		rows += fmt.Sprintf("%s,arn,%s,false,%s,false,%s\n", u, since, first, second)
	}
	complete := func(content string) map[string]string {
		return map[string]string{
			"GenerateCredentialReport": "<State>COMPLETE</State>",
			"GetCredentialReport":      "<Content>" + base64.StdEncoding.EncodeToString([]byte(content)) + "</Content>",
		}
	}
	for name, row := range map[string]struct {
		answers map[string]string
		want    []string
	}{
		"report":          {complete(header + rows), everyone[:4]},
		"not ready":       {map[string]string{"GenerateCredentialReport": "<State>STARTED</State>"}, everyone},
		"refused":         {nil, everyone},
		"cannot be read":  {map[string]string{"GenerateCredentialReport": "<State>COMPLETE</State>"}, everyone},
		"other columns":   {complete("name\n" + rows), everyone},
		"columns missing": {complete("user,user_creation_time\nu02," + made + "\n"), everyone},
		"empty":           {complete(""), everyone},
	} {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			var asked []string
			at := target(answers(func(c call) (int, string) {
				result := ""
				switch c.op {
				case "GetAccountAuthorizationDetails":
					result = "<UserDetailList>"
					for _, u := range everyone {
						result += "<member><UserName>" + u + "</UserName><UserId>" + u + "</UserId><Arn>arn:aws:iam::111122223333:user/" + u + "</Arn><CreateDate>" + made + "</CreateDate></member>"
					}
					result += "</UserDetailList>"
				case "ListAccessKeys":
					mu.Lock()
					defer mu.Unlock()
					i := slices.IndexFunc(everyone, func(u string) bool { return strings.Contains(c.text, "UserName="+u) })
					asked = append(asked, everyone[i])
				default:
					var ok bool
					if result, ok = row.answers[c.op]; !ok {
						return http.StatusForbidden, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"
					}
				}
				return http.StatusOK, fmt.Sprintf("<%[1]sResponse><%[1]sResult>%[2]s</%[1]sResult></%[1]sResponse>", c.op, result)
			}))
			if err := iamAccessKey.Run(t.Context(), at, func(...tracker.Resource) error { return nil }); err != nil {
				t.Fatal(err)
			}
			slices.Sort(asked)
			if diff := gocmp.Diff(row.want, asked); diff != "" {
				t.Errorf("users asked for their keys (-want +got):\n%s", diff)
			}
		})
	}
}
