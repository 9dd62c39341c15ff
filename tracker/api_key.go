package tracker

import "time"

// APIKey is an API key as it is listed. Its secret is answered once, when it is made.
type APIKey struct {
	ID     string `json:"key_id" doc:"What the key begins with, after trk_"`
	Name   string `json:"name"`
	Tenant string `json:"tenant"`
	// Person is who the key stands for; MadeBy is who made it for them, where they did
	// not themselves.
	Person string  `json:"person"`
	MadeBy string  `json:"made_by,omitempty"`
	Grants []Grant `json:"grants"`

	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt *time.Time `json:"expires_at" doc:"null is never"`
	// LastUsedAt is right to a minute.
	LastUsedAt *time.Time `json:"last_used_at" doc:"When it was used last, to a minute; null is never"`
	RotatedAt  *time.Time `json:"rotated_at,omitempty"`
	// OldUntil is until when the secret before the newest is taken.
	OldUntil *time.Time `json:"old_secret_until,omitempty" doc:"Until when the secret of before the rotation is taken as well"`
}

// Who is the key's name in the audit.
func (k APIKey) Who() string { return "key:" + k.ID }

// Principal is whom the key stands for.
func (k APIKey) Principal() Principal {
	return Principal{Tenant: k.Tenant, Who: k.Who(), Person: k.Person, MadeBy: k.MadeBy, Grants: k.Grants}
}
