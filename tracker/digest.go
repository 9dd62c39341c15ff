package tracker

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Digest names a request by its kind and what it is made of: SHA-256 of their JSON,
// in hexadecimal. Requests of two kinds have different digests. A secret goes in as a
// digest of its own.
func Digest(kind string, parts ...any) (string, error) {
	b, err := json.Marshal(append([]any{kind}, parts...))
	if err != nil {
		return "", fmt.Errorf("encode %s: %w", kind, err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}
