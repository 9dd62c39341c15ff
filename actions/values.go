package actions

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"

	"github.com/aws/smithy-go"

	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	stateActive  = "active"
	stateUnknown = "unknown"
)

// tagToken is the tag, on what a step creates, that holds the item's token.
const tagToken = "resource-tracker:token"

// gone is a resource that does not exist.
func gone() tracker.Resource { return tracker.Resource{State: tracker.Gone} }

// missing returns a resource that does not exist if err is AWS's word for that,
// and err otherwise.
func missing(err error, codes ...string) (tracker.Resource, error) {
	if says(err, codes...) {
		return gone(), nil
	}
	return tracker.Resource{}, err
}

// says reports whether AWS answered one of codes.
func says(err error, codes ...string) bool {
	e, ok := errors.AsType[smithy.APIError](err)
	return ok && slices.Contains(codes, e.ErrorCode())
}

// copyName names what is kept of a resource, such as a final snapshot. It is made
// of the token, so that it can be found without the answer to the call that made
// it, and fits the rules of every service: letters, digits and single hyphens.
func copyName(token string) string {
	sum := sha256.Sum256([]byte(token))
	return "resource-tracker-" + hex.EncodeToString(sum[:10])
}

// clientToken is a token for calls that take one, which allow 64 characters.
func clientToken(token string) *string {
	if len(token) > 64 {
		sum := sha256.Sum256([]byte(token))
		token = hex.EncodeToString(sum[:])
	}
	return &token
}
