package redisurl

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// address is one of the list. What it does not say is empty.
type address struct{ scheme, user, host, port, path, query string }

var schemes = []string{"redis", "rediss", "redis+cluster", "rediss+cluster", "redis+sentinel", "rediss+sentinel"}

// addresses reads a list separated by commas.
func addresses(raw string) ([]address, error) {
	var list []address
	for one := range strings.SplitSeq(raw, ",") {
		if one = strings.TrimSpace(one); one == "" {
			continue
		}
		a, err := parse(one)
		if err != nil && strings.Contains(raw, ",") {
			err = fmt.Errorf("address %d %w", len(list)+1, err)
		}
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	if len(list) == 0 {
		return nil, errors.New("is not a URL")
	}
	return list, nil
}

func parse(one string) (address, error) {
	scheme, rest, ok := strings.Cut(one, "://")
	if !ok {
		scheme, rest = "", one
	}
	scheme = strings.ToLower(scheme)
	if ok && !slices.Contains(schemes, scheme) {
		return address{}, errors.New("is not the URL of a Redis")
	}
	u, err := url.Parse("redis://" + rest)
	if err != nil || u.Fragment != "" {
		return address{}, errors.New("is not a URL; in a user or password, all but letters and digits is percent-encoded, a comma as %2C")
	}
	a := address{scheme: scheme, host: u.Hostname(), port: u.Port(), path: strings.Trim(u.Path, "/"), query: u.RawQuery}
	if u.User != nil {
		a.user = u.User.String()
	}
	port, err := strconv.Atoi(cmp.Or(a.port, "6379"))
	switch {
	case a.host == "":
		return address{}, errors.New("is not a URL: it names no host")
	case strings.Contains(a.host, ":") && !strings.HasPrefix(u.Host, "["):
		return address{}, errors.New("is not a URL: an IPv6 address stands in brackets")
	case err != nil || port < 1 || port > 65535:
		return address{}, errors.New("has no port from 1 to 65535")
	}
	return a, nil
}

// agreed is what the addresses say of a thing that they share: one of them, or several
// the same.
func agreed(list []address, what string, of func(address) string) (string, error) {
	said, at := "", 0
	for i, a := range list {
		switch v := of(a); {
		case v == "" || v == said:
		case said == "":
			said, at = v, i+1
		default:
			return "", fmt.Errorf("address %d has another %s than address %d", i+1, what, at)
		}
	}
	return said, nil
}
