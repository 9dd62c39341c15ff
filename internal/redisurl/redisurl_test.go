package redisurl

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"
)

// summary returns the parts of a client that a URL decides.
func summary(u *URL) string {
	c := u.Client(7)
	defer c.Close()
	switch c := c.(type) {
	case *redis.ClusterClient:
		o := c.Options()
		return fmt.Sprintf("cluster %s %s:%s tls=%t pool=%d", o.Addrs, o.Username, o.Password, o.TLSConfig != nil, o.PoolSize)
	case *redis.Client:
		o := c.Options()
		where := o.Network + " " + o.Addr
		if u.Sentinel() {
			where = fmt.Sprint(u.addrs, " ", u.master, " ", u.sentinelUser, ":", u.sentinelPassword)
		}
		return fmt.Sprintf("%s %s %s:%s db=%d tls=%t pool=%d", strings.Trim("server "+u.kind, " "), where, o.Username, o.Password, o.DB, o.TLSConfig != nil, o.PoolSize)
	}
	return fmt.Sprintf("%T", c)
}

func TestForms(t *testing.T) {
	for _, tt := range []struct{ url, want string }{
		{"redis://127.0.0.1:6379", "server tcp 127.0.0.1:6379 : db=0 tls=false pool=7"},
		{"127.0.0.1:6379", "server tcp 127.0.0.1:6379 : db=0 tls=false pool=7"},
		{"redis://user:p%40ss@redis.example/3", "server tcp redis.example:6379 user:p@ss db=3 tls=false pool=7"},
		{"rediss://:pw@redis.example:6380/0", "server tcp redis.example:6380 :pw db=0 tls=true pool=7"},
		{"REDISS://:a%2Cb@h?db=4&dial_timeout=2s", "server tcp h:6379 :a,b db=4 tls=true pool=7"},
		{"redis://[::1]:7000/1", "server tcp [::1]:7000 : db=1 tls=false pool=7"},
		{"redis://[fe80::1]", "server tcp [fe80::1]:6379 : db=0 tls=false pool=7"},
		{"unix:///run/redis,1.sock?db=2", "server unix /run/redis,1.sock : db=2 tls=false pool=7"},
		// Nodes of a cluster.
		{"redis://a:1,redis://b:2,redis://c:3", "cluster [a:1 b:2 c:3] : tls=false pool=7"},
		{"redis://a:1,b:2,c", "cluster [a:1 b:2 c:6379] : tls=false pool=7"},
		{"a:1, b:2,c:3", "cluster [a:1 b:2 c:3] : tls=false pool=7"},
		{"a,redis://b:2,", "cluster [a:6379 b:2] : tls=false pool=7"},
		{"rediss://a:1,b:2", "cluster [a:1 b:2] : tls=true pool=7"},
		{"redis://u:pw@a:1,b:2", "cluster [a:1 b:2] u:pw tls=false pool=7"},
		{"redis://a:1,u:pw@b:2", "cluster [a:1 b:2] u:pw tls=false pool=7"},
		{"redis://u:pw@a:1/0,redis://u:pw@b:2/0", "cluster [a:1 b:2] u:pw tls=false pool=7"},
		{"redis://[::1]:1,[::1]:2,[::1]", "cluster [[::1]:1 [::1]:2 [::1]:6379] : tls=false pool=7"},
		{"redis+cluster://one", "cluster [one:6379] : tls=false pool=7"},
		{"rediss+cluster://:pw@a:1,rediss+cluster://b:2/0?read_timeout=5s", "cluster [a:1 b:2] :pw tls=true pool=7"},
		// Sentinels.
		{"redis+sentinel://u:p%2Fw@h1:1,h2/main/4", "server sentinel [h1:1 h2:26379] main : u:p/w db=4 tls=false pool=7"},
		{"redis+sentinel://h1,redis+sentinel://h2/main", "server sentinel [h1:26379 h2:26379] main : : db=0 tls=false pool=7"},
		{"redis+sentinel://:pw@h1/main,redis+sentinel://:pw@h2/main", "server sentinel [h1:26379 h2:26379] main : :pw db=0 tls=false pool=7"},
		{"rediss+sentinel://[::1],[::1]:2/main?sentinel_username=s&sentinel_password=%3F", "server sentinel [[::1]:26379 [::1]:2] main s:? : db=0 tls=true pool=7"},
	} {
		t.Run(tt.url, func(t *testing.T) {
			u, err := Parse(tt.url)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, summary(u)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestEachAddressIsAskedByItsName has the certificate of every node checked against the
// node's own name.
func TestEachAddressIsAskedByItsName(t *testing.T) {
	for url, want := range map[string]string{"rediss://a": "a", "rediss://a,b": "", "rediss+cluster://a": "", "rediss+sentinel://a/main": ""} {
		u, err := Parse(url)
		if err != nil {
			t.Fatal(err)
		}
		if got := u.options.TLSConfig.ServerName; got != want {
			t.Errorf("%s: the name is %q, want %q", url, got, want)
		}
	}
}

func TestRefusesWithoutRepeating(t *testing.T) {
	for _, tt := range []struct{ url, want string }{
		{"", "is not a URL"},
		{",", "is not a URL"},
		{"redis://", "names no host"},
		{"MARKER", "neither a scheme nor a port"},
		{"a:1,MARKER", "address 2 has neither a scheme nor a port"},
		{"http://:MARKER@h", "is not the URL of a Redis"},
		{"redis://a,http://:MARKER@h", "address 2 is not the URL of a Redis"},
		{"redis+sentinels://MARKER/main", "is not the URL of a Redis"},
		{"redis://:MARKER@h:port", "is not a URL"},
		{"redis://:MARKER@h:70000", "has no port from 1 to 65535"},
		{"redis://a:1,:MARKER@h:0", "address 2 has no port from 1 to 65535"},
		{"redis://:MAR%KER@h", "percent-encoded"},
		{"redis://:MAR/KER@h", "percent-encoded"},
		{"redis://:MAR#KER@h", "percent-encoded"},
		{"redis://:MAR,KER@h", "a comma as %2C"},
		{"redis://:MARKER@::1:6379", "is not a URL"},
		{"redis://:MARKER@/0", "names no host"},
		{"redis://:MARKER@a,:MARKER2@b", "address 2 has another user or password than address 1"},
		{"redis://:MARKER@a,b,rediss://b", "address 3 has another scheme than address 1"},
		{"redis://a,redis+cluster://:MARKER@b", "address 2 has another scheme than address 1"},
		{"redis://a,unix:///run/MARKER", "address 2 is not the URL of a Redis"},
		{"redis://:MARKER@a/0,redis://b/1", "address 2 has another database or master than address 1"},
		{"redis://:MARKER@a/1,redis://b", "a cluster has database 0 only"},
		{"redis://:MARKER@a,b?db=1", "a cluster has database 0 only"},
		{"redis://:MARKER@a/x", "a database that is no number"},
		{"redis://:MARKER@a/1/2", "a database that is no number"},
		{"redis://:MARKER@h?unknown=1", "a parameter that is unknown"},
		{"redis://:MARKER@h?dial_timeout=MARKER", "no value of it"},
		{"redis://a,:MARKER@b?read_only=true", "a parameter that is unknown"},
		{"redis://a?max_retries=1,b?max_retries=2", "address 2 has another query than address 1"},
		{"redis://a?%MARKER", "a query that is not readable"},
		{"unix:///run/redis.sock?MARKER=1", "is not the URL of a socket"},
		{"redis+sentinel://:MARKER@h:1", "names no master"},
		{"redis+sentinel://:MARKER@/main", "names no host"},
		{"redis+sentinel://:MARKER%@h/main", "percent-encoded"},
		{"redis+sentinel://:MARKER@h/main/x", "a database that is no number"},
		{"redis+sentinel://h/MARKER,g/other", "address 2 has another database or master than address 1"},
		{"redis+sentinel://h/main?sentinel_passwort=MARKER", "a parameter that is unknown"},
	} {
		t.Run(tt.url, func(t *testing.T) {
			u, err := Parse(tt.url)
			if err == nil {
				t.Fatal(summary(u))
			}
			if !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "MARKER") {
				t.Error(err)
			}
		})
	}
}
