package sealing

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/consolesensei/resource-tracker/tracker"
)

// clientSeal is what a client seals by itself, so that the API never has the keys. The
// API puts it unopened into its own seal, with the time when it took it. Its names are
// part of the API (docs/api.md), and none of them is one of the API's own seals: the one
// is never opened as the other.
type clientSeal struct {
	AccessKeyID     string    `json:"access_key_id"`
	SecretAccessKey string    `json:"secret_access_key"`
	SessionToken    string    `json:"session_token"`
	Tenant          string    `json:"tenant"`
	ExpiresAt       time.Time `json:"expires_at"`
}

// clocksApart is by how much the clocks of several APIs may differ.
const clocksApart = time.Minute

// refused is why the keys that a client sealed are not used. Waiting changes none of it.
func refused(code, format string, args ...any) error {
	return &tracker.Failure{Outcome: tracker.OutcomeBadCreds, Code: code, Message: fmt.Sprintf(format, args...), Harmless: true}
}

// openClients returns the keys that a client sealed, for a tenant, with the role that was
// asked for beside them. taken is when the API took them.
func (o *Opener) openClients(creds tracker.Credentials, tenant string, taken time.Time) (tracker.Credentials, error) {
	none := tracker.Credentials{}
	sealed, err := base64.StdEncoding.DecodeString(creds.Sealed)
	if err != nil {
		return none, refused(tracker.SealMalformed, "the sealed_credentials are not base64")
	}
	r, err := age.Decrypt(bytes.NewReader(sealed), o.identities...)
	if _, other := errors.AsType[*age.NoIdentityMatchError](err); other {
		return none, refused(tracker.SealToAnotherKey, "the client sealed the credentials to a key that this worker does not have: GET /api/v1/credentials-key answers the present one")
	}
	if err != nil {
		return none, refused(tracker.SealMalformed, "the sealed_credentials are not in sealed form")
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxSealed))
	if err != nil {
		return none, refused(tracker.SealMalformed, "the sealed_credentials are damaged")
	}
	var c clientSeal
	if json.Unmarshal(plain, &c) != nil || !c.whole() {
		return none, refused(tracker.SealMalformed, "the sealed_credentials hold something else than access_key_id, secret_access_key, session_token, tenant and expires_at")
	}
	switch {
	case c.Tenant != tenant:
		return none, refused(tracker.SealOfAnotherTenant, "the client sealed the credentials for another tenant")
	case taken.After(c.ExpiresAt):
		return none, refused(tracker.SealExpired, "the client sealed the credentials for a request until %s, and it came at %s: seal them anew", stamp(c.ExpiresAt), stamp(taken))
	case c.ExpiresAt.After(taken.Add(tracker.SealLife + clocksApart)):
		return none, refused(tracker.SealMalformed, "the expires_at of the sealed_credentials is more than %v after they came", tracker.SealLife)
	}
	return tracker.Credentials{
		AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey, SessionToken: c.SessionToken,
		RoleARN: creds.RoleARN, ExternalID: creds.ExternalID,
	}, nil
}

// whole reports whether the keys are what the API would have taken in clear.
func (c clientSeal) whole() bool {
	odd := func(r rune) bool { return r < '!' || r > '~' }
	return c.AccessKeyID != "" && len(c.AccessKeyID) <= 128 && c.SecretAccessKey != "" && len(c.SecretAccessKey) <= 256 &&
		len(c.SessionToken) <= 4096 && !strings.ContainsFunc(c.AccessKeyID+c.SecretAccessKey+c.SessionToken, odd)
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
