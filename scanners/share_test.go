package scanners

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/consolesensei/resource-tracker/tracker"
)

// smallRegion answers for an account with one of each taggable type.
func smallRegion(c call) (int, string) {
	const principals = `<GetAccountAuthorizationDetailsResponse><GetAccountAuthorizationDetailsResult><IsTruncated>false</IsTruncated>
		<UserDetailList><member><UserId>AIDA1</UserId><UserName>u</UserName><Arn>arn:aws:iam::111122223333:user/u</Arn></member></UserDetailList>
		<RoleDetailList><member><RoleId>AROA1</RoleId><RoleName>r</RoleName><Arn>arn:aws:iam::111122223333:role/r</Arn></member></RoleDetailList>
		</GetAccountAuthorizationDetailsResult></GetAccountAuthorizationDetailsResponse>`
	const balancers = `<DescribeLoadBalancersResponse><DescribeLoadBalancersResult><LoadBalancers>
		<member><LoadBalancerArn>arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/l/1</LoadBalancerArn></member>
		</LoadBalancers></DescribeLoadBalancersResult></DescribeLoadBalancersResponse>`
	arns := []string{
		"arn:aws:lambda:eu-west-1:111122223333:function:f",
		"arn:aws:logs:eu-west-1:111122223333:log-group:g",
		"arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/l/1",
		"arn:aws:s3:::b",
	}
	switch c.op {
	case "ListFunctions":
		return http.StatusOK, `{"Functions": [{"FunctionName": "f"}]}`
	case "DescribeLogGroups":
		return http.StatusOK, `{"logGroups": [{"logGroupName": "g"}]}`
	case "DescribeLoadBalancers":
		return http.StatusOK, balancers
	case "DescribeListeners", "DescribeTargetGroups":
		return http.StatusOK, fmt.Sprintf("<%sResponse><%[1]sResult/></%[1]sResponse>", c.op)
	case "ListBuckets":
		return http.StatusOK, `<ListAllMyBucketsResult><Buckets><Bucket><Name>b</Name><BucketRegion>eu-west-1</BucketRegion></Bucket></Buckets></ListAllMyBucketsResult>`
	case "GetMetricData":
		return http.StatusOK, `{}`
	case "GetResources":
		return http.StatusOK, tagged(arns, "")
	case "GetAccountAuthorizationDetails":
		return http.StatusOK, principals
	default:
		return http.StatusTeapot, `{}`
	}
}

// tagged is an answer of GetResources where each resource's tag is its own ARN.
func tagged(arns []string, token string) string {
	type tag struct{ Key, Value string }
	type mapping struct {
		ResourceARN string
		Tags        []tag
	}
	var out struct {
		PaginationToken        string
		ResourceTagMappingList []mapping
	}
	out.PaginationToken = token
	for _, arn := range arns {
		out.ResourceTagMappingList = append(out.ResourceTagMappingList, mapping{arn, []tag{{"arn", arn}}})
	}
	b, _ := json.Marshal(out)
	return string(b)
}

// counted counts the calls that pass through it, by operation.
type counted struct {
	mu    sync.Mutex
	calls map[string]int
}

func (n *counted) over(next answers) answers {
	n.calls = map[string]int{}
	return func(c call) (int, string) {
		n.mu.Lock()
		n.calls[c.op]++
		n.mu.Unlock()
		return next(c)
	}
}

func TestShareSmallRegion(t *testing.T) {
	var n counted
	at := target(n.over(smallRegion))
	at.Share = NewShare()
	var (
		mu  sync.Mutex
		wg  sync.WaitGroup
		got []tracker.Resource
	)
	for _, s := range []Scanner{lambdaFunction, logGroup, loadBalancer, s3Bucket, iamUser, iamRole} {
		wg.Go(func() {
			err := s.Run(t.Context(), at, func(rs ...tracker.Resource) error {
				mu.Lock()
				defer mu.Unlock()
				got = append(got, rs...)
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n.calls["GetResources"] != 1 || n.calls["GetAccountAuthorizationDetails"] != 1 {
		t.Errorf("calls %v", n.calls)
	}
	if len(got) != 6 {
		t.Errorf("%d resources, want 6", len(got))
	}
	for _, r := range got {
		if global := strings.HasPrefix(string(r.Type), "IAM_"); !global && r.Tags["arn"] != r.ARN {
			t.Errorf("%s has tags %v", r.ARN, r.Tags)
		}
	}
}

// TestShareLargeRegion lists 120 functions, 50 to a page, in a region with more
// tagged resources than one answer holds.
func TestShareLargeRegion(t *testing.T) {
	const functions, page = 120, 50
	var asked []int
	var emitted []int
	got := map[string]map[string]string{}
	aws := func(c call) (int, string) {
		switch c.op {
		case "ListFunctions":
			first := 0
			if _, marker, ok := strings.Cut(c.text, "Marker="); ok {
				_, _ = fmt.Sscan(marker, &first)
			}
			var rows []string
			for i := first; i < min(first+page, functions); i++ {
				rows = append(rows, fmt.Sprintf(`{"FunctionName": "f%d"}`, i))
			}
			next := "null"
			if first+page < functions {
				next = fmt.Sprintf(`"%d"`, first+page)
			}
			return http.StatusOK, fmt.Sprintf(`{"Functions": [%s], "NextMarker": %s}`, strings.Join(rows, ","), next)
		case "GetResources":
			_, body, _ := strings.Cut(c.text, "\n")
			var in map[string]any
			if err := json.Unmarshal([]byte(body), &in); err != nil {
				t.Error(err)
			}
			list, byARN := in["ResourceARNList"].([]any)
			if !byARN {
				return http.StatusOK, tagged(nil, "more")
			}
			if len(in) != 1 {
				t.Errorf("AWS refuses a list of ARNs together with %v", in)
			}
			asked = append(asked, len(list))
			var arns []string
			for _, arn := range list {
				arns = append(arns, arn.(string))
			}
			return http.StatusOK, tagged(arns, "")
		default:
			return http.StatusTeapot, `{}`
		}
	}
	err := lambdaFunction.Run(t.Context(), target(answers(aws)), func(rs ...tracker.Resource) error {
		emitted = append(emitted, len(rs))
		for _, r := range rs {
			got[r.ARN] = r.Tags
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := []int{100, 20}; !slices.Equal(asked, want) || !slices.Equal(emitted, want) {
		t.Errorf("asked for %v ARNs and emitted %v, want %v", asked, emitted, want)
	}
	for arn, tags := range got {
		if tags["arn"] != arn {
			t.Errorf("%s has tags %v", arn, tags)
		}
	}
	if len(got) != functions {
		t.Errorf("%d functions, want %d", len(got), functions)
	}
}

// TestShareIAM lists every IAM type of a small account with one call for all.
func TestShareIAM(t *testing.T) {
	const details = `<GetAccountAuthorizationDetailsResponse><GetAccountAuthorizationDetailsResult><IsTruncated>false</IsTruncated>
		<UserDetailList><member><UserId>AIDA1</UserId><UserName>u</UserName><Arn>arn:aws:iam::111122223333:user/u</Arn><GroupList><member>g</member></GroupList></member></UserDetailList>
		<GroupDetailList><member><GroupName>g</GroupName><Arn>arn:aws:iam::111122223333:group/g</Arn></member></GroupDetailList>
		<RoleDetailList><member><RoleId>AROA1</RoleId><RoleName>r</RoleName><Arn>arn:aws:iam::111122223333:role/r</Arn></member></RoleDetailList>
		<Policies><member><PolicyName>p</PolicyName><Arn>arn:aws:iam::111122223333:policy/p</Arn></member></Policies>
		</GetAccountAuthorizationDetailsResult></GetAccountAuthorizationDetailsResponse>`
	const keys = `<ListAccessKeysResponse><ListAccessKeysResult><AccessKeyMetadata>
		<member><UserName>u</UserName><AccessKeyId>AKIA1</AccessKeyId><Status>Active</Status></member>
		</AccessKeyMetadata></ListAccessKeysResult></ListAccessKeysResponse>`
	var n counted
	at := target(n.over(func(c call) (int, string) {
		switch c.op {
		case "GetAccountAuthorizationDetails":
			return http.StatusOK, details
		case "ListAccessKeys":
			return http.StatusOK, keys
		case "GetAccessKeyLastUsed":
			return http.StatusOK, `<GetAccessKeyLastUsedResponse><GetAccessKeyLastUsedResult/></GetAccessKeyLastUsedResponse>`
		default:
			return smallRegion(c)
		}
	}))
	at.Share = NewShare()
	var (
		mu  sync.Mutex
		wg  sync.WaitGroup
		got = map[tracker.Type]tracker.Resource{}
	)
	for _, s := range []Scanner{iamAccessKey, iamGroup, iamPolicy, iamRole, iamUser} {
		wg.Go(func() {
			err := s.Run(t.Context(), at, func(rs ...tracker.Resource) error {
				mu.Lock()
				defer mu.Unlock()
				for _, r := range rs {
					r.Metadata["seen"] = true // whoever is emitted to may write
					got[r.Type] = r
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	want := map[string]int{"GetAccountAuthorizationDetails": 1, "ListAccessKeys": 1, "GetAccessKeyLastUsed": 1, "GetResources": 1}
	if !maps.Equal(n.calls, want) {
		t.Errorf("calls %v, want %v", n.calls, want)
	}
	if len(got) != 5 || got["IAM_AccessKey"].Metadata["user"] != "u" {
		t.Errorf("resources %v", got)
	}
	if members, _ := got["IAM_Group"].Metadata["members"].([]string); !slices.Equal(members, []string{"u"}) {
		t.Errorf("members %v", members)
	}
}

// TestTaggedTypes asks for the tags of global resources in one region only.
func TestTaggedTypes(t *testing.T) {
	names := []string{"cloudfront", "iam:policy", "route53:hostedzone"}
	for region, want := range map[string][]string{
		"us-east-1":      names,
		"eu-west-1":      nil,
		"cn-north-1":     {"iam:policy"},
		"cn-northwest-1": {"cloudfront", "route53:hostedzone"},
		"us-gov-west-1":  names,
	} {
		types := taggedTypes(region)
		got := slices.DeleteFunc(slices.Clone(types), func(f string) bool { return !slices.Contains(names, f) })
		if !slices.Equal(got, want) {
			t.Errorf("global types in %s are %q, want %q", region, got, want)
		}
		// More than 100 are refused.
		if !slices.Contains(types, "lambda:function") || len(types) > 100 {
			t.Errorf("types in %s: %q", region, types)
		}
	}
}

func TestShareForgetsFailure(t *testing.T) {
	failing := true
	at := target(answers(func(c call) (int, string) {
		if c.op == "GetResources" && failing {
			failing = false
			return denied(c)
		}
		return smallRegion(c)
	}))
	at.Share = NewShare()
	for _, wantTags := range []int{0, 1, 1} {
		var tags int
		err := lambdaFunction.Run(t.Context(), at, func(rs ...tracker.Resource) error {
			tags += len(rs[0].Tags)
			return nil
		})
		if tags != wantTags || (err != nil) != (wantTags == 0) {
			t.Errorf("%d tags, want %d; error %v", tags, wantTags, err)
		}
	}
}

// TestMemoWait gives up waiting for another's question when its own context ends.
func TestMemoWait(t *testing.T) {
	m := newMemo[int]()
	ctx, cancel := context.WithCancel(t.Context())
	_, err := m.get(t.Context(), func() (int, error) {
		cancel()
		_, err := m.get(ctx, func() (int, error) { return 1, nil })
		return 2, err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if v, err := m.get(t.Context(), func() (int, error) { return 3, nil }); v != 3 || err != nil {
		t.Errorf("after a failure: %d, %v", v, err)
	}
}
