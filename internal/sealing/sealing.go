// Package sealing makes credentials readable by workers only. The API seals them
// to the workers' public key (age, X25519) before it stores anything. Only a
// process that holds the private key opens them again. What they were sealed for is
// inside the seal, because age authenticates nothing beside it: they are opened for
// that only.
package sealing

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

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

// Why a seal is not opened. All of them are conflicts: waiting changes none.
var (
	// ErrWrongKey says that a seal was made for another identity.
	ErrWrongKey error = tracker.Errorf(tracker.CodeConflict, "the credentials were sealed to a key that this worker does not have, such as that of a process that has ended: retry the job with credentials")
	// ErrOther says that a seal was made for something else than it is to be opened for.
	ErrOther error = tracker.Errorf(tracker.CodeConflict, "the credentials were sealed for another tenant, job, plan or schedule, and are not used: retry the job or plan anew with credentials, or write the schedule anew")

	errForm    = tracker.Errorf(tracker.CodeConflict, "the credentials cannot be opened: they are not in sealed form")
	errDamaged = tracker.Errorf(tracker.CodeConflict, "the credentials cannot be opened: the seal is damaged")
	errVersion = tracker.Errorf(tracker.CodeConflict, "the credentials cannot be opened: this version of the worker cannot read them")
)

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

// Recipient returns the public key.
func (s *Sealer) Recipient() string { return s.recipient.String() }

// plaintext is the one encoding of credentials and of what they are for. It exists
// inside a seal only.
type plaintext struct {
	credentials
	Tenant string           `json:"n"`
	Kind   tracker.SealKind `json:"w"`
	ID     string           `json:"i"`
	// Taken is when the API took what a client has sealed.
	Taken time.Time `json:"d,omitzero"`
}

type credentials struct {
	AccessKeyID     string `json:"a,omitempty"`
	SecretAccessKey string `json:"k,omitempty"`
	SessionToken    string `json:"t,omitempty"`
	Server          bool   `json:"s,omitempty"`
	Account         string `json:"c,omitempty"`
	RoleARN         string `json:"r,omitempty"`
	ExternalID      string `json:"x,omitempty"`
	Sealed          string `json:"e,omitempty"`
}

// Seal returns creds in a form that only an Opener can read, and only for what they are
// sealed for. Sealing the same credentials twice gives different bytes. What a client has
// sealed counts as taken now.
func (s *Sealer) Seal(creds tracker.Credentials, of tracker.SealedFor) ([]byte, error) {
	p := plaintext{credentials: credentials(creds), Tenant: of.Tenant, Kind: of.Kind, ID: of.ID}
	if creds.Sealed != "" {
		p.Taken = time.Now().UTC()
	}
	plain, err := json.Marshal(p)
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
// when they were sealed to none of the identities, and with ErrOther when they were
// sealed for none of what they are to be opened for. What a client has sealed inside is
// opened too; a *tracker.Failure says why it is not used.
func (o *Opener) Open(sealed []byte, of ...tracker.SealedFor) (tracker.Credentials, error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), o.identities...)
	if _, other := errors.AsType[*age.NoIdentityMatchError](err); other {
		return tracker.Credentials{}, ErrWrongKey
	}
	if err != nil {
		return tracker.Credentials{}, errForm
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxSealed))
	if err != nil {
		return tracker.Credentials{}, errDamaged
	}
	var p plaintext
	if err := json.Unmarshal(plain, &p); err != nil {
		return tracker.Credentials{}, errVersion
	}
	if !slices.Contains(of, tracker.SealedFor{Tenant: p.Tenant, Kind: p.Kind, ID: p.ID}) {
		return tracker.Credentials{}, ErrOther
	}
	creds := tracker.Credentials(p.credentials)
	if creds.Sealed != "" {
		return o.openClients(creds, p.Tenant, p.Taken)
	}
	return creds, nil
}

func (*Opener) String() string   { return mask }
func (*Opener) GoString() string { return mask }

// LogValue keeps identities out of logs.
func (*Opener) LogValue() slog.Value { return slog.StringValue(mask) }

// MarshalJSON always fails: an identity is not part of any answer.
func (*Opener) MarshalJSON() ([]byte, error) {
	return nil, errors.New("identities are not encoded")
}
