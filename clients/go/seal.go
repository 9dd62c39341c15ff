package client

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"filippo.io/age"
)

// Keys are AWS access keys. They print as a mask.
type Keys struct {
	AccessKeyID     string
	SecretAccessKey string
	SessionToken    string // of temporary keys
}

// String keeps keys out of what is printed.
func (Keys) String() string { return "[keys]" }

// GoString keeps keys out of what is printed.
func (Keys) GoString() string { return "[keys]" }

// seal is what is sealed. Its names are part of the API.
type seal struct {
	AccessKeyID     string    `json:"access_key_id"`
	SecretAccessKey string    `json:"secret_access_key"`
	SessionToken    string    `json:"session_token,omitempty"`
	Tenant          string    `json:"tenant"`
	ExpiresAt       time.Time `json:"expires_at"`
}

// Seal seals keys to a recipient, so that only a worker reads them, for requests of a
// tenant until a time: all three as GET /api/v1/credentials-key answers them. The result
// is the sealed_credentials of a request.
func Seal(k Keys, recipient, tenant string, expiresAt time.Time) (string, error) {
	to, err := age.ParseX25519Recipient(strings.TrimSpace(recipient))
	if err != nil {
		return "", errors.New("seal credentials: the server answered no recipient of age")
	}
	//nolint:gosec // G117: the next lines seal it
	plain, err := json.Marshal(seal{k.AccessKeyID, k.SecretAccessKey, k.SessionToken, tenant, expiresAt})
	if err != nil {
		return "", errors.New("seal credentials: not encodable") // the cause could quote them
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, to)
	if err != nil {
		return "", fmt.Errorf("seal credentials: %w", err)
	}
	if _, err := w.Write(plain); err != nil {
		return "", fmt.Errorf("seal credentials: %w", err)
	}
	if err := w.Close(); err != nil {
		return "", fmt.Errorf("seal credentials: %w", err)
	}
	return base64.StdEncoding.EncodeToString(sealed.Bytes()), nil
}

// SealCredentials seals keys for a request that is sent within some minutes, so that neither
// the API nor what lies before it reads them. The result is the sealed_credentials of a body.
func (t *Tracker) SealCredentials(ctx context.Context, k Keys) (string, error) {
	key, err := t.ReadCredentialsKey(ctx)
	if err != nil {
		return "", err
	}
	return Seal(k, key.Recipient, key.Tenant, key.ExpiresAt)
}
