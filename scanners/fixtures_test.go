package scanners

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go/encoding/cbor"
)

// target is where tests look: answers is what AWS says there.
func target(answers aws.HTTPClient) Target {
	return Target{
		AccountID: "111122223333",
		Config: aws.Config{
			Region:      "eu-west-1",
			Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
			HTTPClient:  answers,
			Retryer:     func() aws.Retryer { return aws.NopRetryer{} },
		},
	}
}

// answers is AWS as a function of one call. The answer is in the service's
// format, but JSON for CloudWatch too.
type answers func(c call) (status int, body string)

// call is one request to AWS.
type call struct {
	service, op, region string
	text                string // URL and body
}

func (f answers) Do(req *http.Request) (*http.Response, error) {
	c := call{
		service: awsmiddleware.GetServiceID(req.Context()),
		op:      awsmiddleware.GetOperationName(req.Context()),
		region:  awsmiddleware.GetRegion(req.Context()),
		text:    req.URL.String(),
	}
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		c.text += "\n" + string(body)
	}
	status, text := f(c)
	res := &http.Response{StatusCode: status, Header: http.Header{}, Request: req}
	body := []byte(text)
	if c.service == "CloudWatch" {
		res.Header.Set("Smithy-Protocol", "rpc-v2-cbor")
		res.Header.Set("Content-Type", "application/cbor")
		var v any
		if err := json.Unmarshal(body, &v); err != nil {
			return nil, fmt.Errorf("answer to %s: %w", c.op, err)
		}
		body = cbor.Encode(toCBOR("", v))
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

// toCBOR encodes what JSON can say, and times and integers under names that
// mean those.
func toCBOR(name string, v any) cbor.Value {
	switch v := v.(type) {
	case string:
		return cbor.String(v)
	case bool:
		return cbor.Bool(v)
	case float64:
		if strings.HasSuffix(name, "Timestamps") || strings.HasSuffix(name, "Timestamp") {
			return &cbor.Tag{ID: 1, Value: cbor.Float64(v)}
		}
		if name == "Period" || name == "EvaluationPeriods" {
			return cbor.Uint(v)
		}
		return cbor.Float64(v)
	case []any:
		list := cbor.List{}
		for _, item := range v {
			list = append(list, toCBOR(name, item))
		}
		return list
	case map[string]any:
		m := cbor.Map{}
		for k, item := range v {
			m[k] = toCBOR(k, item)
		}
		return m
	default:
		return &cbor.Nil{}
	}
}

// fixtures answers calls with recordings, testdata/<type>/<Operation>.<n>.<ext>:
// the n-th answer to the operation. In <Operation>.<words>.<n>.<ext> it is the
// n-th answer to requests that contain the words, for operations that are called
// for several things.
type fixtures struct {
	dir   string
	files map[chain][]string // the paths of a chain's answers, in order

	mu       sync.Mutex
	asked    map[chain]int
	previous map[chain]string // the token of the chain's latest answer
	followed map[string]bool  // operations whose token came back in a request
	actions  map[string]bool  // IAM actions that the calls need
	problems []string
}

type chain struct{ op, words string }

func readFixtures(t *testing.T, dir string) *fixtures {
	t.Helper()
	f := &fixtures{
		dir: dir, files: map[chain][]string{}, asked: map[chain]int{},
		previous: map[chain]string{}, followed: map[string]bool{}, actions: map[string]bool{},
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*.*.*"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(paths)
	for _, p := range paths {
		stem := strings.TrimSuffix(filepath.Base(p), filepath.Ext(p))
		op, rest, _ := strings.Cut(stem, ".")
		words, n := "", rest
		if i := strings.LastIndex(rest, "."); i >= 0 {
			words, n = rest[:i], rest[i+1:]
		}
		c := chain{op, words}
		f.files[c] = append(f.files[c], p)
		if n != strconv.Itoa(len(f.files[c])) {
			t.Errorf("%s is not number %d of its chain", p, len(f.files[c]))
		}
	}
	return f
}

var token = regexp.MustCompile(`(?:<(?:nextToken|NextToken|NextMarker|Marker|ContinuationToken)>|"(?:nextToken|NextToken|NextMarker|Marker|PaginationToken|nextPageToken|position|LastEvaluatedTableName)":\s*")([^<"]+)|"([^"]+)"\s*\],\s*"HasMoreDeliveryStreams": true`)

func (f *fixtures) answer(c call) (int, string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.actions[action(c)] = true

	var best chain
	found := false
	for ch := range f.files {
		if ch.op == c.op && strings.Contains(c.text, ch.words) && (!found || len(ch.words) > len(best.words)) {
			best, found = ch, true
		}
	}
	n := f.asked[best]
	if !found || n >= len(f.files[best]) {
		f.problems = append(f.problems, fmt.Sprintf("no recording for call %d of %s: %.300s", n+1, c.op, c.text))
		return http.StatusTeapot, "{}"
	}
	f.asked[best]++
	if want := f.previous[best]; want != "" {
		if !carries(c.text, want) {
			f.problems = append(f.problems, fmt.Sprintf("call %d of %s lacks the token %s: %.300s", n+1, c.op, want, c.text))
		}
		f.followed[c.op] = true
	}
	body, err := os.ReadFile(f.files[best][n])
	if err != nil {
		f.problems = append(f.problems, err.Error())
	}
	f.previous[best] = ""
	if m := token.FindSubmatch(body); m != nil {
		f.previous[best] = string(m[1]) + string(m[2])
	}
	return http.StatusOK, string(body)
}

// carries reports whether a request holds a token, which is escaped in a URL or
// a form, and plain in JSON and CBOR.
func carries(request, token string) bool {
	return strings.Contains(request, token) || strings.Contains(request, url.QueryEscape(token))
}

// unused returns the recordings that nobody asked for.
func (f *fixtures) unused() []string {
	var left []string
	for c, paths := range f.files {
		left = append(left, paths[f.asked[c]:]...)
	}
	return slices.Sorted(slices.Values(left))
}

// unpaged returns the operations that were called, page, and were never asked
// for a second page.
func (f *fixtures) unpaged() []string {
	onePage := map[string]bool{
		"DescribeAddresses": true, "DescribeTags": true, "GetBucketLocation": true,
		"DescribeReservedInstances": true, "DescribeVpnConnections": true, "GetAccessKeyLastUsed": true, "DescribeCluster": true,
		"DescribeClusters": true, "DescribeNodegroup": true, "DescribeServices": true, "DescribeTaskDefinition": true, "DescribeDeliveryStream": true,
		"DescribeDomains": true, "DescribeEndpoint": true, "DescribeEndpointConfig": true, "DescribeNotebookInstance": true,
		"DescribeStreamSummary": true, "DescribeTable": true, "DescribeWorkspacesConnectionStatus": true, "ListDomainNames": true,
		"DescribeCertificate": true, "DescribeCustomerGateways": true, "DescribeKey": true, "DescribeKeyPairs": true,
		"DescribeUserPool": true, "DescribeVpnGateways": true, "GetQueueAttributes": true, "GetTopicAttributes": true,
		"GetResources": true, // either one page, or by ARN, which has no pages
	}
	ops := map[string]bool{}
	for c := range f.asked {
		if !onePage[c.op] && !f.followed[c.op] {
			ops[c.op] = true
		}
	}
	return slices.Sorted(maps.Keys(ops))
}

// action names the IAM action that a call needs.
func action(c call) string {
	prefix := map[string]string{
		"CloudWatch": "cloudwatch", "CloudWatch Logs": "logs", "EC2": "ec2",
		"Elastic Load Balancing": "elasticloadbalancing", "Elastic Load Balancing v2": "elasticloadbalancing",
		"Auto Scaling": "autoscaling", "ECS": "ecs", "EKS": "eks", "Lightsail": "lightsail", "savingsplans": "savingsplans",
		"IAM": "iam", "Lambda": "lambda", "RDS": "rds", "Resource Groups Tagging API": "tag", "S3": "s3",
		"Backup": "backup", "DynamoDB": "dynamodb", "EFS": "elasticfilesystem", "ElastiCache": "elasticache",
		"EMR": "elasticmapreduce", "Firehose": "firehose", "FSx": "fsx", "Glue": "glue", "Kafka": "kafka",
		"Kinesis": "kinesis", "MemoryDB": "memorydb", "OpenSearch": "es", "Redshift": "redshift",
		"SageMaker": "sagemaker", "WorkSpaces": "workspaces",
		"ACM": "acm", "CloudFormation": "cloudformation", "CloudFront": "cloudfront",
		"Cognito Identity Provider": "cognito-idp", "ECR": "ecr", "EventBridge": "events", "KMS": "kms",
		"Route 53": "route53", "SFN": "states", "SNS": "sns", "SQS": "sqs",
		"SSM": "ssm", "Secrets Manager": "secretsmanager",
	}[c.service]
	if c.service == "API Gateway" || c.service == "ApiGatewayV2" {
		return "apigateway:GET" // its actions are methods of HTTP
	}
	a := prefix + ":" + c.op
	if a == "s3:ListBuckets" {
		return "s3:ListAllMyBuckets"
	}
	return a
}
