package webhooks

import (
	"encoding/json"
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// What Slack takes: https://docs.slack.dev/reference/block-kit/blocks.
const (
	slackHeader = 150
	slackField  = 2000
	slackFields = 10
)

var slackEscape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// slack renders an event as a message of Slack's incoming webhooks.
func slack(_ tracker.WebhookEvent, m message, _ tracker.WebhookTarget) ([]byte, error) {
	type object = map[string]any
	blocks := []object{{"type": "header", "text": object{"type": "plain_text", "text": short(m.Title, slackHeader)}}}
	var fields []object
	for _, f := range m.Facts[:min(len(m.Facts), slackFields)] {
		fields = append(fields, object{"type": "mrkdwn", "text": short("*"+slackEscape.Replace(f.Name)+"*\n"+slackEscape.Replace(f.Value), slackField)})
	}
	if len(fields) > 0 {
		blocks = append(blocks, object{"type": "section", "fields": fields})
	}
	if m.Link != "" {
		blocks = append(blocks, object{"type": "actions", "elements": []object{
			{"type": "button", "text": object{"type": "plain_text", "text": "Open"}, "url": m.Link},
		}})
	}
	return json.Marshal(object{"text": slackEscape.Replace(m.Title), "blocks": blocks})
}

// short cuts a text to a number of characters.
func short(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return text
}
