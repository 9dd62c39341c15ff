package config

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// anySecret reads a secret of any form.
func anySecret(into *Secret) func(string) error {
	return func(v string) error {
		*into = Secret(v)
		return nil
	}
}

// safeURL refuses what somebody on the way could read or change.
func safeURL(v string) error {
	if err := webURL(v); err != nil {
		return err
	}
	u, err := url.Parse(v)
	if err != nil || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("has more than a host and a path")
	}
	ip, err := netip.ParseAddr(u.Hostname())
	if loopback := u.Hostname() == "localhost" || err == nil && ip.IsLoopback(); u.Scheme != "https" && !loopback {
		return errors.New("is not https")
	}
	return nil
}

func callbackURL(v string) error {
	if !strings.HasSuffix(v, "/api/v1/auth/callback") {
		return errors.New("does not end with /api/v1/auth/callback")
	}
	return nil
}

func scopes(list []string) error {
	if !slices.Contains(list, "openid") {
		return errors.New("lacks openid, without which an issuer says nothing about people")
	}
	return nil
}

// groupRoles reads group=tenant/role, separated by commas. A group may hold = and /.
func groupRoles(into *[]tracker.GroupRole) func(string) error {
	return func(v string) error {
		var roles []tracker.GroupRole
		for _, item := range split(v) {
			at := strings.LastIndex(item, "=")
			if at < 1 {
				return fmt.Errorf("holds %q, which is not group=tenant/role", item)
			}
			tenant, role, _ := strings.Cut(item[at+1:], "/")
			r := tracker.GroupRole{Group: item[:at], Tenant: tenant, Role: tracker.Role(role)}
			if !tracker.TenantName.MatchString(r.Tenant) || !slices.Contains(tracker.Roles(), r.Role) {
				return fmt.Errorf("holds %q, which does not end with a tenant, / and a role", item)
			}
			roles = append(roles, r)
		}
		*into = roles
		return nil
	}
}

// DeviceClient is the client that programs sign people in with, by the device flow; empty
// is none.
func (c *Config) DeviceClient() string {
	if c.OIDCDeviceClient == "" && c.OIDCClientSecret == "" {
		return c.OIDCClientID
	}
	return c.OIDCDeviceClient
}

// checkPeople finds what an issuer lacks.
func (c *Config) checkPeople(problems *Problems) {
	if c.OIDCIssuer == "" {
		return
	}
	if c.OIDCClientID == "" {
		problems.need("OIDC_CLIENT_ID", "OIDC_ISSUER needs to know what it calls this service")
	}
	if c.OIDCRedirectURL == "" {
		problems.need("OIDC_REDIRECT_URL", "OIDC_ISSUER needs to know where to send browsers to")
	}
	if len(c.OIDCRoles) == 0 {
		problems.need("OIDC_ROLES", "nobody who signs in with OIDC_ISSUER would have a role")
	}
}
