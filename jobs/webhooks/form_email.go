package webhooks

import (
	"fmt"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// email renders an event as the text of an e-mail, whose subject is the message's title.
func email(e tracker.WebhookEvent, m message, _ tracker.WebhookTarget) ([]byte, error) {
	var b strings.Builder
	b.WriteString(m.Title + "\n\n")
	for _, f := range m.Facts {
		fmt.Fprintf(&b, "%s: %s\n", f.Name, f.Value)
	}
	if m.Link != "" {
		fmt.Fprintf(&b, "\n%s\n", m.Link)
	}
	fmt.Fprintf(&b, "\n%s at %s\n", e.Type, e.Timestamp.UTC().Format(time.RFC3339))
	return []byte(b.String()), nil
}
