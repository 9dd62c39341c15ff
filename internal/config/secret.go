package config

import (
	"errors"
	"log/slog"
)

const mask = "[set]"

// Secret is a setting that prints as a mask and refuses to be encoded.
type Secret string

// Reveal returns the secret itself.
func (s Secret) Reveal() string { return string(s) }

func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return mask
}

// GoString prints the same as String.
func (s Secret) GoString() string { return s.String() }

// LogValue keeps the secret out of logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalJSON always fails.
func (Secret) MarshalJSON() ([]byte, error) {
	return nil, errors.New("secret settings are not encoded")
}

// Secrets is a list of secrets.
type Secrets []Secret

// Reveal returns the secrets themselves.
func (s Secrets) Reveal() []string {
	out := make([]string, len(s))
	for i, secret := range s {
		out[i] = secret.Reveal()
	}
	return out
}
