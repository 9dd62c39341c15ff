package kubernetes

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestRefused: values that are wrong are refused by helm itself, with the name of what is at fault.
func TestRefused(t *testing.T) {
	const minimal = "existingSecret: a\n"
	for _, tt := range []struct{ name, values, want string }{
		{"a misspelled value", "replica: 2", "additional properties 'replica' not allowed"},
		{"a misspelled value below", "api: {replica: 2}", "at '/api': additional properties 'replica' not allowed"},
		{"a misspelled setting", "settings: {LOG_LEVLE: debug}", "at '/settings': additional properties 'LOG_LEVLE' not allowed"},
		{"a setting of the other program", "api: {settings: {WORKER_CONCURRENCY: 3}}", "at '/api/settings': additional properties 'WORKER_CONCURRENCY' not allowed"},
		{"a setting that the chart sets", "settings: {PORT: 80}", "at '/settings': additional properties 'PORT' not allowed"},
		{"a number out of range", "settings: {AWS_MAX_RETRIES: 11}", "at '/settings/AWS_MAX_RETRIES': maximum: got 11, want 10"},
		{"a number for a text", "settings: {PUBLIC_URL: 1}", "at '/settings/PUBLIC_URL': got number, want string"},
		{"a text for a number", "settings: {AWS_MAX_RETRIES: many}", "at '/settings/AWS_MAX_RETRIES': got string, want integer"},
		{"no such choice", "settings: {LOG_FORMAT: xml}", "at '/settings/LOG_FORMAT': value must be one of"},
		{"a secret among settings", "settings: {VALID_API_KEYS: 0123456789abcdef}", "at '/settings': additional properties 'VALID_API_KEYS' not allowed"},
		{"the workers' key at the API", "api: {secrets: {CREDENTIALS_IDENTITY: a}}", "at '/api/secrets': additional properties 'CREDENTIALS_IDENTITY' not allowed"},
		{"the API's keys at a worker", "worker: {secrets: {VALID_API_KEYS: a}}", "at '/worker/secrets': additional properties 'VALID_API_KEYS' not allowed"},
		{"a secret of one program at both", "secrets: {SECRET_KEY: a}", "at '/secrets': additional properties 'SECRET_KEY' not allowed"},
		{"a setting among variables", "worker: {env: [{name: CREDENTIALS_IDENTITY, value: a}]}", "at '/worker/env/0/name'"},
		{"a role that is none", "worker: {roleArn: resource-tracker}", "at '/worker/roleArn'"},
		{"a password that breaks the URL", "redis: {password: 'p@ssword/0123456'}", "at '/redis/password'"},
		{"a digest that is none", "image: {digest: latest}", "at '/image/digest'"},
		{"a policy that lets everything out", minimal + "networkPolicy: {api: {egress: [{ports: [{port: 443}]}]}}", "at '/networkPolicy/api/egress/0': missing property 'to'"},
		{"an unknown kind of scaling", "worker: {autoscaling: {by: memory}}", "at '/worker/autoscaling/by'"},

		{"no secrets", "", "settings.CREDENTIALS_RECIPIENT is needed"},
		{"nobody may call", "settings: {CREDENTIALS_RECIPIENT: age1}\nworker: {secrets: {CREDENTIALS_IDENTITY: a}}\nredis: {password: 0123456789abcdef}", "nobody could call the API"},
		{"no identity", "api: {existingSecret: a}\nredis: {password: 0123456789abcdef}", "worker.secrets.CREDENTIALS_IDENTITY is needed"},
		{"secrets twice", minimal + "api: {secrets: {VALID_API_KEYS: a}}", "exclude each other"},
		{"no password of Redis", "api: {existingSecret: a}\nworker: {existingSecret: b}", "the bundled Redis needs a password"},
		{"no Redis", "redis: {bundled: false}\nworker: {existingSecret: b}\nsettings: {CREDENTIALS_RECIPIENT: age1}\napi: {secrets: {VALID_API_KEYS: a}}", "set existingSecret, or secrets.REDIS_URL"},
		{"two Redis", "secrets: {REDIS_URL: a}\nsettings: {CREDENTIALS_RECIPIENT: age1}\napi: {secrets: {VALID_API_KEYS: a}}\nworker: {secrets: {CREDENTIALS_IDENTITY: a}}\nredis: {password: 0123456789abcdef}", "set redis.bundled to false"},
		{"Redis nowhere", minimal + "redis: {bundled: false}", "networkPolicy.redis.to is needed"},
		{"an Ingress that reaches nothing", minimal + "api: {ingress: {enabled: true, hosts: [a.example.com]}}", "networkPolicy.api.from is needed"},
		{"an Ingress of nothing", minimal + "api: {ingress: {enabled: true}}\nnetworkPolicy: {enabled: false}", "api.ingress.hosts is needed"},
		{"a route of nothing", minimal + "api: {httpRoute: {enabled: true}}\nnetworkPolicy: {enabled: false}", "api.httpRoute.parentRefs is needed"},
		{"an issuer that is not reached", minimal + "settings: {OIDC_ISSUER: 'https://a.example.com'}", "networkPolicy.api.egress is needed"},
		{"metrics without a key", minimal + "monitoring: {scrape: {enabled: true}}\nnetworkPolicy: {enabled: false}", "metrics of the API need an operator's key"},
		{"metrics that nobody reaches", minimal + "monitoring: {scrape: {enabled: true, existingSecret: a}}", "networkPolicy.metrics.from is needed"},
		{"a migration without a Secret", "redis: {password: 0123456789abcdef}\nsettings: {CREDENTIALS_RECIPIENT: age1}\napi: {secrets: {VALID_API_KEYS: a}}\nworker: {secrets: {CREDENTIALS_IDENTITY: a}}\ndatabase: {migration: {enabled: true}}\nnetworkPolicy: {enabled: false}", "set database.migration.existingSecret"},
		{"a migration that the programs make too", minimal + "database: {migration: {enabled: true}}\nsettings: {DATABASE_MIGRATE: true}\nnetworkPolicy: {enabled: false}", "database.migration decides DATABASE_MIGRATE"},
		{"a migration that reaches nothing", minimal + "database: {migration: {enabled: true}}", "networkPolicy.database.to is needed"},
		{"a history that is not reached", "secrets: {DATABASE_URL: a}\nsettings: {CREDENTIALS_RECIPIENT: age1}\napi: {secrets: {VALID_API_KEYS: a}}\nworker: {secrets: {CREDENTIALS_IDENTITY: a}}\nredis: {password: 0123456789abcdef}", "networkPolicy.database.to is needed"},
		{"KEDA without Prometheus", minimal + "worker: {autoscaling: {by: queues}}", "worker.autoscaling.queues.prometheus is needed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := template(loadChart(t), values(t, tt.values), "Helm"); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v\nwant %s", err, tt.want)
			}
		})
	}
}

// TestGuide: the values in the guide are values of the chart.
func TestGuide(t *testing.T) {
	text, err := os.ReadFile("../../../docs/kubernetes.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(blocks) < 10 {
		t.Fatalf("%d blocks of values", len(blocks))
	}
	for _, block := range blocks {
		if _, err := template(loadChart(t), values(t, "existingSecret: resource-tracker\n"+block[1]), "Helm"); err != nil {
			t.Errorf("%v\n%s", err, block[1])
		}
	}
}
