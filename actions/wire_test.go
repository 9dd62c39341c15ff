package actions

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// wire is AWS as answers to operations, in their services' formats. An answer
// that is no document is an error code.
type wire map[string]string

func (w wire) Do(req *http.Request) (*http.Response, error) {
	op := awsmiddleware.GetOperationName(req.Context())
	body, ok := w[op]
	status := http.StatusOK
	if !ok {
		return nil, fmt.Errorf("nobody expected %s", op)
	}
	if body == empty {
		body = nothing(op)
	}
	if !strings.HasPrefix(body, "<") && !strings.HasPrefix(body, "{") && body != "" {
		status = http.StatusBadRequest
		switch awsmiddleware.GetServiceID(req.Context()) {
		case "EC2":
			body = "<Response><Errors><Error><Code>" + body + "</Code><Message>said so</Message></Error></Errors></Response>"
		case "S3":
			body = "<Error><Code>" + body + "</Code><Message>said so</Message></Error>"
		case "RDS", "Redshift", "ElastiCache":
			body = "<ErrorResponse><Error><Code>" + body + "</Code><Message>said so</Message></Error></ErrorResponse>"
		default:
			body = `{"__type":"` + body + `","message":"said so"}`
		}
	}
	return answer(req, status, body), nil
}

// empty is an answer with nothing in it.
const empty = "<R/>"

// nothing spells empty for an operation, whose name some services want in it.
func nothing(op string) string { return "<R><" + op + "Result></" + op + "Result></R>" }

func answer(req *http.Request, status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"X-Amzn-Requestid": {"request-1"}}, Request: req,
		Body: io.NopCloser(bytes.NewReader([]byte(body))),
	}
}

func wireTarget(client aws.HTTPClient, calls *recorder) Target {
	return Target{
		AccountID: motoAccount,
		Config: calls.on(aws.Config{
			Region: "eu-west-1", HTTPClient: client,
			Credentials: credentials.NewStaticCredentialsProvider("AKIATEST", "secret", ""),
			Retryer:     func() aws.Retryer { return aws.NopRetryer{} },
		}),
	}
}

// tagServer keeps the tags of resources, as EC2 and the tagging API do.
type tagServer struct {
	mu   sync.Mutex
	tags map[string]map[string]string
}

func (s *tagServer) Do(req *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	op := awsmiddleware.GetOperationName(req.Context())
	if awsmiddleware.GetServiceID(req.Context()) == "EC2" {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, err
		}
		return answer(req, http.StatusOK, s.ec2(op, form)), nil
	}
	var in struct {
		ResourceARNList []string
		Tags            map[string]string
		TagKeys         []string
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, err
	}
	return answer(req, http.StatusOK, s.api(op, in.ResourceARNList[0], in.Tags, in.TagKeys)), nil
}

func (s *tagServer) set(id string, tags map[string]string) {
	if s.tags[id] == nil {
		s.tags[id] = map[string]string{}
	}
	maps.Copy(s.tags[id], tags)
}

func (s *tagServer) ec2(op string, form url.Values) string {
	if op == "DescribeTags" {
		var items strings.Builder
		id := form.Get("Filter.1.Value.1")
		for k, v := range s.tags[id] {
			fmt.Fprintf(&items, "<item><resourceId>%s</resourceId><key>%s</key><value>%s</value></item>", id, k, v)
		}
		return "<DescribeTagsResponse><tagSet>" + items.String() + "</tagSet></DescribeTagsResponse>"
	}
	id := form.Get("ResourceId.1")
	for i := 1; form.Has(fmt.Sprintf("Tag.%d.Key", i)); i++ {
		key := form.Get(fmt.Sprintf("Tag.%d.Key", i))
		if op == "CreateTags" {
			s.set(id, map[string]string{key: form.Get(fmt.Sprintf("Tag.%d.Value", i))})
		} else {
			delete(s.tags[id], key)
		}
	}
	return "<Response><return>true</return></Response>"
}

func (s *tagServer) api(op, arn string, tags map[string]string, keys []string) string {
	switch op {
	case "TagResources":
		s.set(arn, tags)
	case "UntagResources":
		for _, k := range keys {
			delete(s.tags[arn], k)
		}
	case "GetResources":
		type pair struct{ Key, Value string }
		mapping := struct {
			ResourceARN string
			Tags        []pair
		}{ResourceARN: arn, Tags: []pair{}}
		for k, v := range s.tags[arn] {
			mapping.Tags = append(mapping.Tags, pair{k, v})
		}
		slices.SortFunc(mapping.Tags, func(a, b pair) int { return strings.Compare(a.Key, b.Key) })
		b, _ := json.Marshal(map[string]any{"ResourceTagMappingList": []any{mapping}})
		return string(b)
	}
	return "{}"
}
