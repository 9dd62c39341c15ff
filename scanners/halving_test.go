package scanners

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestHalving(t *testing.T) {
	refuse := func(code string) error { return &smithy.GenericAPIError{Code: code} }
	tests := []struct {
		name  string
		items int
		bad   int    // the first so many
		code  string // that they are refused with
		lost  int
		calls int
	}{
		{"none refused", 100, 0, "", 0, 1},
		{"one of a hundred", 100, 1, "InvalidParameterException", 1, 13},
		{"one of a hundred is gone", 100, 1, "LoadBalancerNotFound", 0, 13},
		{"one hidden by a policy", 100, 1, "AccessDeniedException", 1, 13},
		{"four", 100, 4, "ValidationException", 4, 17},
		{"all", 1000, 1000, "AccessDeniedException", 1000, 2*maxRefused + 1},
		{"no matter of items", 100, 1, "UnrecognizedClientException", 100, 1},
		{"a single one", 1, 1, "ValidationError", 1, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			items := make([]int, tt.items)
			for i := range items {
				items[i] = i
			}
			calls := 0
			got, err := halving(t.Context(), new(refusals), items, func(_ context.Context, some []int) ([]int, error) {
				calls++
				if some[0] < tt.bad {
					return nil, refuse(tt.code)
				}
				return some, nil
			})
			whole := tt.items - tt.lost
			if tt.code == "LoadBalancerNotFound" {
				whole -= tt.bad
			}
			if len(got) != whole || (err == nil) != (tt.lost == 0) || calls != tt.calls {
				t.Errorf("%d items, %d calls, error %v", len(got), calls, err)
			}
		})
	}
}

// TestOneRefused refuses every call of every Scanner that is about one certain thing
// among several: of that thing little is known, and all of the others.
func TestOneRefused(t *testing.T) {
	batches := map[string]bool{}
	for _, s := range Catalog {
		dir := filepath.Join("testdata", strings.ToLower(string(s.Type)))
		for c := range readFixtures(t, dir).files {
			t.Run(fmt.Sprintf("%s/%s", s.Type, c.op), func(t *testing.T) {
				r := &refuser{t: t, recorded: readFixtures(t, dir), op: c.op, api: taggingAPI{t: t, resources: readGolden(t, dir)}}
				at := r.recorded.target()
				at.Config.HTTPClient = answers(r.answer)
				at.Config.APIOptions = append(at.Config.APIOptions, func(stack *middleware.Stack) error {
					return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("refuser", r.intercept), middleware.After)
				})
				got := map[string]tracker.Resource{}
				err := s.Run(t.Context(), at, func(rs ...tracker.Resource) error {
					for _, r := range rs {
						got[r.ARN] = r
					}
					return nil
				})
				if r.victim == "" {
					return // the operation takes one thing at a time, or none
				}
				batches[c.op] = true
				if err == nil || !strings.Contains(err.Error(), c.op) || !strings.Contains(err.Error(), "one is bad") {
					t.Errorf("error %v", err)
				}
				for _, want := range readGolden(t, dir) {
					if r.isVictim(want) {
						if _, listed := got[want.ARN]; !listed {
							t.Errorf("%s was refused and is not listed", want.ARN)
						}
						continue
					}
					if diff := gocmp.Diff(plainly(want), plainly(got[want.ARN])); diff != "" {
						t.Errorf("%s was not refused (-want +got):\n%s", want.ARN, diff)
					}
				}
			})
		}
	}
	for _, op := range []string{"BatchGetProjects", "DescribeClusters", "DescribeDomains", "DescribeServices", "DescribeTags", "GetResources"} {
		if !batches[op] {
			t.Errorf("no call of %s was about several things", op)
		}
	}
}

// plainly is a resource without what JSON changes.
func plainly(r tracker.Resource) string {
	return fmt.Sprint(r.ID, r.State, r.Tags, len(r.Metadata), r.Metadata["instance_type"], r.Metadata["compute_type"], r.Metadata["cluster"])
}

// refuser is an account that refuses calls of op about several things while one of them is
// the victim: the last of the first such call. A list of names has one more than was
// recorded, so that there are several.
type refuser struct {
	t        *testing.T
	recorded *fixtures
	op       string
	victim   string
	api      taggingAPI
}

// answer gives what was recorded, and for what is named the recording that knows it.
func (r *refuser) answer(c call) (int, string) {
	if c.op == "GetResources" && r.recorded.tags(c.op) {
		if !strings.Contains(c.text, "ResourceARNList") {
			return http.StatusOK, `{"PaginationToken":"more","ResourceTagMappingList":[]}`
		}
		return r.api.answer(c)
	}
	if c.op != r.op || r.bad() == "" {
		return r.recorded.answer(c)
	}
	var best []byte
	most := -1
	for ch, paths := range r.recorded.files {
		for _, path := range paths {
			body, err := os.ReadFile(path)
			if err != nil {
				r.t.Error(err)
			}
			if n := r.common(c, string(body)); ch.op == c.op && n > most {
				best, most = body, n
			}
		}
	}
	return http.StatusOK, string(best)
}

// common counts the resources that both a request and an answer name.
func (r *refuser) common(c call, body string) int {
	n := 0
	for _, known := range readGolden(r.t, r.recorded.dir) {
		for _, name := range []string{known.ARN, aws.ToString(known.Name)} {
			if name != "" && names(c.text+"&", name) && names(body, name) {
				n++
			}
		}
	}
	return n
}

// names reports whether a form or a document has name as a value.
func names(text, name string) bool {
	return slices.ContainsFunc([]string{`"%s"`, ">%s<", "=%s&"}, func(as string) bool { return strings.Contains(text, fmt.Sprintf(as, name)) })
}

// bad is the victim, once there is one.
func (r *refuser) bad() string {
	r.recorded.mu.Lock()
	defer r.recorded.mu.Unlock()
	return r.victim
}

func (r *refuser) isVictim(known tracker.Resource) bool {
	return known.ARN == r.victim || known.ID == r.victim || known.Name != nil && *known.Name == r.victim
}

func (r *refuser) intercept(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	names := *r.named(in.Parameters)
	if last(sdk.Operation(in.Parameters), ".") != r.op || len(names) == 0 {
		out, metadata, err := next.HandleInitialize(ctx, in)
		if list := r.named(out.Result); err == nil && len(*list) > 0 && !r.recorded.tags(r.op) {
			*list = append(*list, (*list)[len(*list)-1]+"-twin")
		}
		return out, metadata, err
	}
	r.recorded.mu.Lock()
	if r.victim == "" && len(names) > 1 {
		r.victim = names[len(names)-1]
	}
	r.recorded.mu.Unlock()
	if slices.Contains(names, r.bad()) {
		return middleware.InitializeOutput{}, middleware.Metadata{}, &smithy.OperationError{
			ServiceID: "x", OperationName: r.op, Err: &smithy.GenericAPIError{Code: "InvalidParameterException", Message: "one is bad"},
		}
	}
	out, metadata, err := next.HandleInitialize(ctx, in)
	if err == nil {
		only(reflect.ValueOf(out.Result).Elem(), names)
	}
	return out, metadata, err
}

// named returns the list of a request, or of an answer, that names known resources.
func (r *refuser) named(of any) *[]string {
	if of == nil {
		return new([]string)
	}
	for _, f := range fields(reflect.ValueOf(of).Elem()) {
		list, ok := reflect.TypeAssert[[]string](f.value)
		knows := func(known tracker.Resource) bool {
			return slices.Contains(list, known.ARN) || slices.Contains(list, known.ID) || known.Name != nil && slices.Contains(list, *known.Name)
		}
		if !ok || f.name == "ResourceTypeFilters" {
			continue
		}
		if slices.Contains(list, cmp.Or(r.bad(), "nobody")) || slices.ContainsFunc(readGolden(r.t, r.recorded.dir), knows) {
			named, _ := reflect.TypeAssert[*[]string](f.value.Addr())
			return named
		}
	}
	return new([]string)
}

// only leaves in the lists of an answer what names say.
func only(answer reflect.Value, names []string) {
	for _, f := range fields(answer) {
		if f.value.Kind() != reflect.Slice || f.value.Type().Elem().Kind() != reflect.Struct {
			continue
		}
		kept := reflect.MakeSlice(f.value.Type(), 0, f.value.Len())
		for i := range f.value.Len() {
			item := f.value.Index(i)
			if slices.ContainsFunc(fields(item), func(f field) bool {
				p, ok := reflect.TypeAssert[*string](f.value)
				return ok && p != nil && slices.Contains(names, *p)
			}) {
				kept = reflect.Append(kept, item)
			}
		}
		f.value.Set(kept)
	}
}

// TestRegionOff switches off the regions that the resources of global types are in, one
// at a time: all are listed, and what fails is said to be there and of which.
func TestRegionOff(t *testing.T) {
	asked := 0
	for _, s := range Catalog {
		if !s.Global {
			continue
		}
		dir := filepath.Join("testdata", strings.ToLower(string(s.Type)))
		regions := map[string][]string{}
		for _, r := range readGolden(t, dir) {
			if r.Region != tracker.Global {
				regions[r.Region] = append(regions[r.Region], r.ID)
			}
		}
		for off, ids := range regions {
			t.Run(fmt.Sprintf("%s/%s", s.Type, off), func(t *testing.T) {
				asked++
				recorded := readFixtures(t, dir)
				at := recorded.target()
				at.Config.HTTPClient = answers(func(c call) (int, string) {
					if c.region == off && c.service != s.Service.ID {
						return denied(c)
					}
					return recorded.answer(c)
				})
				emitted := 0
				err := s.Run(t.Context(), at, func(rs ...tracker.Resource) error {
					emitted += len(rs)
					return nil
				})
				e, ok := errors.AsType[*tracker.Elsewhere](err)
				if !ok || e.Region != off || !slices.Equal(sdk.Distinct(e.Resources), sdk.Distinct(ids)) {
					t.Errorf("error %v", err)
				}
				if emitted != len(readGolden(t, dir)) {
					t.Errorf("%d resources", emitted)
				}
			})
		}
	}
	if asked == 0 {
		t.Error("no global type has resources in regions")
	}
}

// TestOneBucketRefused denies the region of one bucket: the others have theirs.
func TestOneBucketRefused(t *testing.T) {
	dir := filepath.Join("testdata", "s3_bucket")
	recorded := readFixtures(t, dir)
	at := target(answers(func(c call) (int, string) {
		if c.op == "GetBucketLocation" && strings.Contains(c.text, "legacy-eu") {
			return denied(c)
		}
		return recorded.answer(c)
	}))
	got := map[string]string{}
	err := s3Bucket.Run(t.Context(), at, func(rs ...tracker.Resource) error {
		for _, r := range rs {
			got[r.ID] = r.Region
		}
		return nil
	})
	if err == nil || got["legacy-eu"] != tracker.Global || got["legacy-us"] != "us-east-1" {
		t.Errorf("regions %v, error %v", got, err)
	}
}
