package api

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

// CredentialHeaders carry credentials beside the body.
type CredentialHeaders struct {
	AccessKey    string `header:"X-AWS-Access-Key" maxLength:"128" pattern:"^[!-~]*$" doc:"Used where the body has no access_key_id"`
	SecretKey    string `header:"X-AWS-Secret-Key" maxLength:"256" pattern:"^[!-~]*$" doc:"Used where the body has no secret_access_key"`
	SessionToken string `header:"X-AWS-Session-Token" maxLength:"4096" pattern:"^[!-~]*$" doc:"Used where the body has no session_token"`
}

// CredentialFields carry credentials in the body. Empty strings are absent.
type CredentialFields struct {
	Sealed          string `json:"sealed_credentials,omitempty" maxLength:"8192" pattern:"^[A-Za-z0-9+/]*={0,2}$" writeOnly:"true" doc:"Keys that the client has sealed to the key of GET /api/v1/credentials-key, in base64, in place of access_key_id, secret_access_key and session_token"`
	AccessKeyID     string `json:"access_key_id,omitempty" maxLength:"128" pattern:"^[!-~]*$" doc:"Access key, else X-AWS-Access-Key"`
	SecretAccessKey string `json:"secret_access_key,omitempty" maxLength:"256" pattern:"^[!-~]*$" format:"password" writeOnly:"true" doc:"Secret key, else X-AWS-Secret-Key"`
	SessionToken    string `json:"session_token,omitempty" maxLength:"4096" pattern:"^[!-~]*$" format:"password" writeOnly:"true" doc:"Token of temporary keys, else X-AWS-Session-Token"`
	RoleARN         string `json:"role_arn,omitempty" maxLength:"2048" pattern:"^(arn:aws[a-z-]*:iam::\\d{12}:role/[\\w+=,.@/-]{1,512})?$" doc:"Role to assume with the keys; without keys, that of a registered account"`
	ExternalID      string `json:"external_id,omitempty" maxLength:"1224" pattern:"^([\\w+=,.@:/-]{2,})?$" doc:"The role's external ID"`
	Account         string `json:"account,omitempty" maxLength:"63" doc:"Name of a registered account, which the server's own identity enters: in place of keys and role"`
}

// missingCredentials is the wire contract's refusal.
func missingCredentials(fields ...FieldError) *Problem {
	p := newProblem(http.StatusBadRequest, "AWS credentials missing from request")
	p.Errors = fields
	return p
}

// credentials merges body and headers, field by field, the body first. It answers the
// registered account too that they are of, if they are of one.
func (s *Server) credentials(ctx context.Context, body CredentialFields, h CredentialHeaders) (tracker.Credentials, tracker.RegisteredAccount, error) {
	none := tracker.RegisteredAccount{}
	if name := body.Account; name != "" {
		if body.Account = ""; body != (CredentialFields{}) || h != (CredentialHeaders{}) {
			return tracker.Credentials{}, none, invalid(FieldError{"body.account", "is in place of keys, role_arn and external_id: give one or the other"})
		}
		return s.registered(ctx, "body.account", name)
	}
	c := tracker.Credentials{
		AccessKeyID:     cmp.Or(body.AccessKeyID, h.AccessKey),
		SecretAccessKey: cmp.Or(body.SecretAccessKey, h.SecretKey),
		SessionToken:    cmp.Or(body.SessionToken, h.SessionToken),
		RoleARN:         body.RoleARN,
		ExternalID:      body.ExternalID,
		Sealed:          body.Sealed,
	}
	if c.ExternalID != "" && c.RoleARN == "" {
		return tracker.Credentials{}, none, invalid(FieldError{"body.external_id", "needs role_arn"})
	}
	if c.Sealed != "" {
		return c, none, checkSealed(c)
	}
	if c.AccessKeyID != "" && c.SecretAccessKey != "" {
		return c, none, nil
	}
	var missing []FieldError
	for _, f := range []struct{ name, value string }{
		{"access_key_id", c.AccessKeyID}, {"secret_access_key", c.SecretAccessKey},
	} {
		if f.value == "" {
			missing = append(missing, FieldError{"body." + f.name, "missing"})
		}
	}
	switch {
	// Half a pair is a mistake, never a wish for the server's own.
	case len(missing) == 1 || c.SessionToken != "" || !s.ServerCredentials && c.RoleARN == "":
		return tracker.Credentials{}, none, missingCredentials(missing...)
	case !s.ServerCredentials:
		return tracker.Credentials{}, none, invalid(FieldError{
			"body.role_arn", "needs access keys in the request: this server does not lend its own credentials",
		})
	}
	if c.RoleARN != "" {
		return s.ofRole(ctx, "body.", c.RoleARN, c.ExternalID)
	}
	return tracker.Credentials{Server: true}, none, nil
}

// numberOf is the number of the account that credentials are of, where they say it: keys
// alone do not.
func numberOf(c tracker.Credentials, own tracker.RegisteredAccount) string {
	return cmp.Or(own.AccountID, tracker.AccountOfRole(c.RoleARN))
}

// sealBegins is how every file of age begins: https://age-encryption.org/v1.
const sealBegins = "age-encryption.org/v1\n"

// checkSealed refuses what cannot be keys that a client has sealed. All else only workers
// can tell.
func checkSealed(c tracker.Credentials) error {
	if c.AccessKeyID+c.SecretAccessKey+c.SessionToken != "" {
		return invalid(FieldError{"body.sealed_credentials", "are in place of keys, in the body and in headers: give one or the other"})
	}
	b, err := base64.StdEncoding.DecodeString(c.Sealed)
	if err != nil || !bytes.HasPrefix(b, []byte(sealBegins)) {
		return invalid(FieldError{"body.sealed_credentials", "are no seal of age in base64"})
	}
	return nil
}

// credentialsKey is what clients seal keys with.
type credentialsKey struct {
	Success   bool      `json:"success" doc:"Always true"`
	Recipient string    `json:"recipient" doc:"The public key of the workers, a recipient of age" example:"age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"`
	Tenant    string    `json:"tenant" doc:"What a seal of yours has for its tenant"`
	ExpiresAt time.Time `json:"expires_at" doc:"What a seal made now has for its expires_at, by the clock of the server"`
	Seconds   int       `json:"seconds" doc:"How long a seal is taken"`
}

func (s *Server) registerCredentials() {
	register(s, huma.Operation{
		OperationID: "read-credentials-key", Method: http.MethodGet, Path: "/api/v1/credentials-key", Tags: []string{"scans"},
		Summary: "Read what to seal AWS keys with, so that only a worker reads them",
		Description: `A client that seals its keys sends sealed_credentials in place of them: base64 of a file of age to the recipient, which holds a JSON object of
access_key_id, secret_access_key, session_token (if there is one), tenant and expires_at, the last two as answered here. Workers refuse a seal
that names another tenant or came after its end: the outcome is bad_credentials, with the code SealOfAnotherTenant, SealExpired,
SealToAnotherKey or SealMalformed. The time when it came counts, however much later a plan is carried out.`,
	}, func(ctx context.Context, _ *struct{}) (*struct{ Body credentialsKey }, error) {
		return &struct{ Body credentialsKey }{credentialsKey{
			true, s.Sealer.Recipient(), owner(ctx), time.Now().UTC().Add(tracker.SealLife).Truncate(time.Second), int(tracker.SealLife.Seconds()),
		}}, nil
	})
}

// seal is where credentials stop being readable in this process: they are sealed for a
// thing of the caller's, once its ID is known.
func (s *Server) seal(ctx context.Context, kind tracker.SealKind, c tracker.Credentials) tracker.Seal {
	return func(id string) ([]byte, error) {
		sealed, err := s.Sealer.Seal(c, tracker.SealedFor{Tenant: owner(ctx), Kind: kind, ID: id})
		if err != nil {
			return nil, fmt.Errorf("seal credentials: %w", err)
		}
		return sealed, nil
	}
}

// credentialsDigest tells credentials apart. Each field goes in with its
// length, so that no two credentials run into the same bytes. Nobody here knows which keys
// a client has sealed. All count as the same, so that a request sent again under its
// idempotency key may be sealed anew; a scan with them joins no other.
func credentialsDigest(c tracker.Credentials) string {
	h := sha256.New()
	server := ""
	if c.Server {
		server = "server"
	}
	fields := []string{c.AccessKeyID, c.SecretAccessKey, c.SessionToken, server, c.RoleARN, c.ExternalID, c.Account}
	if c.Sealed != "" { // a field that is always there would give every request of before an upgrade another digest
		fields = append(fields, "sealed")
	}
	for _, f := range fields {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(f))))
		h.Write([]byte(f))
	}
	return hex.EncodeToString(h.Sum(nil))
}
