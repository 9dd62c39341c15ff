// Package sealing makes credentials readable by workers only. The API seals them
// to the workers' public key (age, X25519) before it stores anything. Only a
// process that holds the private key opens them again.
package sealing

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"filippo.io/age"

	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	recipientPrefix = "age1"
	identityPrefix  = "AGE-SECRET-KEY-1"
	mask            = "[identity]"
	// maxSealed bounds the size of a seal; credentials are some 2 KB at most.
	maxSealed = 64 << 10
)

// ErrWrongKey says that a seal was made for another identity.
var ErrWrongKey = errors.New("the credentials were sealed for another CREDENTIALS_IDENTITY than this worker has")

// NewKey makes a key pair. The recipient is public and seals. The identity is
// secret and opens.
func NewKey() (recipient, identity string, err error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return "", "", fmt.Errorf("make a key pair: %w", err)
	}
	return id.Recipient().String(), id.String(), nil
}

// Sealer seals credentials and cannot read them again.
type Sealer struct {
	recipient *age.X25519Recipient
}

// NewSealer returns a Sealer for a recipient, which starts with "age1". Its
// errors never repeat the argument, which may be the secret one of the pair.
func NewSealer(recipient string) (*Sealer, error) {
	recipient = strings.TrimSpace(recipient)
	switch {
	case recipient == "":
		return nil, errors.New("is empty; it is the public key that keygen prints, starting with age1")
	case strings.HasPrefix(strings.ToUpper(recipient), identityPrefix):
		return nil, errors.New("is an identity, the secret key of the workers, where the public recipient starting with age1 belongs")
	}
	r, err := age.ParseX25519Recipient(recipient)
	if err != nil {
		return nil, errors.New("is no recipient: a public key as keygen prints it, starting with age1")
	}
	return &Sealer{r}, nil
}

// String returns the recipient.
func (s *Sealer) String() string { return s.recipient.String() }

// plaintext is the one encoding of credentials. It exists inside a seal only.
type plaintext struct {
	AccessKeyID     string `json:"a,omitempty"`
	SecretAccessKey string `json:"k,omitempty"`
	SessionToken    string `json:"t,omitempty"`
	Server          bool   `json:"s,omitempty"`
	RoleARN         string `json:"r,omitempty"`
	ExternalID      string `json:"x,omitempty"`
}

// Seal returns creds in a form that only an Opener can read. Sealing the same
// credentials twice gives different bytes.
func (s *Sealer) Seal(creds tracker.Credentials) ([]byte, error) {
	plain, err := json.Marshal(plaintext(creds))
	if err != nil {
		return nil, errors.New("seal credentials: not encodable") // the cause could quote them
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, s.recipient)
	if err != nil {
		return nil, fmt.Errorf("seal credentials: %w", err)
	}
	if _, err := w.Write(plain); err != nil {
		return nil, fmt.Errorf("seal credentials: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("seal credentials: %w", err)
	}
	return sealed.Bytes(), nil
}

// Opener opens seals that were made for any of its identities.
type Opener struct {
	identities []age.Identity
	recipient  string
}

// NewOpener returns an Opener for one identity or more, separated by commas. The
// newest comes first, then those that older jobs were sealed to. Its errors
// never repeat the argument.
func NewOpener(identities string) (*Opener, error) {
	var o Opener
	for i := range strings.SplitSeq(identities, ",") {
		i = strings.TrimSpace(i)
		switch {
		case i == "":
			continue
		case strings.HasPrefix(strings.ToLower(i), recipientPrefix):
			return nil, errors.New("is a recipient, the public key, where the secret identity starting with AGE-SECRET-KEY-1 belongs")
		}
		id, err := age.ParseX25519Identity(i)
		if err != nil {
			return nil, errors.New("is no identity: a secret key as keygen prints it, starting with AGE-SECRET-KEY-1")
		}
		if o.recipient == "" {
			o.recipient = id.Recipient().String()
		}
		o.identities = append(o.identities, id)
	}
	if len(o.identities) == 0 {
		return nil, errors.New("is empty; it is the secret key that keygen prints, starting with AGE-SECRET-KEY-1")
	}
	return &o, nil
}

// Recipient returns the public key of the first identity.
func (o *Opener) Recipient() string { return o.recipient }

// Open returns the credentials that Seal was given. It fails with ErrWrongKey
// when they were sealed to none of the identities.
func (o *Opener) Open(sealed []byte) (tracker.Credentials, error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), o.identities...)
	if _, other := errors.AsType[*age.NoIdentityMatchError](err); other {
		return tracker.Credentials{}, ErrWrongKey
	}
	if err != nil {
		return tracker.Credentials{}, errors.New("open credentials: not in sealed form")
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxSealed))
	if err != nil {
		return tracker.Credentials{}, errors.New("open credentials: damaged")
	}
	var c plaintext
	if err := json.Unmarshal(plain, &c); err != nil {
		return tracker.Credentials{}, errors.New("open credentials: not readable by this version")
	}
	return tracker.Credentials(c), nil
}

func (*Opener) String() string   { return mask }
func (*Opener) GoString() string { return mask }

// LogValue keeps identities out of logs.
func (*Opener) LogValue() slog.Value { return slog.StringValue(mask) }

// MarshalJSON always fails: an identity is not part of any answer.
func (*Opener) MarshalJSON() ([]byte, error) {
	return nil, errors.New("identities are not encoded")
}
