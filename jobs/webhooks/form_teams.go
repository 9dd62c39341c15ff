package webhooks

import (
	"encoding/json"

	"github.com/consolesensei/resource-tracker/tracker"
)

// teams renders an event as an Adaptive Card, for the workflow "post to a channel when a
// webhook request is received".
func teams(_ tracker.WebhookEvent, m message, _ tracker.WebhookTarget) ([]byte, error) {
	type object = map[string]any
	body := []object{{"type": "TextBlock", "text": m.Title, "weight": "Bolder", "size": "Medium", "wrap": true}}
	var facts []object
	for _, f := range m.Facts {
		facts = append(facts, object{"title": f.Name, "value": f.Value})
	}
	if len(facts) > 0 {
		body = append(body, object{"type": "FactSet", "facts": facts})
	}
	card := object{
		"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4", "body": body,
	}
	if m.Link != "" {
		card["actions"] = []object{{"type": "Action.OpenUrl", "title": "Open", "url": m.Link}}
	}
	return json.Marshal(object{"type": "message", "attachments": []object{
		{"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": nil, "content": card},
	}})
}
