package profile

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// machine makes a machine with files of AWS, and nothing else that has keys.
func machine(t *testing.T, configuration string) (home string) {
	t.Helper()
	home = t.TempDir()
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION"} {
		t.Setenv(name, "")
	}
	path := filepath.Join(home, "config")
	t.Setenv("HOME", home)
	t.Setenv("AWS_CONFIG_FILE", path)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(home, "credentials"))
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	if err := os.WriteFile(path, []byte(configuration), 0o600); err != nil {
		t.Fatal(err)
	}
	return home
}

// cached puts a token of SSO where the AWS command line keeps it.
func cached(t *testing.T, home, of string, until time.Time) {
	t.Helper()
	sum := sha1.Sum([]byte(of))
	dir := filepath.Join(home, ".aws", "sso", "cache")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf(`{"accessToken":"MARKER","expiresAt":%q}`, until.UTC().Format(time.RFC3339))
	if err := os.WriteFile(filepath.Join(dir, hex.EncodeToString(sum[:])+".json"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

const files = `[default]
aws_access_key_id = AKIADEFAULT
aws_secret_access_key = default
[profile keys]
aws_access_key_id = AKIAKEYS
aws_secret_access_key = secret
aws_session_token = token
[profile role]
role_arn = arn:aws:iam::111122223333:role/x
source_profile = keys
[profile mfa]
role_arn = arn:aws:iam::111122223333:role/x
source_profile = keys
mfa_serial = arn:aws:iam::111122223333:mfa/x
[profile sso]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = reader
region = eu-west-1
[profile old]
sso_start_url = https://old.example.com/start
sso_region = eu-west-1
sso_account_id = 111122223333
sso_role_name = reader
[sso-session corp]
sso_start_url = https://corp.example.com/start
sso_region = eu-west-1
`

const assumed = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>2040-01-01T00:00:00Z</Expiration>
</Credentials></AssumeRoleResult></AssumeRoleResponse>`

const denied = `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not you</Message></Error></ErrorResponse>`

// TestFind_Keys finds the keys of each kind of profile.
func TestFind_Keys(t *testing.T) {
	machine(t, files)
	asked := ""
	sts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		asked = r.Form.Get("RoleArn") + " " + r.Form.Get("RoleSessionName") + " " + r.Form.Get("TokenCode")
		fmt.Fprint(w, assumed)
	}))
	defer sts.Close()
	t.Setenv("AWS_ENDPOINT_URL_STS", sts.URL)
	for _, tc := range []struct {
		profile, environment string
		ask                  Code
		want, asked          string
	}{
		{"", "", nil, "AKIADEFAULT", ""},
		{"", "AWS_PROFILE=keys", nil, "AKIAKEYS", ""},
		{"keys", "", nil, "AKIAKEYS", ""},
		{"keys", "AWS_ACCESS_KEY_ID=AKIAENV", nil, "AKIAKEYS", ""},
		{"role", "", nil, "ASIAROLE", "arn:aws:iam::111122223333:role/x resource-tracker "},
		{"mfa", "", func() (string, error) { return "123456", nil }, "ASIAROLE", "arn:aws:iam::111122223333:role/x resource-tracker 123456"},
	} {
		t.Run(tc.profile+" "+tc.environment, func(t *testing.T) {
			if name, value, ok := strings.Cut(tc.environment, "="); ok {
				t.Setenv(name, value)
				t.Setenv("AWS_SECRET_ACCESS_KEY", "env")
			}
			asked = ""
			k, err := Find(t.Context(), tc.profile, tc.ask)
			if err != nil || k.AccessKeyID != tc.want || k.SecretAccessKey == "" || asked != tc.asked || (k.Expires.IsZero() == (tc.want == "ASIAROLE")) {
				t.Errorf("%s until %v, asked %q: %v", k.AccessKeyID, k.Expires, asked, err)
			}
			if text := fmt.Sprintf("%v %+v %#v", k, k, k); strings.Contains(text, k.SecretAccessKey) {
				t.Error(text)
			}
		})
	}
}

// TestFind_Without says why there are no keys, and what to do.
func TestFind_Without(t *testing.T) {
	for _, tc := range []struct {
		name, files, profile, want string
	}{
		{"no such profile", files, "prod", "there is no profile prod in the AWS configuration"},
		{"an SSO session that has ended", files, "sso", "the SSO session of the profile sso has ended: run `aws sso login --profile sso`, and then this again"},
		{"an older form of it", files, "old", "the SSO session of the profile old has ended: run `aws sso login --profile old`, and then this again"},
		{"nobody has logged in yet", strings.ReplaceAll(files, "corp", "new"), "sso", "run `aws sso login --profile sso`"},
		{"a role that is denied", files, "role", "AWS gives no keys of the profile role: AccessDenied: not you"},
		{"a code that nobody is asked for", files, "mfa", "the keys of the profile mfa need a code of an MFA device"},
		{"nothing at all", "", "", "there are no keys to AWS on this machine: name a profile with --profile"},
		{"files that are broken", "[profile x", "x", "the AWS configuration"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			home := machine(t, tc.files)
			cached(t, home, "corp", time.Now().Add(-time.Hour))
			cached(t, home, "https://old.example.com/start", time.Now().Add(-time.Hour))
			sts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusForbidden)
				fmt.Fprint(w, denied)
			}))
			defer sts.Close()
			t.Setenv("AWS_ENDPOINT_URL_STS", sts.URL)
			_, err := Find(t.Context(), tc.profile, nil)
			if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "MARKER") {
				t.Errorf("%v, want %s", err, tc.want)
			}
		})
	}
}
