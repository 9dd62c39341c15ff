package scanners

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/middleware"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// cost is what a scan of one type calls in one region.
type cost struct {
	Thousand int               `json:"calls_for_1000"` // all operations together
	Formula  map[string]string `json:"calls"`          // by operation, for n resources
}

// TestCalls counts the calls of every Scanner over a thousand resources and
// compares with testdata/calls.json: a look-up for each resource, or a page
// smaller than before, does not come in unseen.
func TestCalls(t *testing.T) {
	costs := map[tracker.Type]cost{}
	for _, s := range Catalog {
		t.Run(string(s.Type), func(t *testing.T) { costs[s.Type] = costOf(t, s) })
	}
	if len(costs) == len(Catalog) { // and not a few picked with -run, or failing ones
		golden(t, callsFile, costs)
	}
}

const (
	thousand  = 1000
	callsFile = "testdata/calls.json"
)

func costOf(t *testing.T, s Scanner) cost {
	t.Helper()
	c := &crowd{
		recorded: readFixtures(t, filepath.Join("testdata", strings.ToLower(string(s.Type)))),
		of:       s.Type,
		calls:    map[string]int{}, sizes: map[string]int{},
	}
	at := target(answers(c.answer))
	at.Config.APIOptions = []func(*middleware.Stack) error{func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("crowd", c.intercept), middleware.After)
	}}
	emitted := 0
	err := s.Run(t.Context(), at, func(rs ...tracker.Resource) error {
		emitted += len(rs)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// Of two lists that are one type, the other has what was recorded.
	if emitted < thousand || emitted > thousand+5 {
		t.Errorf("%d resources, want %d", emitted, thousand)
	}
	sum := cost{Formula: map[string]string{}}
	for op, n := range c.calls {
		sum.Thousand += n
		sum.Formula[op] = formula(n, c.sizes[op])
	}
	return sum
}

// formula says how many calls n resources take, where a thousand take calls of
// which each is about size, or about none in particular when that is zero.
func formula(calls, size int) string {
	if size == 0 && calls == thousand {
		size = 1
	}
	if size == 0 {
		return strconv.Itoa(calls)
	}
	pages := (thousand + size - 1) / size
	times, more := calls/pages, calls%pages
	if pages == 1 {
		times, more = 1, calls-1
	}
	f := "n"
	if times > 1 && size%times == 0 {
		size, times = size/times, 1
	}
	if times > 1 {
		f = fmt.Sprintf("%d n", times)
	}
	if size > 1 {
		f += fmt.Sprintf("/%d", size)
	}
	if more > 0 {
		f = fmt.Sprintf("%d + %s", more, f)
	}
	return f
}

// crowd is an account with a thousand resources of one type. It answers with the type's
// recordings, whatever page is asked for, and repeats one resource of the answer
// to the type's list until there are as many. What belongs to a resource stays as it
// was recorded, and one page of it.
type crowd struct {
	recorded *fixtures
	of       tracker.Type

	mu    sync.Mutex
	first string         // the operation of the first call
	calls map[string]int // by operation
	sizes map[string]int // the most resources that a call of an operation was about
}

func (c *crowd) answer(call call) (int, string) {
	chains := slices.DeleteFunc(slices.Collect(maps.Keys(c.recorded.files)), func(ch chain) bool { return ch.op != call.op })
	if len(chains) == 0 {
		return http.StatusTeapot, "{}"
	}
	best := slices.MaxFunc(chains, func(a, b chain) int {
		return cmp.Or(cmp.Compare(fit(call, a), fit(call, b)), cmp.Compare(a.words, b.words))
	})
	recording := 0
	if call.op == "ListBuckets" {
		recording = 1 // the first has buckets without their region, which AWS always says
	}
	body, err := os.ReadFile(c.recorded.files[best][recording])
	if err != nil {
		return http.StatusTeapot, "{}"
	}
	return http.StatusOK, string(body)
}

// fit is how well a recording fits a call.
func fit(call call, ch chain) int {
	switch {
	case call.op == "GetAccountAuthorizationDetails": // the words are of kinds that are not there
		return -len(ch.words)
	case strings.Contains(call.text, ch.words):
		return len(ch.words)
	default:
		return -1
	}
}

// intercept changes the answer that the SDK has read.
func (c *crowd) intercept(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	op := sdk.Operation(in.Parameters)
	c.mu.Lock()
	if c.first == "" {
		c.first = op
	}
	isList := op == c.first
	c.calls[op]++
	c.mu.Unlock()
	if named := c.recorded.Lists; named != nil {
		isList = slices.Contains(named, op)
	}
	out, metadata, err := next.HandleInitialize(ctx, in)
	if err != nil {
		return out, metadata, err
	}
	ask, answer := reflect.ValueOf(in.Parameters).Elem(), reflect.ValueOf(out.Result).Elem()
	switch asked := asked(ask); {
	case isList:
		err = c.page(op, ask, answer)
	case op == "resourcegroupstaggingapi.GetResources" && ask.FieldByName("ResourceARNList").Len() == 0:
		// A region this full has more tags than a page.
		answer.FieldByName("PaginationToken").Set(reflect.ValueOf(aws.String("more")))
	default:
		end(answer)
		if asked > 1 {
			c.about(op, asked)
			if _, list, ok := items(answer, ""); ok {
				repeat(list, 0, asked)
			}
		}
	}
	return out, metadata, err
}

// about notes that a call was about n resources.
func (c *crowd) about(op string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sizes[op] = max(c.sizes[op], n)
}

// page makes answer the page of a list that ask asks for.
func (c *crowd) page(op string, ask, answer reflect.Value) error {
	holder, list, ok := items(answer, c.recorded.Item)
	if !ok {
		return fmt.Errorf("the recording of %s lists nothing", op)
	}
	size := cmp.Or(sizeOf(ask), c.recorded.PageSizes[op])
	first := 0
	if sent := sentToken(ask); sent != "" {
		after, err := strconv.Atoi(last(sent, "-"))
		if err != nil {
			return fmt.Errorf("token %q of %s", sent, op)
		}
		first = after + 1
	}
	token, paged := end(answer)
	if size == 0 {
		if paged {
			return fmt.Errorf("%s takes no page size", op)
		}
		size = thousand // all there are
	} else {
		c.about(op, size)
	}
	for _, f := range fields(holder) {
		if f.value.Kind() == reflect.Slice && f.value.Addr().UnsafePointer() != list.Addr().UnsafePointer() {
			f.value.SetZero()
		}
	}
	if i := c.recorded.Sample; i < list.Len() {
		list.Index(0).Set(list.Index(i))
	}
	count := min(size, thousand-first)
	repeat(list, first, count)
	if first+count < thousand {
		token(fmt.Sprintf("t-%d", first+count-1))
	}
	return nil
}

type field struct {
	name  string
	value reflect.Value
}

// fields returns the exported fields of a struct.
func fields(v reflect.Value) []field {
	var fs []field
	for f, value := range v.Fields() {
		if f.IsExported() && f.Name != "ResultMetadata" {
			fs = append(fs, field{f.Name, value})
		}
	}
	return fs
}

// holders returns an answer and the structs in it: some lists are in one.
func holders(answer reflect.Value) []reflect.Value {
	all := []reflect.Value{answer}
	for _, f := range fields(answer) {
		if f.value.Kind() == reflect.Pointer && !f.value.IsNil() && f.value.Elem().Kind() == reflect.Struct {
			all = append(all, f.value.Elem())
		}
	}
	return all
}

// items returns the list of an answer, which has a name or is any that is not
// empty, and the struct that it is in.
func items(answer reflect.Value, name string) (holder, list reflect.Value, ok bool) {
	for _, h := range holders(answer) {
		for _, f := range fields(h) {
			if f.value.Kind() == reflect.Slice && f.value.Len() > 0 && (name == "" || f.name == name) {
				return h, f.value, true
			}
		}
	}
	return holder, list, false
}

// repeat makes a list count times its first item. Names are made different, as
// the number of what comes first.
func repeat(list reflect.Value, first, count int) {
	many := reflect.MakeSlice(list.Type(), count, count)
	for i := range count {
		many.Index(i).Set(list.Index(0))
		if list.Type().Elem().Kind() == reflect.String {
			many.Index(i).SetString(fmt.Sprintf("%s-%d", list.Index(0), first+i))
		}
	}
	list.Set(many)
}

// asked counts the resources that a request names.
func asked(ask reflect.Value) int {
	for _, f := range fields(ask) {
		if f.value.Kind() == reflect.Slice && f.value.Len() > 0 {
			return f.value.Len()
		}
	}
	return 0
}

// sizeOf returns the page size that a request asks for, if it does.
func sizeOf(ask reflect.Value) int {
	for _, f := range fields(ask) {
		switch f.name {
		case "MaxResults", "MaxItems", "MaxRecords", "MaxBuckets", "MaxDirectoryBuckets", "PageSize", "Limit", "ResourcesPerPage":
			if v := reflect.Indirect(f.value); v.IsValid() && v.CanInt() {
				return int(v.Int())
			}
			if v := reflect.Indirect(f.value); v.IsValid() && v.Kind() == reflect.String {
				n, _ := strconv.Atoi(v.String())
				return n
			}
		}
	}
	return 0
}

var tokenNames = []string{
	"NextToken", "NextMarker", "Marker", "ContinuationToken", "PaginationToken", "NextPageToken", "PageToken", "Position",
	"LastEvaluatedTableName", "ExclusiveStartTableName", "ExclusiveStartDeliveryStreamName",
}

func sentToken(ask reflect.Value) string {
	for _, f := range fields(ask) {
		if p, ok := reflect.TypeAssert[*string](f.value); ok && slices.Contains(tokenNames, f.name) && p != nil {
			return *p
		}
	}
	return ""
}

// end makes an answer the last page. It returns what makes it another again, by
// a token, and whether the recording was.
func end(answer reflect.Value) (again func(token string), paged bool) {
	var tokens, flags []reflect.Value
	for _, h := range holders(answer) {
		for _, f := range fields(h) {
			_, isText := reflect.TypeAssert[*string](f.value)
			switch {
			case slices.Contains(tokenNames, f.name) && isText:
				paged = paged || !f.value.IsNil()
				// What was asked for comes back beside the next token.
				if f.name != "Marker" || !h.FieldByName("NextMarker").IsValid() {
					tokens = append(tokens, f.value)
				}
				f.value.SetZero()
			case f.name == "IsTruncated" || f.name == "Truncated" || f.name == "HasMoreDeliveryStreams":
				paged = true
				flags = append(flags, f.value)
				f.value.SetZero()
			}
		}
	}
	return func(token string) {
		for _, v := range tokens {
			v.Set(reflect.ValueOf(&token))
		}
		for _, v := range flags {
			if v.Kind() == reflect.Pointer {
				v.Set(reflect.ValueOf(aws.Bool(true)))
				continue
			}
			v.SetBool(true)
		}
	}, paged
}
