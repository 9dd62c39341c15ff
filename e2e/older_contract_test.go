package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	olderKey    = "key1" // as the earlier service's documents have it
	olderSecret = "a-signing-secret-of-32-bytes-or-more"
	olderOrigin = "http://localhost:5173"
	olderKeys   = `"access_key_id":"AKIAEXAMPLE","secret_access_key":"example"`
)

// startOlder starts the demo with the settings of an earlier deployment, and with the one
// that lets its clients be.
func startOlder(t *testing.T, simulated string) string {
	t.Helper()
	d := newDemo(t, simulated, "COMPATIBILITY=v1", "CORS_ORIGINS="+olderOrigin,
		"SECRET_KEY="+olderSecret, "VALID_API_KEYS="+olderKey+",key2,key3", "FLASK_ENV=production", "FLASK_DEBUG=False", "DEBUG=False",
		"AWS_MAX_WORKERS=5", "AWS_REQUEST_TIMEOUT=30", "AWS_MAX_RETRIES=3", "SCAN_CACHE_TTL_HOURS=1", "SCAN_TIMEOUT_SECONDS=600", "LOG_LEVEL=WARNING", "LOG_FILE=app.log",
		"JWT_EXPIRATION_HOURS=24", "ENVIRONMENT=production", "AWS_DEFAULT_REGION=us-east-1", "ACTION_WAIT_SECONDS=30")
	for _, risk := range []string{"VALID_API_KEYS has keys that can be guessed", "change resources at once"} {
		if !strings.Contains(d.api.output(), risk) {
			t.Errorf("the start does not warn: %s", risk)
		}
	}
	return d.url()
}

// deniedRegion is a demo whose credentials may not look at EC2 in one region.
const deniedRegion = `{"transition":"200ms","faults":[{"service":"ec2","region":"eu-west-2","kind":"denied"}]}`

func olderToken(t *testing.T, claims jwt.MapClaims) string {
	t.Helper()
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(olderSecret))
	if err != nil {
		t.Fatal(err)
	}
	return "Bearer " + token
}

// olderCall sends what an earlier client sends. The key goes along unless there is
// another header.
func olderCall(t *testing.T, method, url, body string, header ...string) (int, string, http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-API-Key", olderKey)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b), resp.Header
}

// doing is a change of a resource, by verb.
func doing(id, kind, region string) func(verb string) string {
	return func(verb string) string {
		return fmt.Sprintf(`{"resource_id":%q,"resource_type":%q,"region":%q,"action":%q}`, id, kind, region, verb)
	}
}

// lacks says what of want, in JSON, is not in got: members of objects, and whole other
// values. "…" stands for anything but null.
func lacks(at string, want, got any) []string {
	object, ok := want.(map[string]any)
	if !ok {
		if want == "…" && got != nil || reflect.DeepEqual(want, got) {
			return nil
		}
		return []string{fmt.Sprintf("%s is %v, want %v", at, got, want)}
	}
	var all []string
	has, _ := got.(map[string]any)
	for name, value := range object {
		member, ok := has[name]
		if !ok {
			all = append(all, at+"."+name+" is missing")
			continue
		}
		all = append(all, lacks(at+"."+name, value, member)...)
	}
	return all
}

// TestOlderContract holds the wire contract of the earlier service, line by line.
func TestOlderContract(t *testing.T) {
	t.Parallel() // it waits most of the time
	url := startOlder(t, deniedRegion)
	hour := time.Now().Add(time.Hour).Unix()
	code, scanned, _ := olderCall(t, "POST", url+"/api/v1/scan", `{`+olderKeys+`,"max_workers":5}`)
	if code != 200 {
		t.Fatal(code, scanned)
	}
	var scan struct {
		Data struct {
			Resources []map[string]any
			Errors    []struct{ Type, Message string }
		}
	}
	if err := json.Unmarshal([]byte(scanned), &scan); err != nil {
		t.Fatal(err)
	}
	taken := map[any]bool{}
	// one is another resource of a type in a state, as requests for changes name it. No rule
	// guards instances for development.
	one := func(kind, state string) (id, of, region string) {
		for _, r := range scan.Data.Resources {
			free := kind != "EC2_Instance" || r["tags"].(map[string]any)["Environment"] == "dev"
			if r["resource_type"] == kind && r["state"] == state && free && !taken[r["resource_id"]] {
				taken[r["resource_id"]] = true
				return r["resource_id"].(string), kind, r["region"].(string)
			}
		}
		t.Fatalf("the demo has no %s %s", state, kind)
		return
	}
	running, address, volume := doing(one("EC2_Instance", "running")), doing(one("Elastic_IP", "unassociated")), doing(one("EBS_Volume", "available"))
	inMany := doing(one("EC2_Instance", "running"))
	act := func(change string) string { return `{` + olderKeys + `,` + change[1:] }
	change := func(id, kind, region, verb string) string { return doing(id, kind, region)(verb) }
	bulk := func(changes ...string) string {
		return `{` + olderKeys + `,"actions":[` + strings.Join(changes, ",") + `]}`
	}
	three := `[{"resource_id":"a","resource_type":"EC2_Instance","region":"eu-west-1","state":"running","tags":{"Env":"prod"}},` +
		`{"resource_id":"b","resource_type":"EC2_Instance","region":"eu-west-1","state":"stopped","tags":{"Env":"prod"}},` +
		`{"resource_id":"c","resource_type":"S3_Bucket","region":"eu-west-1","state":"active","tags":{}}]`
	const (
		action   = "/api/v1/resources/action"
		inBulk   = "/api/v1/resources/bulk-action"
		filtered = "/api/v1/resources/filter"
		missing  = `{"success":false,"error":"Missing required fields: resource_id, resource_type, region, action"}`
		nothing  = "i-00000000000000000"
	)
	for _, row := range []struct {
		name, method, path, body string
		header                   []string
		status                   int
		want                     string
	}{
		{"no key", "POST", "/api/v1/scan", "{}", []string{"X-API-Key", ""}, 401, `{"error":"Missing authentication"}`},
		{"a wrong key", "POST", filtered, "{}", []string{"X-API-Key", "nope"}, 401, `{"error":"Invalid API key"}`},
		{"no bearer", "POST", action, "{}", []string{"Authorization", "Basic x"}, 401, `{"error":"Invalid authorization header"}`},
		{"a bad token wins over a good key", "POST", inBulk, "{}", []string{"Authorization", "Bearer x"}, 401, `{"error":"Invalid token"}`},
		{"a token without a subject", "POST", filtered, `{"resources":[],"filters":{}}`, []string{"Authorization", olderToken(t, jwt.MapClaims{"user": "x", "exp": hour})}, 200, `{"success":true,"total":0}`},
		{"a token without an expiry", "POST", filtered, `{}`, []string{"Authorization", olderToken(t, jwt.MapClaims{"sub": "x"})}, 401, `{"error":"Invalid token"}`},

		{"health", "GET", "/health", "", []string{"X-API-Key", ""}, 200, `{"status":"healthy","timestamp":"…","service":"AWS Resource Tracker","version":"1.0.0"}`},
		{"health of the front end", "GET", "/api/v1/health", "", []string{"X-API-Key", ""}, 200, `{"status":"healthy"}`},

		{"scan by headers", "POST", "/api/v1/scan", "{}", []string{"X-AWS-Access-Key", "AKIAEXAMPLE", "X-AWS-Secret-Key", "example"}, 200, `{"success":true,"data":{"timestamp":"…"}}`},
		{"scan without credentials", "POST", "/api/v1/scan", `{"max_workers":5}`, nil, 400, `{"success":false,"error":"AWS credentials missing from request"}`},
		{"scan without workers", "POST", "/api/v1/scan", `{` + olderKeys + `,"max_workers":0}`, nil, 400, `{"success":false,"error":"…"}`},
		{"scan with many workers", "POST", "/api/v1/scan", `{` + olderKeys + `,"max_workers":100}`, nil, 200, `{"success":true}`},
		{"scan with a list", "POST", "/api/v1/scan", `[]`, nil, 400, `{"success":false,"error":"…"}`},
		{"scan with what is no JSON", "POST", "/api/v1/scan", `x`, nil, 400, `{"success":false,"error":"…"}`},

		{"listing", "GET", "/api/v1/resources?resource_type=S3_Bucket&region=&state=", "", nil, 200, `{"message":"…","docs":"/api/v1/docs","success":true,"resources":"…"}`},

		{"filter by nothing", "POST", filtered, `{"resources":` + three + `,"filters":{}}`, nil, 200, `{"success":true,"total":3}`},
		{"filter by all", "POST", filtered, `{"resources":` + three + `,"filters":{"resource_type":"EC2_Instance","region":"eu-west-1","state":"running","tags":{"Env":"prod"}}}`, nil, 200, `{"success":true,"total":1}`},
		{"filter by an empty region", "POST", filtered, `{"resources":` + three + `,"filters":{"region":""}}`, nil, 200, `{"total":3}`},
		{"filter by tags that are null", "POST", filtered, `{"resources":` + three + `,"filters":{"tags":null}}`, nil, 200, `{"success":true,"total":3}`},
		{"filter alias", "POST", "/filter-resources", `{"resources":` + three + `,"filters":{"state":"stopped"}}`, nil, 200, `{"success":true,"total":1}`},

		{"action without fields", "POST", action, `{` + olderKeys + `}`, nil, 400, missing},
		{"action that is null", "POST", action, `{` + olderKeys + `,"resource_id":"i","resource_type":"EC2_Instance","region":"eu-west-1","action":null}`, nil, 400, missing},
		{"action that there is not", "POST", action, act(change("i", "EC2_Instance", "eu-west-1", "NUKE")), nil, 400, `{"success":false,"error":"Invalid action. Supported: stop, delete, terminate"}`},
		{
			"action that the type has not", "POST", action, act(change("b", "S3_Bucket", "eu-west-1", "stop")), nil, 400,
			`{"success":false,"resource_id":"b","resource_type":"S3_Bucket","action":"stop","message":"Unsupported action stop for resource type S3_Bucket","verification_status":"failed","error":"…"}`,
		},
		{"action without credentials", "POST", action, change("i", "EC2_Instance", "eu-west-1", "stop"), nil, 400, `{"success":false,"error":"AWS credentials missing from request"}`},
		{"action on nothing", "POST", action, act(change(nothing, "EC2_Instance", "eu-west-1", "stop")), nil, 400, `{"success":false,"resource_id":"` + nothing + `","action":"stop","verification_status":"failed","error":"…"}`},
		{
			"an instance stops", "POST", action, act(running("STOP")), nil, 200,
			`{"success":true,"resource_type":"EC2_Instance","action":"stop","message":"…","verification_status":"verified","error":null}`,
		},
		{
			"an address is released", "POST", action, act(address("delete")), nil, 200,
			`{"success":true,"action":"delete","verification_status":"verified","error":null}`,
		},
		{"a volume is deleted", "POST", action, act(volume("delete")), nil, 200, `{"success":true,"verification_status":"verified"}`},

		{"nothing in bulk", "POST", inBulk, bulk(), nil, 400, `{"success":false,"error":"No actions provided"}`},
		{"a bulk keeps its results", "POST", inBulk, bulk(
			inMany("stop"), change(nothing, "EC2_Instance", "eu-west-1", "stop"),
			change("i", "EC2_Instance", "eu-west-1", "NUKE"), `"no object"`, `{"resource_id":"r"}`), nil, 200, `{"success":true,"total_actions":5,"successful":1,"failed":4,"results":"…"}`},

		{
			"docs", "GET", "/api/v1/docs", "",
			[]string{"X-API-Key", "", "Accept", "application/json, text/plain, */*"},
			200,
			`{"service":"AWS Resource Tracker","version":"1.0.0","endpoints":{"health":{"method":"GET","path":"/health","description":"…"},"scan":{"method":"POST","path":"/api/v1/scan","description":"…","requires_auth":true},"filter":{"path":"/api/v1/resources/filter"},"action":{"path":"/api/v1/resources/action"},"bulk_action":{"path":"/api/v1/resources/bulk-action"}},"authentication":{"api_key":"…","jwt":"…"}}`,
		},
		{"docs by another name", "GET", "/documentation", "", nil, 200, `{"endpoints":"…"}`},
		{"nothing there", "GET", "/api/v1/nope", "", nil, 404, `{"success":false,"error":"Endpoint not found","docs":"/api/v1/docs"}`},
		{"credentials by form", "POST", "/validate-credentials", `{` + olderKeys + `}`, nil, 200, `{"success":true}`},
		{"scan by another name", "POST", "/scan-resources", `{` + olderKeys + `,"regions":3}`, nil, 200, `{"success":true,"data":{"resources":"…"}}`},
		{"a newer client", "POST", "/api/v1/scan?wait=0", `{` + olderKeys + `}`, nil, 202, `{"success":true,"job_id":"…"}`},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			code, body, header := olderCall(t, row.method, url+row.path, row.body, append(row.header, "Origin", olderOrigin)...)
			var got, want any
			if err := json.Unmarshal([]byte(body), &got); err != nil {
				t.Fatal(code, body, err)
			}
			if err := json.Unmarshal([]byte(row.want), &want); err != nil {
				t.Fatal(err)
			}
			short := body[:min(len(body), 500)]
			if code != row.status {
				t.Errorf("%d %s", code, short)
			}
			if faults := lacks("answer", want, got); len(faults) > 0 {
				t.Errorf("%s\n%s", strings.Join(faults, "\n"), short)
			}
			if code == 401 && len(got.(map[string]any)) != 1 {
				t.Errorf("401 says more than error: %s", body)
			}
			if header.Get("Access-Control-Allow-Origin") != olderOrigin {
				t.Errorf("a page of the front end may not read this: %v", header)
			}
		})
	}

	t.Run("scan result", func(t *testing.T) {
		var got, want any
		_ = json.Unmarshal([]byte(scanned), &got)
		_ = json.Unmarshal([]byte(`{"success":true,"data":{"timestamp":"…","regions_scanned":"…","resources":"…","errors":"…",
			"summary":{"total_resources":"…","by_type":"…","by_region":"…","by_state":"…"},"cost_summary":{"estimated_monthly_total":"…","by_resource_type":"…"}}}`), &want)
		for _, fault := range lacks("answer", want, got) {
			t.Error(fault)
		}
		denied := slices.ContainsFunc(scan.Data.Errors, func(e struct{ Type, Message string }) bool {
			return e.Type == "scan_error" && strings.Contains(e.Message, "eu-west-2")
		})
		if !denied {
			t.Errorf("the denied region is not named: %+v", scan.Data.Errors)
		}
		olderResources(t, scan.Data.Resources)
	})
	t.Run("preflight", func(t *testing.T) {
		ask := []string{"Origin", olderOrigin, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type,x-api-key,authorization,x-aws-access-key,x-aws-secret-key"}
		code, _, header := olderCall(t, "OPTIONS", url+"/api/v1/scan", "", ask...)
		if code != 204 || header.Get("Access-Control-Allow-Origin") != olderOrigin || !strings.Contains(header.Get("Access-Control-Allow-Headers"), "X-API-Key") {
			t.Error(code, header)
		}
		ask[1] = "https://elsewhere.example"
		if _, _, header := olderCall(t, "OPTIONS", url+"/api/v1/scan", "", ask...); header.Get("Access-Control-Allow-Origin") != "" {
			t.Error("a page of another origin may call:", header)
		}
	})
}

// olderMetadata is what resources of each type always carried.
var olderMetadata = map[string]string{
	"EC2_Instance": "instance_type vpc_id subnet_id public_ip private_ip", "EBS_Volume": "size_gb volume_type iops attached_to",
	"Elastic_IP": "public_ip associated_instance associated_eni", "S3_Bucket": "size_bytes size_gb",
	"RDS_Instance": "engine instance_class allocated_storage_gb multi_az", "Lambda_Function": "runtime handler memory_mb timeout_sec code_size_bytes",
	"Load_Balancer": "type scheme dns_name vpc_id", "CloudWatch_LogGroup": "stored_bytes retention_days",
	"NAT_Gateway": "subnet_id allocation_id public_ip", "IAM_User": "arn", "IAM_Role": "arn",
}

func olderResources(t *testing.T, resources []map[string]any) {
	t.Helper()
	seen := map[string]bool{}
	for _, r := range resources {
		kind, id := r["resource_type"].(string), r["resource_id"].(string)
		for name := range strings.FieldsSeq("resource_id resource_name resource_type region state creation_date tags estimated_cost_monthly metadata") {
			if _, ok := r[name]; !ok {
				t.Errorf("%s %s has no %s", kind, id, name)
			}
		}
		metadata := r["metadata"].(map[string]any)
		for name := range strings.FieldsSeq(olderMetadata[kind]) {
			if _, ok := metadata[name]; !ok {
				t.Errorf("%s %s has no metadata %s: %v", kind, id, name, metadata)
			}
		}
		if strings.HasPrefix(kind, "IAM_") && r["region"] != "global" {
			t.Errorf("%s %s is in %v", kind, id, r["region"])
		}
		if kind == "NAT_Gateway" && r["resource_name"] != id || kind == "Elastic_IP" && r["resource_name"] != metadata["public_ip"] {
			t.Errorf("%s %s is called %v", kind, id, r["resource_name"])
		}
		seen[kind] = true
	}
	for kind := range olderMetadata {
		if !seen[kind] {
			t.Errorf("the demo has no %s", kind)
		}
	}
}
