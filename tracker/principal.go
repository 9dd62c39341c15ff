package tracker

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// DefaultTenant is the tenant of the keys of the environment, and of tokens that name
// none. Its administrators are those of the whole service.
const DefaultTenant = "default"

// Principal is who a request comes from.
type Principal struct {
	// Tenant is whose data it reads and changes: what Owner means everywhere.
	Tenant string `json:"tenant"`
	// Who is its name in the audit, such as key:0a1b2c3d or jwt:alice.
	Who string `json:"who"`
	// Person is who stands behind it, one however many keys they have. MadeBy is the
	// person that made its key, where it was made for another.
	Person string `json:"person"`
	MadeBy string `json:"made_by,omitempty"`
	// From is the address that the request came from; Session the ID of the session that it
	// came with; Name what an issuer calls the person, for people to read; Tenants those
	// that the issuer lets the person sign in to, none for a key.
	From    string   `json:"-"`
	Session string   `json:"-"`
	Name    string   `json:"-"`
	Tenants []string `json:"-"`
	Grants  []Grant  `json:"grants"`
}

// TenantItself stands for a tenant where nobody of it is named.
func TenantItself(name string) Principal {
	return Principal{Tenant: name, Who: name, Person: name}
}

// Within returns what the principal's use of a permission is narrowed to: any one of
// the bounds allows. Nil is not narrowed; ok is false when nothing grants it.
func (p Principal) Within(permission Permit) (within []Bounds, ok bool) {
	for _, g := range p.Grants {
		switch {
		case !g.Role.Allows(permission):
		case g.None():
			return nil, true
		default:
			within, ok = append(within, g.Bounds), true
		}
	}
	return within, ok
}

// May reports whether the principal has a permission, however narrowed.
func (p Principal) May(permission Permit) bool {
	if permission == PermitInstance {
		return p.Tenant == DefaultTenant && p.May(PermitManage)
	}
	_, ok := p.Within(permission)
	return ok || permission == PermitSelf
}

// Permissions are those that the principal has, however narrowed: none of those that
// everybody has.
func (p Principal) Permissions() []Permit {
	all := []Permit{PermitRead, PermitScan, PermitSchedule, PermitPlan, PermitApprove, PermitManage, PermitInstance}
	return slices.DeleteFunc(all, func(permit Permit) bool { return !p.May(permit) })
}

// MayApprove reports whether the principal may approve what another asked for: nobody
// approves what they asked for, nor what a key asked for that they made, nor with a key
// that the asker made.
func (p Principal) MayApprove(asker Principal) bool {
	mine, theirs := cmp.Or(p.Person, p.Who), cmp.Or(asker.Person, asker.Who)
	return p.Who != asker.Who && mine != theirs && (p.MadeBy == "" || p.MadeBy != theirs) && (asker.MadeBy == "" || asker.MadeBy != mine)
}

// Role is a set of permissions.
type Role string

// The roles. Each may read; an administrator may do everything in the tenant.
const (
	RoleViewer   Role = "viewer"
	RoleOperator Role = "operator" // starts scans, keeps schedules
	RoleActor    Role = "actor"    // makes plans, carries them out
	RoleApprover Role = "approver" // agrees to plans of others
	RoleAdmin    Role = "admin"
)

// Permit is what a route asks of its caller.
type Permit string

// The permissions.
const (
	PermitSelf     Permit = "self"     // everybody who is known
	PermitRead     Permit = "read"     // results, plans, schedules, the audit
	PermitScan     Permit = "scan"     // start, stop and retry scans
	PermitSchedule Permit = "schedule" // add, change and delete schedules
	PermitPlan     Permit = "plan"     // make, apply, cancel and undo plans
	PermitApprove  Permit = "approve"  // agree to plans of others
	PermitManage   Permit = "manage"   // keys, accounts, webhooks, sessions of the tenant
	PermitInstance Permit = "instance" // tenants, metrics, monitoring; administrators of the tenant default
)

// permissions are what each role allows.
var permissions = map[Role][]Permit{
	RoleViewer:   {PermitRead},
	RoleOperator: {PermitRead, PermitScan, PermitSchedule},
	RoleActor:    {PermitRead, PermitPlan},
	RoleApprover: {PermitRead, PermitApprove},
	RoleAdmin:    {PermitRead, PermitScan, PermitSchedule, PermitPlan, PermitApprove, PermitManage},
}

// Roles lists the roles.
func Roles() []Role { return []Role{RoleViewer, RoleOperator, RoleActor, RoleApprover, RoleAdmin} }

// Allows reports whether the role has a permission.
func (r Role) Allows(p Permit) bool { return slices.Contains(permissions[r], p) }

// Grant is a role, and what it is narrowed to.
type Grant struct {
	Role Role `json:"role" enum:"viewer,operator,actor,approver,admin" doc:"viewer reads; operator starts scans and keeps schedules; actor makes and applies plans; approver agrees to plans of others; admin does everything in the tenant"`
	Bounds
}

// Bounds narrow a grant. What is empty allows everything; of what is given, all must
// hold.
type Bounds struct {
	Accounts []string `json:"accounts,omitempty" doc:"Only in these accounts. For operator and actor"`
	Regions  []string `json:"regions,omitempty" doc:"Only in these regions; global stands for what has none. For operator and actor"`
	Types    []Type   `json:"types,omitempty" doc:"Only these resource types. For operator and actor"`
	Verbs    []string `json:"actions,omitempty" doc:"Only these actions, such as stop. For actor"`
	// Tags are AND-ed: each key has to have one of its values.
	Tags map[string][]string `json:"tags,omitempty" doc:"Only resources that have one of the values under each of these tag keys. For actor"`
}

// None reports whether the bounds narrow nothing.
func (b Bounds) None() bool {
	return len(b.Accounts) == 0 && len(b.Regions) == 0 && len(b.Types) == 0 && len(b.Verbs) == 0 && len(b.Tags) == 0
}

// Check refuses bounds that the role has no use for: they would look like protection.
func (g Grant) Check() error {
	if !slices.Contains(Roles(), g.Role) {
		return Invalid("role", "is none of viewer, operator, actor, approver and admin")
	}
	narrows := g.Role == RoleActor || g.Role == RoleOperator
	for _, f := range []struct {
		name string
		set  bool
		fits bool
	}{
		{"accounts", len(g.Accounts) > 0, narrows},
		{"regions", len(g.Regions) > 0, narrows},
		{"types", len(g.Types) > 0, narrows},
		{"actions", len(g.Verbs) > 0, g.Role == RoleActor},
		{"tags", len(g.Tags) > 0, g.Role == RoleActor},
	} {
		if f.set && !f.fits {
			return Invalid(f.name, "does not narrow the role %s: reading, agreeing and administrating are of the whole tenant", g.Role)
		}
	}
	return nil
}

// outside says what of an item is outside of the bounds, whose resource was seen so;
// empty: it is within.
func (b Bounds) outside(it ActionItem, account string, seen Sight) string {
	switch {
	case len(b.Verbs) > 0 && !slices.Contains(b.Verbs, it.Verb):
		return "the action " + it.Verb
	case len(b.Accounts) > 0 && !slices.Contains(b.Accounts, account):
		return "the account " + account
	case len(b.Regions) > 0 && !slices.Contains(b.Regions, it.Region):
		return "the region " + it.Region
	case len(b.Types) > 0 && !slices.Contains(b.Types, it.Type):
		return "the type " + string(it.Type)
	}
	for _, key := range slices.Sorted(maps.Keys(b.Tags)) {
		if value, ok := seen.Resource.Tags[key]; !ok || !slices.Contains(b.Tags[key], value) {
			return "a resource without the tag " + key + "=" + strings.Join(b.Tags[key], "|")
		}
		for _, taken := range seen.Taken {
			// What goes with a resource is often not tagged; what is tagged otherwise is not
			// taken along.
			if value, ok := taken.Tags[key]; ok && !slices.Contains(b.Tags[key], value) {
				return taken.ID + ", which goes with it and has the tag " + key + "=" + value
			}
		}
	}
	return ""
}

// Outside refuses an item that none of the bounds allows, whose resource was seen so in
// an account; nil: one does. No bounds allow everything.
func Outside(within []Bounds, it ActionItem, account string, seen Sight) *Refusal {
	var why []string
	for _, b := range within {
		reason := b.outside(it, account, seen)
		if reason == "" {
			return nil
		}
		if !slices.Contains(why, reason) {
			why = append(why, reason)
		}
	}
	if len(why) == 0 {
		return nil
	}
	return &Refusal{
		Rule: "not_granted", Message: "who asked for it may not change " + strings.Join(why, ", "),
		HowToLift: "have somebody plan it whose role is not narrowed so",
	}
}
