package tracker

import "time"

// Session is somebody who is signed in for a while. Its token is answered once, when it
// is made.
type Session struct {
	ID     string `json:"session_id"`
	Tenant string `json:"tenant"`
	Who    string `json:"who" doc:"The name in the audit"`
	Person string `json:"person"`
	Name   string `json:"name,omitempty" doc:"What the issuer calls the person; nothing is decided by it"`

	CreatedAt time.Time `json:"created_at"`
	// LastUsedAt is right to a minute.
	LastUsedAt time.Time `json:"last_used_at" doc:"To a minute"`
	ExpiresAt  time.Time `json:"expires_at" doc:"When it ends at the latest; it ends sooner when it is not used"`
	From       string    `json:"from,omitempty" doc:"The address that signed in"`
	Agent      string    `json:"user_agent,omitempty" doc:"What signed in, as it calls itself"`
	Current    bool      `json:"current" doc:"It is the one that this request came with"`

	// KeySum is the SHA-256 of the key that the session was exchanged for: it may what the
	// key may, for as long as that is taken. KeyID names the key, where it is a kept one.
	KeyID  string `json:"-"`
	KeySum string `json:"-"`
	// Grants are what a session of no key may: those of the log-in.
	Grants []Grant `json:"-"`
	// Tenants are those that the person may sign in to.
	Tenants []string `json:"-"`
}

// Principal is whom a session of no key stands for.
func (s Session) Principal() Principal {
	return Principal{Tenant: s.Tenant, Who: s.Who, Person: s.Person, Name: s.Name, Tenants: s.Tenants, Grants: s.Grants}
}

// GroupRole is a role in a tenant that the members of a group have.
type GroupRole struct {
	Group, Tenant string
	Role          Role
}

// Login is a log-in that has begun: what the browser that began it has to bring back
// from the issuer.
type Login struct {
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"` // of PKCE
	Tenant   string `json:"tenant,omitempty"`
	ReturnTo string `json:"return_to"`
	// Browser is the SHA-256 of the cookie that the browser was given.
	Browser string `json:"browser"`
}
