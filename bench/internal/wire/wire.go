// Package wire serves the lists of a simulated account as bytes over HTTP, in
// the protocols and at the sizes of AWS, for measurements of the cost of
// decoding. The simulator decides how many resources a region has. Each resource
// looks like one of items/, under an ID of its own.
package wire

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

//go:embed items
var items embed.FS

// item returns a file of items/ without indentation. AWS sends none, and
// decoding would look dearer with it.
func item(name string) string {
	b, err := items.ReadFile("items/" + name)
	if err != nil {
		panic(err) // the file is not in the program
	}
	var compact strings.Builder
	for line := range strings.Lines(string(b)) {
		compact.WriteString(strings.TrimSpace(line))
	}
	return compact.String()
}

// list is an operation that pages through the resources of a type.
type list struct {
	of         tracker.Type
	item       string
	size       int
	head, tail string // around the items
	token      string // with %d for where the next page begins; goes before tail
	comma      string // between items
}

const ec2Head = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<%[1]sResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>8f7724cf</requestId><%[2]s>`

func ec2List(of tracker.Type, operation, set, file string) list {
	return list{of, item(file), 1000, fmt.Sprintf(ec2Head, operation, set), "</" + operation + "Response>", "</" + set + "><nextToken>%d</nextToken>", ""}
}

func queryList(of tracker.Type, operation, set, file string, size int, token string) list {
	return list{
		of, item(file), size, "<" + operation + "Response><" + operation + "Result><" + set + ">",
		"</" + operation + "Result></" + operation + "Response>", "</" + set + ">" + token, "",
	}
}

const principals = "GetAccountAuthorizationDetails"

// lists are by "service:Operation".
var lists = map[string]list{
	"ec2:DescribeInstances":   ec2List("EC2_Instance", "DescribeInstances", "reservationSet", "instance.xml"),
	"ec2:DescribeVolumes":     ec2List("EBS_Volume", "DescribeVolumes", "volumeSet", "volume.xml"),
	"ec2:DescribeAddresses":   ec2List("Elastic_IP", "DescribeAddresses", "addressesSet", "address.xml"),
	"ec2:DescribeNatGateways": ec2List("NAT_Gateway", "DescribeNatGateways", "natGatewaySet", "nat_gateway.xml"),
	"rds:DescribeDBInstances": queryList("RDS_Instance", "DescribeDBInstances", "DBInstances", "db_instance.xml", 100, "<Marker>%d</Marker>"),
	"elasticloadbalancing:DescribeLoadBalancers": queryList("Load_Balancer", "DescribeLoadBalancers", "LoadBalancers", "load_balancer.xml", 400,
		"<NextMarker>%d</NextMarker>"),
	"iam:User": queryList("IAM_User", principals, "UserDetailList", "user.xml", 1000, "<Marker>%d</Marker><IsTruncated>true</IsTruncated>"),
	"iam:Role": queryList("IAM_Role", principals, "RoleDetailList", "role.xml", 1000, "<Marker>%d</Marker><IsTruncated>true</IsTruncated>"),
	"logs:DescribeLogGroups": {
		"CloudWatch_LogGroup", item("log_group.json"), 50, `{"logGroups":[`, "}", `],"nextToken":"%d"`, ",",
	},
	"lambda:ListFunctions": {
		"Lambda_Function", item("function.json"), 50, `{"Functions":[`, "}", `],"NextMarker":"%d"`, ",",
	},
}

var token = regexp.MustCompile(`(<nextToken>|<Marker>|<NextMarker>|,"nextToken"|,"NextMarker").*`)

// page renders the resources [from, from+size) of total that an account has.
func (l list) page(account, region string, from, total int) []byte {
	to := min(from+l.size, total)
	var b strings.Builder
	b.WriteString(l.head)
	for n := from; n < to; n++ {
		if n > from {
			b.WriteString(l.comma)
		}
		b.WriteString(strings.NewReplacer("{n}", fmt.Sprintf("%s%08x", regionCode(region), n), "{region}", region, "{account}", account).Replace(l.item))
	}
	if to < total {
		fmt.Fprintf(&b, l.token, to)
	} else {
		b.WriteString(token.ReplaceAllString(l.token, ""))
	}
	b.WriteString(l.tail)
	return []byte(b.String())
}

// regionCode makes IDs differ between regions.
func regionCode(region string) string {
	var h uint32
	for _, c := range region {
		h = h*31 + uint32(c)
	}
	return fmt.Sprintf("%09x", h)
}

// Page returns the first page of a list, "ec2:DescribeInstances", with n resources.
func Page(api string, n int) []byte { return lists[api].page("111122223333", "eu-west-1", 0, n) }

// Account is what the lists of an account hold.
type Account interface {
	ID() string
	Regions() []string
	// Count is how many resources of a type a region has, or tracker.Global.
	Count(t tracker.Type, region string) int
}

var _ Account = (*simulator.Account)(nil)

// Handler serves an account. Lists that it does not know are empty.
func Handler(account Account) http.Handler { return handler{account} }

type handler struct{ account Account }

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q, err := read(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	h.answer(w, q)
}

// request is a call, and who makes it.
type request struct {
	*http.Request
	key, region, service, operation string
	form                            url.Values
	body                            []byte
}

var scope = regexp.MustCompile(`Credential=([^/]+)/\d+/([^/]+)/([^/]+)/`)

func read(r *http.Request) (request, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return request{}, err
	}
	signed := scope.FindStringSubmatch(r.Header.Get("Authorization"))
	if signed == nil {
		return request{}, errors.New("not signed")
	}
	form, _ := url.ParseQuery(string(body)) // of other protocols, nothing is asked of it
	return request{r, signed[1], signed[2], signed[3], operationOf(signed[3], r, form), form, body}, nil
}

func (h handler) answer(w http.ResponseWriter, q request) {
	if protocol := q.Header.Get("Smithy-Protocol"); protocol != "" {
		w.Header().Set("Smithy-Protocol", protocol)
		w.Header().Set("Content-Type", "application/cbor")
		_, _ = w.Write([]byte{0xa0}) // an empty map
		return
	}
	_, _ = w.Write(h.content(q.service, q.operation, q.region, q))
}

func operationOf(service string, r *http.Request, form url.Values) string {
	switch {
	case r.Header.Get("Smithy-Protocol") != "":
		return path.Base(r.URL.Path)
	case service == "lambda":
		return "ListFunctions"
	case service == "s3":
		return "ListBuckets"
	case r.Header.Get("X-Amz-Target") != "":
		return strings.TrimPrefix(path.Ext(r.Header.Get("X-Amz-Target")), ".")
	}
	return form.Get("Action")
}

func (h handler) content(service, operation, region string, q request) []byte {
	switch service + ":" + operation {
	case "sts:GetCallerIdentity":
		return fmt.Appendf(nil, "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>%[1]s</Account><Arn>arn:aws:iam::%[1]s:user/wire</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>", h.account.ID())
	case "ec2:DescribeRegions":
		b := fmt.Appendf(nil, ec2Head, operation, "regionInfo")
		for _, region := range h.account.Regions() {
			b = fmt.Appendf(b, "<item><regionName>%s</regionName><optInStatus>opt-in-not-required</optInStatus></item>", region)
		}
		return append(b, "</regionInfo></DescribeRegionsResponse>"...)
	case "s3:ListBuckets":
		return h.buckets()
	case "tagging:GetResources":
		return tagged(q.body)
	case "iam:" + principals:
		service, operation = "iam", q.form.Get("Filter.member.1")
		if q.form.Get("Filter.member.2") != "" {
			return fmt.Appendf(nil, "<%[1]sResponse><%[1]sResult><IsTruncated>true</IsTruncated><Marker>0</Marker></%[1]sResult></%[1]sResponse>", principals)
		}
		region = tracker.Global
	}
	l, ok := lists[service+":"+operation]
	if !ok || service == "elasticloadbalancing" && q.form.Get("Version") == "2012-06-01" { // classic ones
		if q.form.Get("Action") == "" {
			return []byte("{}")
		}
		return fmt.Appendf(nil, "<%[1]sResponse><%[1]sResult/></%[1]sResponse>", operation)
	}
	total := h.account.Count(l.of, region)
	if operation == "DescribeAddresses" {
		l.size = total
	}
	return l.page(h.account.ID(), region, from(q), total)
}

// from returns where a page begins. The token of a list may have any name.
func from(q request) int {
	sent := q.URL.Query().Get("Marker") + q.form.Get("NextToken") + q.form.Get("Marker")
	var in struct {
		NextToken string `json:"nextToken"`
	}
	if json.Unmarshal(q.body, &in) == nil {
		sent += in.NextToken
	}
	n, _ := strconv.Atoi(sent) // none is the first page
	return n
}

func (h handler) buckets() []byte {
	b := []byte("<ListAllMyBucketsResult><Buckets>")
	for _, region := range h.account.Regions() {
		l := list{item: item("bucket.xml"), size: 10_000}
		b = append(b, l.page(h.account.ID(), region, 0, h.account.Count("S3_Bucket", region))...)
	}
	return append(b, "</Buckets></ListAllMyBucketsResult>"...)
}

// tagged answers the tags of the ARNs in the request. Without ARNs it answers
// that there are more than a page.
func tagged(body []byte) []byte {
	var in struct{ ResourceARNList []string }
	if err := json.Unmarshal(body, &in); err != nil || len(in.ResourceARNList) == 0 {
		return []byte(`{"ResourceTagMappingList":[],"PaginationToken":"more"}`)
	}
	b := []byte(`{"ResourceTagMappingList":[`)
	for i, arn := range in.ResourceARNList {
		if i > 0 {
			b = append(b, ',')
		}
		b = fmt.Appendf(b, `{"ResourceARN":%q,"Tags":[{"Key":"Environment","Value":"production"},{"Key":"Team","Value":"search and discovery"}]}`, arn)
	}
	return append(b, `],"PaginationToken":""}`...)
}
