package sealing

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
)

// bound is a secret with what it is for. It exists inside a seal only.
type bound struct {
	For    string `json:"f"`
	Secret []byte `json:"s"`
}

// errElsewhere says that a seal was taken from where it belongs.
var errElsewhere = errors.New("open a secret: it was sealed for something else")

// SealSecret returns a secret in a form that only an Opener can read, and only for what
// it is sealed for.
func (s *Sealer) SealSecret(about string, secret []byte) ([]byte, error) {
	plain, err := json.Marshal(bound{about, secret})
	if err != nil {
		return nil, errors.New("seal a secret: not encodable") // the cause could quote it
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, s.recipient)
	if err != nil {
		return nil, fmt.Errorf("seal a secret: %w", err)
	}
	if _, err := w.Write(plain); err != nil {
		return nil, fmt.Errorf("seal a secret: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("seal a secret: %w", err)
	}
	return sealed.Bytes(), nil
}

// OpenSecret returns what SealSecret was given for the same thing. It fails with
// ErrWrongKey when the secret was sealed to none of the identities.
func (o *Opener) OpenSecret(about string, sealed []byte) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), o.identities...)
	if _, other := errors.AsType[*age.NoIdentityMatchError](err); other {
		return nil, ErrWrongKey
	}
	if err != nil {
		return nil, errors.New("open a secret: not in sealed form")
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxSealed))
	if err != nil {
		return nil, errors.New("open a secret: damaged")
	}
	var b bound
	if err := json.Unmarshal(plain, &b); err != nil {
		return nil, errors.New("open a secret: not readable by this version")
	}
	if b.For != about {
		return nil, errElsewhere
	}
	return b.Secret, nil
}
