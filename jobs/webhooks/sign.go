package webhooks

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const secretPrefix = "whsec_"

// newSecret makes the secret of a webhook, and its form for people.
func newSecret() (key []byte, shown string) {
	key = make([]byte, 32)
	_, _ = rand.Read(key) // it never fails
	return key, secretPrefix + base64.StdEncoding.EncodeToString(key)
}

// sign sets the headers of standardwebhooks.com: one signature for each key, so that a
// receiver can verify with the old secret or the new one while they change.
func sign(h http.Header, id string, at time.Time, body []byte, keys ...[]byte) {
	stamp := strconv.FormatInt(at.Unix(), 10)
	signatures := make([]string, len(keys))
	for i, key := range keys {
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "%s.%s.%s", id, stamp, body)
		signatures[i] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	h.Set("webhook-id", id)
	h.Set("webhook-timestamp", stamp)
	h.Set("webhook-signature", strings.Join(signatures, " "))
}
