// Package redisurl reads what REDIS_URL may say, and connects to it.
package redisurl

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// The kinds of Redis, as they stand in a scheme behind its "+".
const (
	server   = ""
	cluster  = "cluster"
	sentinel = "sentinel"
)

// URL is one Redis, however many servers it has.
type URL struct {
	kind    string
	addrs   []string
	master  string         // what sentinels call it
	options *redis.Options // of the first address; all share the rest
	// What sentinels themselves ask for.
	sentinelUser, sentinelPassword string
}

// Parse reads a URL of one of these forms, where "rediss" is TLS:
//
//	redis://[user:password@]host[:port][/db], unix:///path[?db=n]
//	redis://a:6379,b:6379 and redis+cluster://a:6379      nodes of one cluster
//	redis+sentinel://[user:password@]s1[:port],s2[:port]/master[/db]
//
// Each address of a list may say the scheme, user and password, what stands behind the
// "/" and the query. One has to say it at least, and all that say it have to agree.
// Without any scheme each address needs a port, and it is redis. The query is that of
// redis.ParseURL, and sentinel_username and sentinel_password. Errors name the place of
// an address in the list, and repeat nothing of it.
func Parse(raw string) (*URL, error) {
	if scheme, _, _ := strings.Cut(raw, "://"); strings.EqualFold(scheme, "unix") {
		return socket(raw)
	}
	list, err := addresses(raw)
	if err != nil {
		return nil, err
	}
	scheme, err1 := agreed(list, "scheme", func(a address) string { return a.scheme })
	user, err2 := agreed(list, "user or password", func(a address) string { return a.user })
	path, err3 := agreed(list, "database or master", func(a address) string { return a.path })
	query, err4 := agreed(list, "query", func(a address) string { return a.query })
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return nil, err
	}
	u := &URL{}
	protocol, kind, _ := strings.Cut(scheme, "+")
	if u.kind = kind; kind == server && len(list) > 1 {
		u.kind = cluster
	}
	port := "6379"
	if kind == sentinel {
		port = "26379"
	}
	for i, a := range list {
		if scheme == "" && a.port == "" {
			return nil, fmt.Errorf("is not a URL: address %d has neither a scheme nor a port", i+1)
		}
		u.addrs = append(u.addrs, net.JoinHostPort(a.host, cmp.Or(a.port, port)))
	}
	if err := u.behind(path); err != nil {
		return nil, err
	}
	return u, u.read(cmp.Or(protocol, "redis"), user, path, query)
}

// socket reads the URL of a server on the same machine, whose path may have commas.
func socket(raw string) (*URL, error) {
	o, err := redis.ParseURL(raw)
	if err != nil {
		return nil, errors.New("is not the URL of a socket, unix:///path, or has a parameter that is unknown")
	}
	return &URL{options: o}, nil
}

// behind reads what stands behind the addresses: the database, and a sentinel's master
// before it.
func (u *URL) behind(path string) error {
	db := path
	if u.kind == sentinel {
		if u.master, db, _ = strings.Cut(path, "/"); u.master == "" {
			return errors.New("names no master: the sentinel form is redis+sentinel://host:port,host:port/master-name")
		}
	}
	if n, err := strconv.Atoi(db); db != "" && (err != nil || n < 0) {
		return errors.New("has a database that is no number")
	}
	return nil
}

// read has the library read what all addresses share.
func (u *URL) read(protocol, user, path, query string) error {
	parameters, err := url.ParseQuery(query)
	if err != nil {
		return errors.New("has a query that is not readable")
	}
	if u.kind == sentinel {
		u.sentinelUser, u.sentinelPassword = parameters.Get("sentinel_username"), parameters.Get("sentinel_password")
		parameters.Del("sentinel_username")
		parameters.Del("sentinel_password")
		path = strings.TrimPrefix(strings.TrimPrefix(path, u.master), "/")
	}
	if user != "" {
		user += "@"
	}
	u.options, err = redis.ParseURL(protocol + "://" + user + u.addrs[0] + "/" + path + "?" + parameters.Encode())
	switch {
	case err != nil:
		return errors.New("has a parameter that is unknown, or is no value of it")
	case u.kind == cluster && u.options.DB != 0:
		return errors.New("has a database, and a cluster has database 0 only")
	}
	if u.kind != server && u.options.TLSConfig != nil {
		u.options.TLSConfig.ServerName = "" // it is that of each address, and not of the first
	}
	return nil
}

// Sentinel reports whether the Redis is one that Sentinel puts a replica in the place of.
func (u *URL) Sentinel() bool { return u.kind == sentinel }

// Prepare sets what every connection needs. ElastiCache and Valkey refuse the
// handshakes that are off here (go-redis issue 3536).
func Prepare(o *redis.Options) {
	o.DisableIdentity = true
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	o.ContextTimeoutEnabled = true
}

// Client returns a client with so many connections, to each server; it does not dial yet.
func (u *URL) Client(poolSize int) redis.UniversalClient {
	o := *u.options
	o.PoolSize = poolSize
	Prepare(&o)
	if u.kind == server {
		return redis.NewClient(&o)
	}
	all := &redis.UniversalOptions{
		Addrs: u.addrs, MasterName: u.master, SentinelUsername: u.sentinelUser, SentinelPassword: u.sentinelPassword,
		Username: o.Username, Password: o.Password, DB: o.DB, TLSConfig: o.TLSConfig, ClientName: o.ClientName, Protocol: o.Protocol,
		MaxRetries: o.MaxRetries, MinRetryBackoff: o.MinRetryBackoff, MaxRetryBackoff: o.MaxRetryBackoff,
		DialTimeout: o.DialTimeout, ReadTimeout: o.ReadTimeout, WriteTimeout: o.WriteTimeout, ContextTimeoutEnabled: o.ContextTimeoutEnabled,
		PoolFIFO: o.PoolFIFO, PoolSize: o.PoolSize, PoolTimeout: o.PoolTimeout, MinIdleConns: o.MinIdleConns, MaxIdleConns: o.MaxIdleConns,
		MaxActiveConns: o.MaxActiveConns, MaxConcurrentDials: o.MaxConcurrentDials, PipelinePoolSize: o.PipelinePoolSize,
		PipelineReadBufferSize: o.PipelineReadBufferSize, PipelineWriteBufferSize: o.PipelineWriteBufferSize,
		ConnMaxIdleTime: o.ConnMaxIdleTime, ConnMaxLifetime: o.ConnMaxLifetime, ConnMaxLifetimeJitter: o.ConnMaxLifetimeJitter,
		DisableIdentity: o.DisableIdentity, MaintNotificationsConfig: o.MaintNotificationsConfig,
	}
	if u.kind == sentinel {
		return redis.NewFailoverClient(all.Failover())
	}
	return redis.NewClusterClient(all.Cluster())
}
