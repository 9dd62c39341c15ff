package api

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"github.com/consolesensei/resource-tracker/tracker"
)

// TestDigestsOutliveAnUpgrade holds what older APIs have made of credentials. A request
// that is repeated under its idempotency key after an upgrade is still the same, and so is
// a scan that an API of the version before has started.
func TestDigestsOutliveAnUpgrade(t *testing.T) {
	length := func(n byte) string { return string([]byte{0, 0, 0, 0, 0, 0, 0, n}) }
	none := length(0)
	for _, row := range []struct {
		name string
		of   tracker.Credentials
		says string
	}{
		{"keys", tracker.Credentials{AccessKeyID: "AKIA", SecretAccessKey: "secret"}, length(4) + "AKIA" + length(6) + "secret" + none + none + none + none + none},
		{"the server's own", tracker.Credentials{Server: true}, none + none + none + length(6) + "server" + none + none + none},
		{
			"an account's role",
			tracker.Credentials{Server: true, Account: "prod", RoleARN: "arn", ExternalID: "id"},
			none + none + none + length(6) + "server" + length(3) + "arn" + length(2) + "id" + length(4) + "prod",
		},
	} {
		sum := sha256.Sum256([]byte(row.says))
		if got := credentialsDigest(row.of); got != hex.EncodeToString(sum[:]) {
			t.Errorf("the digest of %s is another one", row.name)
		}
	}
	if credentialsDigest(tracker.Credentials{Sealed: "x"}) == credentialsDigest(tracker.Credentials{}) {
		t.Error("sealed keys count as none")
	}
}
