package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Setting is one row of the table of settings.
type Setting struct {
	Name    string
	Default string // empty: unset
	Meaning string
	Allowed string
	Secret  bool
	// Programs read the setting; the API without REDIS_URL reads all.
	Programs []Program
}

// row is a Setting with the way into a Config.
type row struct {
	Setting
	read func(value string) error
}

// show returns a value in the form that may be printed.
func (s Setting) show(value string) string {
	if s.Secret && value != "" {
		return mask
	}
	return value
}

// complaint says what is wrong with a value. It does not repeat a secret.
func (s Setting) complaint(value string, err error) string {
	if _, private := errors.AsType[hidden](err); private || s.Secret {
		return err.Error() + "; allowed: " + s.Allowed
	}
	return fmt.Sprintf("%q %s; allowed: %s", value, err, s.Allowed)
}

// Settings returns the table.
func Settings() []Setting {
	var c Config
	var all []Setting
	for _, r := range table(&c) {
		all = append(all, r.Setting)
	}
	return all
}

// table binds every setting to its field in c.
func table(c *Config) []row {
	api, worker, both := []Program{API}, []Program{Worker}, []Program{API, Worker}
	return []row{
		{Setting{"HOST", "127.0.0.1", "Address that the API listens on.", "a host name or IP address; 0.0.0.0 for all", false, api}, text(&c.Host, hostName)},
		{Setting{"PORT", "5000", "Port that the API listens on; 0 takes a free one.", "0 to 65535", false, api}, whole(&c.Port, 0, 65535)},
		{Setting{"COMPATIBILITY", "", "Answers clients of the earlier Python service as it did, and takes its keys and tokens: docs/migration.md.", "v1", false, api}, oneOf(&c.Compatibility, "v1")},
		{Setting{"VALID_API_KEYS", "", "Keys that callers send as X-API-Key, of the tenant default, with the roles operator and actor. Without REDIS_URL and without keys, the API makes a key at its first start.", keysAllowed + "; with COMPATIBILITY any that an HTTP header carries", true, api}, validKeys(c)},
		{Setting{"OPERATOR_API_KEYS", "", "Keys of the tenant default with the role admin: they also make keys and tenants, and see /monitoring and /metrics.", keysAllowed, true, api}, keys(&c.OperatorAPIKeys)},
		{Setting{"SECRET_KEY", "", "Secret that signs HS256 JSON Web Tokens. Unset, tokens are refused.", "32 bytes or more, not a placeholder", true, api}, signingKey(&c.SecretKey)},
		{Setting{"OLD_SECRET_KEY", "", "Secret of before a change of SECRET_KEY. Tokens that it signed are taken as well.", "32 bytes or more, not a placeholder", true, api}, signingKey(&c.OldSecretKey)},
		{Setting{"JWT_EXPIRATION_HOURS", "24", "Lifetime of the tokens that `api token` makes, and the longest lifetime that the API accepts.", "1 to 8760", false, api}, duration(&c.JWTExpiration, hour, 1, 8760)},
		{Setting{"JWT_ISSUER", "", "What a token has to name as its issuer. Unset, anything.", "a text such as https://issuer.example.com", false, api}, text(&c.JWTIssuer)},
		{Setting{"JWT_AUDIENCE", "", "What a token has to name as its audience. Unset, anything.", "a text such as resource-tracker", false, api}, text(&c.JWTAudience)},
		{Setting{"OIDC_ISSUER", "", "OpenID Connect issuer that people sign in with. Unset, only keys sign in.", "an https URL without a slash more or less than the issuer says of itself; http on a loopback address", false, api}, text(&c.OIDCIssuer, safeURL)},
		{Setting{"OIDC_CLIENT_ID", "", "What the issuer calls this service.", "a text", false, api}, text(&c.OIDCClientID)},
		{Setting{"OIDC_CLIENT_SECRET", "", "Secret of this service with the issuer. Unset, it is a public client, with PKCE alone.", "a text", true, api}, anySecret(&c.OIDCClientSecret)},
		{Setting{"OIDC_DEVICE_CLIENT_ID", "", "Public client of the issuer that the command line signs people in with, by the device flow. Unset, OIDC_CLIENT_ID where that has no secret.", "a text", false, api}, text(&c.OIDCDeviceClient)},
		{Setting{"OIDC_REDIRECT_URL", "", "Where the issuer sends browsers to: the address of this service and /api/v1/auth/callback.", "an https URL that ends with /api/v1/auth/callback; http on a loopback address", false, api}, text(&c.OIDCRedirectURL, safeURL, callbackURL)},
		{Setting{"OIDC_SCOPES", "openid,profile,email", "What the issuer is asked for. Some issuers tell groups only where the scope groups is asked for.", "scopes, separated by commas; openid among them", false, api}, list(&c.OIDCScopes, scopes)},
		{Setting{"OIDC_GROUPS_CLAIM", "groups", "Claim of the ID token that OIDC_ROLES look at: a list, or one text.", "the name of a claim", false, api}, text(&c.OIDCGroupsClaim)},
		{Setting{"OIDC_ROLES", "", "Which group has which role in which tenant. Who has none is refused; who has roles in several tenants is in the first unless they name another.", "a list such as platform-admins=default/admin,devs=acme/operator,devs=acme/actor", false, api}, groupRoles(&c.OIDCRoles)},
		{Setting{"SESSION_HOURS", "12", "How long somebody is signed in at the most. After two hours without use they sign in again.", "1 to 720", false, api}, duration(&c.SessionLife, hour, 1, 720)},
		{Setting{"CORS_ORIGINS", "", "Origins whose pages may call the API from a browser.", "exact origins such as https://console.example.com, separated by commas; or * alone", false, api}, list(&c.CORSOrigins, origins)},
		{Setting{"MAX_BODY_BYTES", "33554432", "Largest request body.", "1024 to 1073741824", false, api}, whole(&c.MaxBodyBytes, 1<<10, 1<<30)},
		{Setting{"MAX_CONNECTIONS", "2048", "Connections that the API holds at once. Further ones are answered 503.", "16 to 100000", false, api}, whole(&c.MaxConnections, 16, 100_000)},
		{Setting{"MAX_CONNECTIONS_PER_ADDRESS", "256", "Connections that the API holds at once with one address, or one /64 of IPv6. Further ones are answered 429.", "1 to 100000", false, api}, whole(&c.MaxConnectionsPerAddress, 1, 100_000)},
		{Setting{"MAX_STREAMS", "2000", "Event streams that the API serves at once. Further ones are answered 429.", "1 to 100000", false, api}, whole(&c.MaxStreams, 1, 100_000)},
		{Setting{"MAX_STREAMS_PER_TENANT", "200", "Event streams that the API serves one tenant at once. Further ones are answered 429.", "1 to 100000", false, api}, whole(&c.MaxStreamsPerTenant, 1, 100_000)},
		{Setting{"TRUSTED_PROXIES", "", "Proxies before the API. Where one of them connects, X-Forwarded-For tells from where a request comes, and MAX_CONNECTIONS_PER_ADDRESS does not count.", "addresses and networks such as 10.0.0.7 or 10.0.0.0/8, separated by commas", false, api}, prefixes(&c.TrustedProxies)},
		{Setting{"MONITORING_ENABLED", "false", "Serves asynqmon, the queue monitor, at /monitoring to operators.", boolAllowed, false, api}, boolean(&c.MonitoringOn)},
		{Setting{"MONITORING_READ_ONLY", "true", "Keeps asynqmon from changing queues.", boolAllowed, false, api}, boolean(&c.MonitoringLocked)},
		{Setting{"METRICS_ADDR", "", "Address at which a worker serves /metrics, without authentication. Unset, it serves none.", "host:port, such as 127.0.0.1:9090", false, worker}, text(&c.MetricsAddr, hostPort)},

		{Setting{"LOG_LEVEL", "info", "Lowest level that is logged.", "debug, info, warn or error", false, both}, level(&c.LogLevel)},
		{Setting{"LOG_FORMAT", "text", "Form of the log on standard error.", "text or json", false, both}, oneOf(&c.LogFormat, "text", "json")},
		{Setting{"LOG_FILE", "", "File to which the log is also appended, as JSON.", "a path", false, both}, text(&c.LogFile)},

		{Setting{"REDIS_URL", "", "Redis that API and workers share. Unset, the API brings its own Redis and worker.", redisAllowed, true, both}, redisURL(&c.RedisURL)},
		{Setting{"DATA_DIR", "", "Directory in which the API without REDIS_URL keeps its data. Unset, it is resource-tracker in the user's cache directory.", "a path", false, api}, text(&c.DataDir)},
		{Setting{"DATABASE_URL", "", "PostgreSQL that keeps the history of scans. Unset, the API without REDIS_URL keeps it in a file in DATA_DIR, and others keep none.", "a URL such as postgres://user:password@host:5432/database", true, both}, databaseURL(&c.DatabaseURL)},
		{Setting{"DATABASE_MIGRATE", "true", "Bring the tables of DATABASE_URL to this release at the start. Turn it off where `api migrate` does so, with a role that may.", boolAllowed, false, both}, boolean(&c.DatabaseMigrate)},
		{Setting{"HISTORY_TAGS", "", "Tag keys whose values have a trend of their own in the history, from then on.", "tag keys, separated by commas", false, both}, list(&c.HistoryTags, tagKeys)},
		{Setting{"HISTORY_RETENTION_DAYS", "400", "How long the history keeps what resources were. Totals of days are kept beyond.", "1 to 36500", false, worker}, duration(&c.HistoryRetention, day, 1, 36500)},
		{Setting{"HISTORY_TREND_RETENTION_DAYS", "3650", "How long the history keeps totals of days: counts and costs.", "1 to 36500", false, worker}, duration(&c.TrendRetention, day, 1, 36500)},
		{Setting{"HISTORY_FINDINGS_RETENTION_DAYS", "400", "How long the history keeps findings that are resolved.", "1 to 36500", false, worker}, duration(&c.FindingsRetention, day, 1, 36500)},
		{Setting{"HISTORY_EXPORT", "", "Where workers write the history as Parquet, once a day, by day and account. Unset, nowhere.", placeAllowed, false, worker}, place(&c.HistoryExport)},
		{Setting{"BILLED_FILES", "", "Where AWS Data Exports writes what was billed, as FOCUS 1.x or CUR 2.0 in Parquet. Unset, nothing is read.", placeAllowed, false, worker}, place(&c.BilledFiles)},
		{Setting{"CREDENTIALS_RECIPIENT", "", "Public key to which the API seals AWS credentials. `api keygen` makes it.", "a key that starts with age1", false, api}, recipient(&c.CredentialsRecipient)},
		{Setting{"CREDENTIALS_IDENTITY", "", "Secret key with which workers open AWS credentials. `api keygen` makes it.", "a key that starts with AGE-SECRET-KEY-1; several, the newest first, separated by commas", true, worker}, identity(&c.CredentialsIdentity)},

		{Setting{"SCAN_TIMEOUT_SECONDS", "600", "How long a scan may take, by default and at most.", "10 to 86400", false, both}, duration(&c.ScanTimeout, second, 10, 86400)},
		{Setting{"SCAN_CACHE_TTL_HOURS", "24", "How long results are kept.", "1 to 8760", false, both}, duration(&c.ScanRetention, hour, 1, 8760)},
		{Setting{"SCAN_WAIT_SECONDS", "0", "How long POST /api/v1/scan waits for the result when the request does not say. It is meant for older clients.", "0 to 60", false, api}, duration(&c.ScanWait, second, 0, 60)},
		{Setting{"AWS_MAX_WORKERS", "0", "Region tasks of one scan that run at once when the request does not say. With 0, only the workers' own limit counts.", "0 to 20", false, both}, whole(&c.MaxWorkers, 0, 20)},

		{Setting{"AWS_ENDPOINT_URL", "", "Endpoint in place of those of AWS.", "an http or https URL", false, worker}, text(&c.AWSEndpointURL, webURL)},
		{Setting{"AWS_REQUEST_TIMEOUT", "30", "Seconds that one try of a call to AWS may take.", "1 to 300", false, worker}, duration(&c.AWSRequestTimeout, second, 1, 300)},
		{Setting{"AWS_MAX_RETRIES", "3", "Tries of one call to AWS, the first one included.", "1 to 10", false, worker}, whole(&c.AWSMaxAttempts, 1, 10)},
		{Setting{"AWS_CALL_LIMITS", "", "Limits per account, region and API that differ from the built-in ones: calls a second, and calls at once.", "a list such as ec2:DescribeInstances=20/100,logs:*=10", false, worker}, text(&c.AWSCallLimits, callLimits)},
		{Setting{"ALLOW_SERVER_CREDENTIALS", "false", "Lets requests use the AWS credentials of the worker's own environment, to enter registered accounts among others.", boolAllowed, false, both}, boolean(&c.ServerCredentials)},
		{Setting{"SERVER_PRINCIPAL_ARN", "", "ARN of the role or user that the workers run as. The roles of registered accounts trust it.", "the ARN of an IAM role or user", false, api}, text(&c.ServerPrincipal, principalARN)},
		{Setting{"ORGANIZATION_ROLE", "", "Role that scans of a whole organisation assume in its accounts. Unset, such scans are refused.", "the name of an IAM role", false, both}, text(&c.OrganizationRole, roleName)},

		{Setting{"PRICE_REFRESH", "off", "Asks the AWS Price List for prices that the built-in list lacks. It uses the credentials of the job, which need pricing:GetProducts.", "off or job", false, worker}, oneOf(&c.PriceRefresh, "off", "job")},

		{Setting{"ACTION_WAIT_SECONDS", "15", "How long requests for actions and plans wait when they do not say. An item that is not read back from AWS by then is pending.", "0 to 60", false, api}, duration(&c.ActionWait, second, 0, 60)},
		{Setting{"ACTION_MAX_ITEMS", "200", "How many resources one plan may change at most.", "1 to 10000", false, both}, whole(&c.ActionMaxItems, 1, 10000)},
		{Setting{"ACTION_MAX_SHARE_PERCENT", "50", "Largest share of a type's resources that a plan may select, where the scan has more than ten of the type.", "1 to 100", false, both}, whole(&c.ActionMaxShare, 1, 100)},
		{Setting{"ACTIONS_REQUIRE_APPROVAL", "false", "Keeps a plan from being applied before somebody with the role approver has approved it. The author cannot approve it, with whatever key.", boolAllowed, false, both}, boolean(&c.ActionApproval)},
		{Setting{"ACTION_APPROVERS", "", "Principals with the role approver, besides what their keys and tokens say.", "names as in the audit, such as key:0a1b2c3d, or jwt: and the subject of a token, separated by commas", false, api}, list(&c.ActionApprovers, principals)},
		{Setting{"SCHEDULE_ANY_ACTION", "false", "Lets schedules carry actions that cannot be undone.", boolAllowed, false, both}, boolean(&c.ScheduleAnyAction)},
		{Setting{"PROTECT_TAGS", "protected,do-not-delete", "Tag keys, in whatever case, that protect a resource from every action, unless the tag's value is false. They protect an instance's volumes and addresses with it.", "tag keys, separated by commas", false, worker}, list(&c.ProtectTags, tagKeys)},
		{Setting{"PLAN_EXPIRY_HOURS", "24", "How long a plan can be applied.", "1 to 720", false, both}, duration(&c.PlanExpiry, hour, 1, 720)},
		{Setting{"PLAN_RETENTION_DAYS", "30", "How long a plan can be read and undone after its end.", "1 to 3650", false, both}, duration(&c.PlanRetention, day, 1, 3650)},
		{Setting{"AUDIT_RETENTION_DAYS", "365", "How long lines of the audit are kept.", "1 to 36500", false, both}, duration(&c.AuditRetention, day, 1, 36500)},

		{Setting{"QUOTAS", tracker.DefaultLimits().String(), "Limits of tenants, of their principals, and of addresses that requests come from. What is not named has its default; 0 is no limit.", "a list such as jobs=20,requests=50", false, both}, quotas(&c.Quotas)},

		{Setting{"PUBLIC_URL", "", "URL at which people reach the API. Events link to it; unset, their links are paths.", "an http or https URL", false, both}, text(&c.PublicURL, webURL)},
		{Setting{"WEBHOOK_ALLOW", "", "Networks that webhooks may reach beside public addresses, also over http and at any port. Addresses of cloud metadata stay refused.", "addresses and networks such as 10.0.0.7 or 10.0.0.0/8, separated by commas", false, both}, prefixes(&c.WebhookAllow)},
		{Setting{"WEBHOOK_CA_FILE", "", "File with certificates, in PEM, that receivers of webhooks and the mail server may be signed by, beside those of the system. AWS_CA_BUNDLE changes calls to AWS only.", "a path", false, worker}, text(&c.WebhookCAFile)},
		{Setting{"SMTP_URL", "", "Mail server for webhooks of the form email. Unset, there are none.", "smtps://user:password@host:465 or smtp+starttls://user:password@host:587", true, both}, mailURL(&c.SMTPURL)},
		{Setting{"SMTP_FROM", "", "Sender of these e-mails.", "an address such as tracker@example.com", false, both}, text(&c.SMTPFrom, mailAddress)},

		{Setting{"WORKER_CONCURRENCY", "32", "Region tasks that one worker runs at once.", "1 to 1000", false, worker}, whole(&c.WorkerConcurrency, 1, 1000)},
		{Setting{"CELL_CONCURRENCY", "256", "AWS listings that one worker runs at once.", "1 to 10000", false, worker}, whole(&c.CellConcurrency, 1, 10000)},
		{Setting{"QUEUE_POLL_MS", "20", "Milliseconds between a worker's looks into its queues.", "5 to 5000", false, worker}, duration(&c.QueuePoll, millisecond, 5, 5000)},
		{Setting{"SHUTDOWN_GRACE_SECONDS", "25", "How long a program may finish its work after it is told to stop.", "1 to 600", false, both}, duration(&c.ShutdownGrace, second, 1, 600)},
	}
}

// Example renders the table as .env.example.
func Example() string {
	var b strings.Builder
	b.WriteString("# Settings of cmd/api and cmd/worker, which read them from the environment, and from .env in their working directory where it lacks them.\n# Every line is optional: a line that is commented out shows the default.\n")
	for _, s := range Settings() {
		b.WriteString(s.example())
	}
	return b.String()
}

// ExampleOf renders the settings that exactly these programs read, in the form of .env.example.
func ExampleOf(read ...Program) string {
	var b strings.Builder
	for _, s := range Settings() {
		if slices.Equal(s.Programs, read) {
			b.WriteString(s.example())
		}
	}
	return b.String()
}

func (s Setting) example() string {
	return fmt.Sprintf("\n# %s\n# Allowed: %s.\n# Read by: %s.\n#%s=%s\n", s.Meaning, s.Allowed, programs(s), s.Name, s.Default)
}

// Markdown renders the table for the documents.
func Markdown() string {
	var b strings.Builder
	b.WriteString("| Setting | Default | Meaning | Allowed | Read by |\n| --- | --- | --- | --- | --- |\n")
	for _, s := range Settings() {
		value := "unset"
		if s.Default != "" {
			value = "`" + s.Default + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", s.Name, value, s.Meaning, s.Allowed, programs(s))
	}
	return b.String()
}

func programs(s Setting) string {
	names := make([]string, len(s.Programs))
	for i, p := range s.Programs {
		names[i] = string(p)
	}
	return strings.Join(names, ", ")
}
