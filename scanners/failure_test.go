package scanners

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/smithy-go"

	"github.com/consolesensei/resource-tracker/tracker"
)

// denied is how each service says no.
func denied(c call) (int, string) {
	const said = "<Code>AccessDenied</Code><Message>no</Message>"
	service, _ := called(c.service)
	switch service.Protocol {
	case JSON, CBOR:
		return http.StatusForbidden, `{"__type": "AccessDenied", "message": "no"}`
	case EC2Query:
		return http.StatusForbidden, "<Response><Errors><Error>" + said + "</Error></Errors></Response>"
	case BareXML:
		return http.StatusForbidden, "<Error>" + said + "</Error>"
	case Query, XML:
		return http.StatusForbidden, "<ErrorResponse><Error><Type>Sender</Type>" + said + "</Error></ErrorResponse>"
	default:
		return http.StatusForbidden, "a service of no protocol"
	}
}

// TestDenied denies each operation of each Scanner in turn: the scan fails with
// AWS's code and the operation's name, and what was listed is there.
func TestDenied(t *testing.T) {
	for _, s := range Catalog {
		dir := filepath.Join("testdata", strings.ToLower(string(s.Type)))
		listed := len(readGolden(t, dir))
		ops := map[string]bool{}
		for c := range readFixtures(t, dir).files {
			ops[c.op] = true
		}
		for op := range ops {
			t.Run(fmt.Sprintf("%s/%s", s.Type, op), func(t *testing.T) {
				recorded := readFixtures(t, dir)
				emitted := 0
				at := recorded.target()
				at.Config.HTTPClient = answers(func(c call) (int, string) {
					if c.op == op {
						return denied(c)
					}
					return recorded.answer(c)
				})
				err := s.Run(t.Context(), at, func(rs ...tracker.Resource) error {
					emitted += len(rs)
					return nil
				})
				api, ok := errors.AsType[smithy.APIError](err)
				if !ok || api.ErrorCode() != "AccessDenied" || !strings.Contains(err.Error(), op) {
					t.Errorf("error %v", err)
				}
				if recorded.looksUp(op) && emitted < listed {
					t.Errorf("%d resources, want all %d that were listed", emitted, listed)
				}
				for _, p := range recorded.problems {
					t.Error(p)
				}
			})
		}
	}
}

// TestSecondPageDenied lists one page and is denied the next: the first is there.
func TestSecondPageDenied(t *testing.T) {
	recorded := readFixtures(t, filepath.Join("testdata", "lambda_function"))
	calls := 0
	var got []tracker.Resource
	err := lambdaFunction.Run(t.Context(), target(answers(func(c call) (int, string) {
		if c.op == "ListFunctions" {
			if calls++; calls == 2 {
				return denied(c)
			}
		}
		return recorded.answer(c)
	})), func(rs ...tracker.Resource) error {
		got = append(got, rs...)
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "scan Lambda_Function in eu-west-1: operation error Lambda: ListFunctions") {
		t.Errorf("error %v", err)
	}
	if len(got) != 1 || len(got[0].Tags) != 2 {
		t.Errorf("resources %+v", got)
	}
}

// TestEmitFails stops at the first page that cannot be handed over.
func TestEmitFails(t *testing.T) {
	full := errors.New("full")
	for _, s := range Catalog {
		t.Run(string(s.Type), func(t *testing.T) {
			recorded := readFixtures(t, filepath.Join("testdata", strings.ToLower(string(s.Type))))
			err := s.Run(t.Context(), recorded.target(), func(...tracker.Resource) error { return full })
			if !errors.Is(err, full) {
				t.Errorf("error %v", err)
			}
		})
	}
}

func readGolden(t *testing.T, dir string) []tracker.Resource {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "want.json"))
	if err != nil {
		t.Fatal(err)
	}
	var rs []tracker.Resource
	if err := json.Unmarshal(b, &rs); err != nil {
		t.Fatal(err)
	}
	return rs
}
