package scanners

import (
	"encoding/json"
	"errors"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/aws/smithy-go"

	"github.com/consolesensei/resource-tracker/tracker"
)

// TestOneOfMany fails the look-up of one resource: the others are complete, and
// the one has its names only, or is left out when AWS says that it is gone.
func TestOneOfMany(t *testing.T) {
	refuse := func(code string) func() (int, string) {
		return func() (int, string) {
			return http.StatusBadRequest, `{"__type": "` + code + `", "message": "no"}`
		}
	}
	say := func(body string) func() (int, string) {
		return func() (int, string) { return http.StatusOK, body }
	}
	noSuchUser := func() (int, string) {
		return http.StatusNotFound, "<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>no</Message></Error></ErrorResponse>"
	}
	noKey := func() (int, string) {
		return http.StatusForbidden, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"
	}
	tests := []struct {
		name    string
		scanner Scanner
		op      string
		words   string // of the request that is answered otherwise
		answer  func() (int, string)
		ids     []string
		bare    string // the ID without details
		err     string
	}{
		{"EKS cluster denied", eksCluster, "DescribeCluster", "staging", refuse("AccessDeniedException"), []string{"prod", "staging"}, "staging", "AccessDeniedException"},
		{"EKS cluster gone", eksCluster, "DescribeCluster", "staging", refuse("ResourceNotFoundException"), []string{"prod"}, "", ""},
		{"node group denied", eksNodegroup, "DescribeNodegroup", "arm", refuse("AccessDeniedException"), []string{"prod/arm", "prod/spot"}, "prod/arm", "AccessDeniedException"},
		{"node group gone", eksNodegroup, "DescribeNodegroup", "arm", refuse("ResourceNotFoundException"), []string{"prod/spot"}, "", ""},
		{"node groups of one cluster denied", eksNodegroup, "ListNodegroups", "empty", refuse("AccessDeniedException"), []string{"prod/arm", "prod/spot"}, "", "AccessDeniedException"},
		{"cluster of node groups gone", eksNodegroup, "ListNodegroups", "empty", refuse("ResourceNotFoundException"), []string{"prod/arm", "prod/spot"}, "", ""},
		{"ECS clusters denied", ecsCluster, "DescribeClusters", "batch", refuse("AccessDeniedException"), []string{"batch", "prod"}, "batch", "AccessDeniedException"},
		{"ECS cluster gone", ecsCluster, "DescribeClusters", "batch", say(`{"failures": [{"arn": "batch", "reason": "MISSING"}]}`), []string{"prod"}, "", ""},
		{"ECS cluster failed", ecsCluster, "DescribeClusters", "batch", say(`{"failures": [{"arn": "batch", "reason": "BROKEN"}]}`), []string{"prod"}, "", "ecs answers BROKEN for batch"},
		{"ECS cluster inactive", ecsCluster, "DescribeClusters", "batch", say(`{"clusters": [{"clusterName": "batch", "status": "INACTIVE"}]}`), []string{"prod"}, "", ""},
		{"service denied", ecsService, "DescribeServices", "mail", refuse("AccessDeniedException"), []string{"batch/web", "prod/mail", "prod/web"}, "prod/mail", "AccessDeniedException"},
		{"service inactive", ecsService, "DescribeServices", "mail", say(`{"services": [{"serviceName": "mail", "status": "INACTIVE"}]}`), []string{"batch/web", "prod/web"}, "", ""},
		{"cluster of services gone", ecsService, "ListServices", "empty", refuse("ClusterNotFoundException"), []string{"batch/web", "prod/mail", "prod/web"}, "", ""},
		{"services of one cluster denied", ecsService, "ListServices", "empty", refuse("AccessDeniedException"), []string{"batch/web", "prod/mail", "prod/web"}, "", "AccessDeniedException"},
		{"user gone", iamAccessKey, "ListAccessKeys", "keyless", noSuchUser, []string{"AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN8EXAMPLE", "AKIAIOSFODNN9EXAMPLE"}, "", ""},
		{"keys of one user denied", iamAccessKey, "ListAccessKeys", "keyless", noKey, []string{"AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN8EXAMPLE", "AKIAIOSFODNN9EXAMPLE"}, "", "AccessDenied"},
		{"last use denied", iamAccessKey, "GetAccessKeyLastUsed", "AKIAIOSFODNN9EXAMPLE", noKey, []string{"AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN8EXAMPLE", "AKIAIOSFODNN9EXAMPLE"}, "AKIAIOSFODNN9EXAMPLE", "AccessDenied"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join("testdata", strings.ToLower(string(tt.scanner.Type)))
			whole := map[string]tracker.Resource{}
			for _, r := range readGolden(t, dir) {
				whole[r.ID] = r
			}
			recorded := readFixtures(t, dir)
			var ids []string
			err := tt.scanner.Run(t.Context(), target(answers(func(c call) (int, string) {
				if c.op == tt.op && strings.Contains(c.text, tt.words) {
					return tt.answer()
				}
				return recorded.answer(c)
			})), func(rs ...tracker.Resource) error {
				for _, r := range rs {
					ids = append(ids, r.ID)
					if complete := asJSON(t, r) == asJSON(t, whole[r.ID]); complete == (r.ID == tt.bare) {
						t.Errorf("%s is complete: %v", r.ID, complete)
					}
				}
				return nil
			})
			slices.Sort(ids)
			if diff := gocmp.Diff(tt.ids, ids); diff != "" {
				t.Errorf("resources (-want +got):\n%s", diff)
			}
			if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("error %v, want %q", err, tt.err)
			}
			for _, p := range recorded.problems {
				t.Error(p)
			}
		})
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestServicesUndescribed shows nothing made up of services that cannot be described.
func TestServicesUndescribed(t *testing.T) {
	recorded := readFixtures(t, filepath.Join("testdata", "ecs_service"))
	var got []tracker.Resource
	err := ecsService.Run(t.Context(), target(answers(func(c call) (int, string) {
		if c.op == "DescribeServices" {
			return denied(c)
		}
		return recorded.answer(c)
	})), func(rs ...tracker.Resource) error {
		got = append(got, rs...)
		return nil
	})
	if api, ok := errors.AsType[smithy.APIError](err); !ok || api.ErrorCode() != "AccessDenied" {
		t.Errorf("error %v", err)
	}
	if !strings.HasSuffix(err.Error(), "(and 2 more)") {
		t.Errorf("error %v", err)
	}
	for _, r := range got {
		cluster, name, _ := strings.Cut(r.ID, "/")
		for k, v := range r.Metadata {
			if k != "cluster" && v != nil {
				t.Errorf("%s has %s %v", r.ID, k, v)
			}
		}
		if r.Metadata["cluster"] != cluster || *r.Name != name || r.State != stateUnknown {
			t.Errorf("%+v", r)
		}
	}
	if len(got) != 3 {
		t.Errorf("%d services, want 3", len(got))
	}
}
