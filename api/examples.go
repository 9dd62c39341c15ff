package api

import (
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// What examples name that a server gives IDs of its own: whoever tries them puts a real
// one in its place. Everything else that they name is there on a demo.
const (
	exampleJob      = "0199c0de-0000-7000-8000-000000000001"
	examplePlan     = "0199c0de-0000-7000-8000-000000000002"
	exampleSchedule = "0199c0de-0000-7000-8000-000000000003"
	exampleBudget   = "0199c0de-0000-7000-8000-000000000004"
	exampleKey      = "0199c0de-0000-7000-8000-000000000005"
	exampleSession  = "0199c0de-0000-7000-8000-000000000006"
	exampleCheck    = "0199c0de-0000-7000-8000-000000000007"
	exampleDelivery = "0199c0de-0000-7000-8000-000000000008"
	exampleWebhook  = "wh_0199c0de0199c0de0199c0de01"
	exampleDigest   = "sha256:0199c0de0199c0de0199c0de0199c0de0199c0de0199c0de0199c0de0199c0de"

	exampleAccount  = "111122223333"
	exampleResource = exampleAccount + "/us-east-1/EC2_Instance/i-0b6f89b53c8ead924"
	exampleFinding  = "io1_to_gp3/111122223333/us-east-1/EBS_Volume/vol-0fee502a76df6feac"
)

// example is how to ask an operation. Parameters that it leaves out are not needed.
type example struct {
	params params
	body   string // JSON; empty is none
}

type params map[string]any

// examples are of every operation that takes a body or parameters. None of them pays
// for calls of AWS, and none changes what is there: what acts on resources only looks.
var examples = map[string]example{
	"start-scan":       {body: `{"types": ["EC2_Instance", "EBS_Volume"], "regions": ["us-east-1", "eu-west-1"], "findings": true}`},
	"start-scan-alias": {body: `{"types": ["EC2_Instance"], "regions": ["us-east-1"]}`},
	"check-access":     {body: `{"types": ["EC2_Instance", "S3_Bucket"], "regions": ["us-east-1"]}`},
	"get-access-check": {params: params{"id": exampleCheck}},
	"list-jobs":        {params: params{"limit": 20}},
	"get-job":          {params: params{"id": exampleJob}},
	"cancel-job":       {params: params{"id": exampleJob}},
	"follow-job":       {params: params{"id": exampleJob}},
	"retry-job":        {params: params{"id": exampleJob}, body: `{}`},

	"get-coverage":           {params: params{"id": exampleJob, "outcome": "ok"}},
	"get-costs":              {params: params{"id": exampleJob, "group_by": "region"}},
	"get-result":             {params: params{"id": exampleJob, "format": "json"}},
	"list-job-resources":     {params: params{"id": exampleJob, "filter": "type:EC2_Instance state:running", "limit": 20}},
	"get-relations":          {params: params{"id": exampleJob, "key": exampleResource}},
	"list-resources":         {params: params{"filter": "type:EC2_Instance state:running", "limit": 20}},
	"filter-resources":       {body: `{"resources": [{"resource_id": "vol-1", "resource_type": "EBS_Volume", "region": "us-east-1", "state": "available"}, {"resource_id": "i-1", "resource_type": "EC2_Instance", "region": "us-east-1", "state": "running"}], "filter": {"and": [{"type": "EBS_Volume"}, {"state": "available"}]}}`},
	"filter-resources-alias": {body: `{"resources": [{"resource_id": "i-1", "resource_type": "EC2_Instance", "region": "us-east-1", "state": "running"}], "filters": {"resource_type": "EC2_Instance", "state": "running"}}`},

	"list-inventory":        {params: params{"filter": "type:EC2_Instance state:running", "sort": "-cost,name", "limit": 20}},
	"list-inventory-cells":  {params: params{"standing": []string{"stale", "unknown"}, "limit": 20}},
	"count-inventory":       {params: params{"facet": []string{"type", "region"}, "top": 10}},
	"group-inventory":       {params: params{"by": []string{"region", "type"}, "top": 20}},
	"list-inventory-tags":   {params: params{"filter": "type:EC2_Instance", "top": 20}},
	"get-inventory-history": {params: params{"key": exampleResource, "limit": 20}},
	"forget-history":        {params: params{"account_id": exampleAccount}},
	"get-diff":              {params: params{"from": "7d", "group_by": "type", "limit": 20}},

	"list-live-findings":    {params: params{"state": "open", "confidence": []string{"high"}, "limit": 20}},
	"acknowledge-finding":   {params: params{"id": exampleFinding}, body: `{"reason": "It is replaced next quarter"}`},
	"unacknowledge-finding": {params: params{"id": exampleFinding}},
	"plan-live-findings":    {body: `{"finding_ids": ["unattached_volume/111122223333/ap-south-1/EBS_Volume/vol-0ab96d8bf0d136fe7"]}`},
	"list-findings":         {params: params{"id": exampleJob, "rule": "unattached_volume", "limit": 20}},
	"plan-findings":         {params: params{"id": exampleJob, "rule": "unattached_volume"}, body: `{}`},
	"get-compliance":        {params: params{"id": exampleJob, "required": []string{"Team", "Environment=dev|test|staging|prod"}}},
	"post-compliance":       {params: params{"id": exampleJob}, body: `{"required": [{"key": "Team"}, {"key": "Environment", "values": ["dev", "test", "staging", "prod"]}]}`},

	"get-trend":          {params: params{"by": "region", "from": "30d", "interval": "day"}},
	"get-forecast":       {params: params{"by": "type", "top": 5}},
	"list-anomalies":     {params: params{"by": "type", "from": "30d"}},
	"list-billed":        {params: params{"by": "region", "from": "30d"}},
	"get-summary-report": {params: params{"days": 30, "format": "json"}},
	"add-budget":         {body: `{"name": "Databases", "filter": "type:RDS_Instance", "monthly_amount": 2500, "thresholds": [{"percent": 80, "of": "actual"}, {"percent": 100, "of": "forecast"}]}`},
	"get-budget":         {params: params{"id": exampleBudget}},
	"put-budget":         {params: params{"id": exampleBudget}, body: `{"name": "Databases", "filter": "type:RDS_Instance", "monthly_amount": 3000}`},
	"delete-budget":      {params: params{"id": exampleBudget}},

	"act":          {body: `{"resource_type": "EC2_Instance", "resource_id": "i-0b6f89b53c8ead924", "region": "us-east-1", "action": "stop", "dry_run": true}`},
	"act-in-bulk":  {body: `{"actions": [{"resource_type": "EC2_Instance", "resource_id": "i-0b6f89b53c8ead924", "region": "us-east-1", "action": "stop"}], "dry_run": true}`},
	"list-plans":   {params: params{"limit": 20}},
	"add-plan":     {body: `{"select": {"filter": "type:EC2_Instance state:running tag:Environment=dev", "action": "stop"}, "max_items": 50}`},
	"get-plan":     {params: params{"id": examplePlan, "limit": 20}},
	"apply-plan":   {params: params{"id": examplePlan}, body: `{"digest": "` + exampleDigest + `"}`},
	"approve-plan": {params: params{"id": examplePlan}, body: `{"digest": "` + exampleDigest + `"}`},
	"cancel-plan":  {params: params{"id": examplePlan}},
	"resume-plan":  {params: params{"id": examplePlan}, body: `{}`},
	"undo-plan":    {params: params{"id": examplePlan}, body: `{"apply": false}`},
	"follow-plan":  {params: params{"id": examplePlan}},
	"report-plan":  {params: params{"id": examplePlan, "format": "json"}},
	"read-audit":   {params: params{"limit": 20}},
	"verify-audit": {params: params{"limit": 1000}},

	"list-accounts":  {params: params{"limit": 20}},
	"add-account":    {body: `{"name": "production", "role_arn": "arn:aws:iam::111122223333:role/ResourceTracker", "description": "The shop", "regions": ["us-east-1", "eu-west-1"]}`},
	"get-account":    {params: params{"name": "production"}},
	"put-account":    {params: params{"name": "production"}, body: `{"role_arn": "arn:aws:iam::111122223333:role/ResourceTracker", "description": "The shop and its databases"}`},
	"delete-account": {params: params{"name": "production"}},
	"check-account":  {params: params{"name": "production"}},
	"set-up-account": {params: params{"name": "production", "principal": "arn:aws:iam::444455556666:role/tracker-worker", "types": []string{"EC2_Instance", "EBS_Volume"}, "actions": []string{"stop"}}},

	"list-schedules":        {params: params{"limit": 20}},
	"add-schedule":          {body: `{"name": "instances each hour", "cron": "0 * * * *", "time_zone": "Europe/Berlin", "types": ["EC2_Instance"], "keep": 10}`},
	"preview-schedule":      {params: params{"cron": "0 6 * * 1-5", "time_zone": "Europe/Berlin"}},
	"get-schedule":          {params: params{"id": exampleSchedule}},
	"put-schedule":          {params: params{"id": exampleSchedule}, body: `{"name": "instances each morning", "cron": "0 6 * * *", "time_zone": "Europe/Berlin", "types": ["EC2_Instance"], "keep": 10}`},
	"delete-schedule":       {params: params{"id": exampleSchedule}},
	"pause-schedule":        {params: params{"id": exampleSchedule}},
	"resume-schedule":       {params: params{"id": exampleSchedule}},
	"run-schedule":          {params: params{"id": exampleSchedule}},
	"list-schedule-runs":    {params: params{"id": exampleSchedule}},
	"list-schedule-history": {params: params{"id": exampleSchedule}},

	"add-webhook":             {body: `{"url": "https://hooks.example.com/tracker", "events": ["job.*"], "description": "The operators' channel", "enabled": true}`},
	"get-webhook":             {params: params{"id": exampleWebhook}},
	"change-webhook":          {params: params{"id": exampleWebhook}, body: `{"events": ["job.failed", "plan.*"]}`},
	"delete-webhook":          {params: params{"id": exampleWebhook}},
	"test-webhook":            {params: params{"id": exampleWebhook}},
	"rotate-webhook-secret":   {params: params{"id": exampleWebhook}, body: `{"keep_old_seconds": 3600}`},
	"list-webhook-deliveries": {params: params{"id": exampleWebhook, "limit": 20}},
	"replay-webhook-delivery": {params: params{"id": exampleWebhook, "delivery": exampleDelivery}},

	"add-key":              {body: `{"name": "nightly report", "grants": [{"role": "viewer"}, {"role": "operator", "accounts": ["111122223333"], "regions": ["us-east-1"]}], "expires_in_days": 90}`},
	"rotate-key":           {params: params{"id": exampleKey, "overlap_seconds": 3600}},
	"delete-key":           {params: params{"id": exampleKey}},
	"sign-in":              {body: `{"api_key": "YOUR_API_KEY", "cookie": false}`},
	"list-sessions":        {params: params{"limit": 20}},
	"end-session":          {params: params{"id": exampleSession}},
	"add-tenant":           {body: `{"name": "search", "description": "The search team"}`},
	"delete-tenant":        {params: params{"tenant": "search"}},
	"get-allowed-accounts": {params: params{"tenant": "search"}},
	"put-allowed-accounts": {params: params{"tenant": "search"}, body: `{"accounts": ["111122223333"]}`},
	"get-tenant-quota":     {params: params{"tenant": "search"}},
	"put-tenant-quota":     {params: params{"tenant": "search"}, body: `{"limits": {"jobs": 10, "jobs_per_day": 100}}`},

	"read-policy":          {params: params{"types": []string{"EC2_Instance", "EBS_Volume"}, "actions": []string{"stop"}}},
	"validate-credentials": {body: `{}`},
}

// exemplify gives an operation of the document its example.
func exemplify(op *huma.Operation) {
	e := examples[op.OperationID]
	for _, p := range op.Parameters {
		p.Example = e.params[p.Name]
	}
	if e.body != "" && op.RequestBody != nil {
		for _, media := range op.RequestBody.Content {
			media.Example = json.RawMessage(e.body)
		}
	}
}

// registered is the operation of a path as the document has it.
func registered(path *huma.PathItem, method string) *huma.Operation {
	return map[string]*huma.Operation{
		http.MethodGet: path.Get, http.MethodPost: path.Post, http.MethodPut: path.Put, http.MethodPatch: path.Patch, http.MethodDelete: path.Delete,
	}[method]
}
