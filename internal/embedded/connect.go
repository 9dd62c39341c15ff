package embedded

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Connect returns a client for what REDIS_URL may say; it does not dial yet.
//
//	redis://[user:password@]host:port[/db], rediss://… with TLS, unix:///path[?db=n]
//	redis://a:6379,redis://b:6379                       nodes of one cluster
//	redis+sentinel://[user:password@]h:26379,h:26379/master[/db], rediss+sentinel://…
//
// The query parameters of redis.ParseURL apply to the first form; a sentinel's
// own credentials are sentinel_username and sentinel_password. Errors never
// repeat the URL, which may hold a password.
func Connect(rawURL string, poolSize int) (redis.UniversalClient, error) {
	scheme, rest, _ := strings.Cut(rawURL, "://")
	if scheme == "redis+sentinel" || scheme == "rediss+sentinel" {
		return sentinel(rest, scheme == "rediss+sentinel", poolSize)
	}
	nodes, err := parse(rawURL)
	if err != nil {
		return nil, err
	}
	first := nodes[0]
	first.PoolSize = poolSize
	prepare(first)
	if len(nodes) == 1 {
		return redis.NewClient(first), nil
	}
	return cluster(nodes)
}

// prepare sets what every connection needs. ElastiCache and Valkey refuse the
// handshakes that are off here (go-redis issue 3536).
func prepare(o *redis.Options) {
	o.DisableIdentity = true
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	o.ContextTimeoutEnabled = true
}

func parse(rawURL string) ([]*redis.Options, error) {
	var nodes []*redis.Options
	for one := range strings.SplitSeq(rawURL, ",") {
		if one = strings.TrimSpace(one); one == "" {
			continue
		}
		o, err := redis.ParseURL(one)
		if err != nil {
			return nil, errors.New("REDIS_URL: is not a redis://, rediss:// or unix:// URL, or has a parameter that is unknown")
		}
		nodes = append(nodes, o)
	}
	if len(nodes) == 0 {
		return nil, errors.New("REDIS_URL: is empty")
	}
	return nodes, nil
}

func cluster(nodes []*redis.Options) (redis.UniversalClient, error) {
	first := nodes[0]
	addrs := make([]string, len(nodes))
	for i, o := range nodes {
		switch {
		case o.DB != 0:
			return nil, errors.New("REDIS_URL: a cluster has database 0 only")
		case o.Network != "tcp" || (o.TLSConfig == nil) != (first.TLSConfig == nil):
			return nil, errors.New("REDIS_URL: the nodes of a cluster are all redis:// or all rediss://")
		}
		addrs[i] = o.Addr
	}
	tlsConfig := first.TLSConfig
	if tlsConfig != nil {
		// The name of the first node is not that of the others.
		tlsConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	return redis.NewClusterClient(&redis.ClusterOptions{
		Addrs: addrs, Username: first.Username, Password: first.Password, TLSConfig: tlsConfig, PoolSize: first.PoolSize,
		DisableIdentity: first.DisableIdentity, MaintNotificationsConfig: first.MaintNotificationsConfig,
		ContextTimeoutEnabled: first.ContextTimeoutEnabled,
	}), nil
}

// sentinel reads "[user:password@]host:port,host:port/master[/db][?query]".
// url.Parse refuses its list of hosts.
func sentinel(rest string, secure bool, poolSize int) (redis.UniversalClient, error) {
	rest, rawQuery, _ := strings.Cut(rest, "?")
	o := &redis.FailoverOptions{PoolSize: poolSize, DisableIdentity: true, ContextTimeoutEnabled: true}
	if secure {
		o.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if at := strings.LastIndex(rest, "@"); at >= 0 {
		user, password, _ := strings.Cut(rest[:at], ":")
		var err, err2 error
		o.Username, err = url.PathUnescape(user)
		o.Password, err2 = url.PathUnescape(password)
		if err != nil || err2 != nil {
			return nil, errors.New("REDIS_URL: user or password is not percent-encoded")
		}
		rest = rest[at+1:]
	}
	hosts, path, _ := strings.Cut(rest, "/")
	master, db, hasDB := strings.Cut(path, "/")
	if hosts == "" || master == "" {
		return nil, errors.New("REDIS_URL: the sentinel form is redis+sentinel://host:port,host:port/master-name")
	}
	o.MasterName = master
	for host := range strings.SplitSeq(hosts, ",") {
		if !strings.Contains(host, ":") {
			host += ":26379"
		}
		o.SentinelAddrs = append(o.SentinelAddrs, host)
	}
	if hasDB {
		n, err := strconv.Atoi(db)
		if err != nil || n < 0 {
			return nil, errors.New("REDIS_URL: the database is a number")
		}
		o.DB = n
	}
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return nil, errors.New("REDIS_URL: the query is not readable")
	}
	o.SentinelUsername, o.SentinelPassword = query.Get("sentinel_username"), query.Get("sentinel_password")
	return redis.NewFailoverClient(o), nil
}

// LogTo sends the messages of the Redis client library to log. The library
// writes one for every dial that fails, and has one logger for all of a process.
func LogTo(log *slog.Logger) { redis.SetLogger(logger{log}) }

type logger struct{ log *slog.Logger }

// Printf implements the library's logger.
func (l logger) Printf(ctx context.Context, format string, v ...any) {
	l.log.DebugContext(ctx, "redis client", "message", fmt.Sprintf(format, v...))
}
