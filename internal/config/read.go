package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/internal/redisurl"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	millisecond = time.Millisecond
	second      = time.Second
	hour        = time.Hour
	day         = 24 * time.Hour

	boolAllowed  = "true or false"
	keysAllowed  = "keys of 16 characters or more, separated by commas, all different"
	redisAllowed = "redis://, rediss:// or unix:// URL; redis+cluster://host:port,host:port; redis+sentinel://host:port,host:port/master-name"
	minAPIKey    = 16
	minSignature = 32
)

// hidden is a complaint about a value that must not be repeated.
type hidden string

func (h hidden) Error() string { return string(h) }

// text reads a string that passes every check.
func text(into *string, checks ...func(string) error) func(string) error {
	return func(v string) error {
		for _, check := range checks {
			if err := check(v); err != nil {
				return err
			}
		}
		*into = v
		return nil
	}
}

// whole reads a whole number from low to high.
func whole[T int | int64](into *T, low, high T) func(string) error {
	return func(v string) error {
		n, err := strconv.ParseInt(v, 10, 64)
		switch {
		case err != nil:
			return errors.New("is not a whole number")
		case n < int64(low) || n > int64(high):
			return errors.New("is out of range")
		}
		*into = T(n)
		return nil
	}
}

// duration reads a whole number of units from low to high.
func duration(into *time.Duration, unit time.Duration, low, high int) func(string) error {
	return func(v string) error {
		var n int
		if err := whole(&n, low, high)(v); err != nil {
			return err
		}
		*into = time.Duration(n) * unit
		return nil
	}
}

func boolean(into *bool) func(string) error {
	return func(v string) error {
		switch strings.ToLower(v) {
		case "true", "1", "yes", "on":
			*into = true
		case "false", "0", "no", "off":
			*into = false
		default:
			return errors.New("is neither true nor false")
		}
		return nil
	}
}

func oneOf(into *string, choices ...string) func(string) error {
	return func(v string) error {
		v = strings.ToLower(v)
		if !slices.Contains(choices, v) {
			return errors.New("is not among the choices")
		}
		*into = v
		return nil
	}
}

// level reads slog's names and those of other languages' loggers.
func level(into *slog.Level) func(string) error {
	return func(v string) error {
		switch strings.ToLower(v) {
		case "debug":
			*into = slog.LevelDebug
		case "info":
			*into = slog.LevelInfo
		case "warn", "warning":
			*into = slog.LevelWarn
		case "error", "critical":
			*into = slog.LevelError
		default:
			return errors.New("is not a level")
		}
		return nil
	}
}

// split returns the items of a list separated by commas.
func split(v string) []string {
	var items []string
	for item := range strings.SplitSeq(v, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

func list(into *[]string, check func([]string) error) func(string) error {
	return func(v string) error {
		items := split(v)
		if err := check(items); err != nil {
			return err
		}
		*into = items
		return nil
	}
}

// quotas reads limits over the defaults.
func quotas(into *tracker.Limits) func(string) error {
	return func(v string) error {
		limits, err := tracker.ParseLimits(v)
		if err != nil {
			return err
		}
		*into = tracker.DefaultLimits().With(limits)
		return nil
	}
}

var visible = regexp.MustCompile(`^[!-~]+$`)

func keys(into *Secrets) func(string) error {
	return func(v string) error {
		var all Secrets
		for i, key := range split(v) {
			switch {
			case len(key) < minAPIKey:
				return fmt.Errorf("key %d is shorter than %d characters", i+1, minAPIKey)
			case !visible.MatchString(key):
				return fmt.Errorf("key %d has characters that an HTTP header cannot carry", i+1)
			case slices.Contains(all, Secret(key)):
				return fmt.Errorf("key %d repeats an earlier key", i+1)
			}
			all = append(all, Secret(key))
		}
		*into = all
		return nil
	}
}

// placeholders are values that documents print in place of a key that was never
// made.
var placeholders = []string{"your-secret", "your-api-key", "your_secret", "change-in-production", "change-me", "changeme"}

func signingKey(into *Secret) func(string) error {
	return func(v string) error {
		if len(v) < minSignature {
			return fmt.Errorf("is shorter than %d bytes", minSignature)
		}
		if isPlaceholder(v) {
			return errors.New("is a placeholder")
		}
		*into = Secret(v)
		return nil
	}
}

func recipient(into *string) func(string) error {
	return func(v string) error {
		if !strings.HasPrefix(v, "age1") {
			return hidden("is not a recipient") // it may be the secret half of the pair
		}
		*into = v
		return nil
	}
}

func identity(into *Secret) func(string) error {
	return func(v string) error {
		for i, id := range split(v) {
			if !strings.HasPrefix(id, "AGE-SECRET-KEY-1") {
				return fmt.Errorf("key %d is not an identity", i+1)
			}
		}
		*into = Secret(v)
		return nil
	}
}

func redisURL(into *Secret) func(string) error {
	return func(v string) error {
		if _, err := redisurl.Parse(v); err != nil {
			return err
		}
		*into = Secret(v)
		return nil
	}
}

func databaseURL(into *Secret) func(string) error {
	return func(v string) error {
		u, err := url.Parse(v)
		switch {
		case err != nil:
			return errors.New("is not a URL")
		case u.Scheme != "postgres" && u.Scheme != "postgresql":
			return errors.New("is not the URL of a PostgreSQL")
		case strings.Trim(u.Path, "/") == "":
			return errors.New("names no database")
		}
		*into = Secret(v)
		return nil
	}
}

const placeAllowed = "the absolute path of a folder, or s3://BUCKET/PREFIX"

// place takes a folder of this machine or of S3.
func place(into *string) func(string) error {
	return func(v string) error {
		if rest, ok := strings.CutPrefix(v, "s3://"); ok {
			if bucket, _, _ := strings.Cut(rest, "/"); bucket == "" {
				return errors.New("names no bucket")
			}
		} else if !filepath.IsAbs(v) {
			return errors.New("is neither an absolute path nor an s3:// URL")
		}
		*into = strings.TrimRight(v, "/")
		return nil
	}
}

func hostName(v string) error {
	if strings.ContainsAny(v, "/:@ ") && net.ParseIP(strings.Trim(v, "[]")) == nil {
		return errors.New("is not a host")
	}
	return nil
}

// roleName checks a name as IAM does: it has at most 64 characters of a fixed
// set.
func roleName(v string) error {
	if !roleNamePattern.MatchString(v) {
		return errors.New("is not the name of an IAM role")
	}
	return nil
}

var roleNamePattern = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)

func principalARN(v string) error {
	if !principalPattern.MatchString(v) {
		return errors.New("is not the ARN of an IAM role or user")
	}
	return nil
}

var principalPattern = regexp.MustCompile(`^arn:aws[a-z-]*:iam::\d{12}:(root|(role|user)/[\w+=,.@/-]{1,512})$`)

func hostPort(v string) error {
	_, port, err := net.SplitHostPort(v)
	if err != nil {
		return errors.New("is not host:port")
	}
	var n int
	if err := whole(&n, 0, 65535)(port); err != nil {
		return errors.New("has no port from 0 to 65535")
	}
	return nil
}

func webURL(v string) error {
	u, err := url.Parse(v)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return errors.New("is not a web address")
	case u.User != nil:
		return hidden("holds credentials")
	}
	return nil
}

// mailURL reads the URL of a mail server. Without TLS only this machine is one.
func mailURL(into *Secret) func(string) error {
	return func(v string) error {
		u, err := url.Parse(v)
		if err != nil || u.Hostname() == "" {
			return errors.New("is not the URL of a mail server")
		}
		ip, _ := netip.ParseAddr(u.Hostname())
		if u.Scheme != "smtps" && u.Scheme != "smtp+starttls" && (u.Scheme != "smtp" || !ip.IsLoopback()) {
			return errors.New("is not the URL of a mail server with TLS")
		}
		*into = Secret(v)
		return nil
	}
}

func mailAddress(v string) error {
	if a, err := mail.ParseAddress(v); err != nil || a.Address != v {
		return errors.New("is not an address")
	}
	return nil
}

func principals(list []string) error {
	for _, p := range list {
		if !strings.HasPrefix(p, "key:") && !strings.HasPrefix(p, "jwt:") && !strings.HasPrefix(p, "oidc:") {
			return fmt.Errorf("holds %q, which does not begin with key:, jwt: or oidc: as principals do", p)
		}
	}
	return nil
}

// tagKeys checks against the form of AWS's tag keys.
func tagKeys(list []string) error {
	for _, k := range list {
		if len(k) > 128 || strings.HasPrefix(k, "aws:") {
			return fmt.Errorf("holds %q, which cannot be the key of a tag", k)
		}
	}
	return nil
}

// prefixes reads addresses and networks. A network with bits beyond its length is
// no network: it may have been meant as an address.
func prefixes(into *[]netip.Prefix) func(string) error {
	return func(v string) error {
		var all []netip.Prefix
		for _, item := range split(v) {
			p, err := netip.ParsePrefix(item)
			if addr, aerr := netip.ParseAddr(item); aerr == nil && addr.Zone() == "" {
				p, err = netip.PrefixFrom(addr, addr.BitLen()), nil
			}
			if err != nil || p.Masked() != p {
				return fmt.Errorf("holds %q, which is no address and no network", item)
			}
			all = append(all, p)
		}
		*into = all
		return nil
	}
}

func origins(list []string) error {
	for _, o := range list {
		if o == "*" {
			if len(list) > 1 {
				return errors.New("mixes * with origins")
			}
			continue
		}
		u, err := url.Parse(o)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.Scheme+"://"+u.Host != o || strings.Contains(o, "*") {
			return fmt.Errorf("holds %q, which is not an origin", o)
		}
	}
	return nil
}

var callLimit = regexp.MustCompile(`^(\*|[a-z0-9-]+:(\*|[A-Z][A-Za-z0-9]*))=[0-9]+(\.[0-9]+)?(/[0-9]+)?$`)

func callLimits(v string) error {
	for _, item := range split(v) {
		if !callLimit.MatchString(item) {
			return fmt.Errorf("holds %q, which is not service:Operation=rate/burst", item)
		}
	}
	return nil
}
