package embedded

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"
)

// summary returns the parts of a client that a URL decides.
func summary(c redis.UniversalClient) string {
	switch c := c.(type) {
	case *redis.ClusterClient:
		o := c.Options()
		return fmt.Sprintf("cluster %s %s:%s tls=%t pool=%d", o.Addrs, o.Username, o.Password, o.TLSConfig != nil, o.PoolSize)
	case *redis.Client:
		o := c.Options()
		return fmt.Sprintf("single %s %s %s:%s db=%d tls=%t pool=%d", o.Network, o.Addr, o.Username, o.Password, o.DB, o.TLSConfig != nil, o.PoolSize)
	}
	return fmt.Sprintf("%T", c)
}

func TestConnect(t *testing.T) {
	for _, tt := range []struct{ url, want string }{
		{"redis://127.0.0.1:6379", "single tcp 127.0.0.1:6379 : db=0 tls=false pool=7"},
		{"redis://user:p%40ss@redis.example/3", "single tcp redis.example:6379 user:p@ss db=3 tls=false pool=7"},
		{"rediss://:pw@redis.example:6380/0", "single tcp redis.example:6380 :pw db=0 tls=true pool=7"},
		{"unix:///run/redis.sock?db=2", "single unix /run/redis.sock : db=2 tls=false pool=7"},
		{"redis://u:pw@a:1, redis://b:2", "cluster [a:1 b:2] u:pw tls=false pool=7"},
		{"rediss://a:1,rediss://b:2", "cluster [a:1 b:2] : tls=true pool=7"},
		{"redis+sentinel://u:p%2Fw@h1:1,h2/main/4", "single tcp FailoverClient u:p/w db=4 tls=false pool=7"},
		{"rediss+sentinel://h1:1/main", "single tcp FailoverClient : db=0 tls=true pool=7"},
	} {
		t.Run(tt.url, func(t *testing.T) {
			c, err := Connect(tt.url, 7)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if diff := cmp.Diff(tt.want, summary(c)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestConnectRefusesWithoutRepeating(t *testing.T) {
	for _, url := range []string{
		"", ",", "MARKER", "http://:MARKER@h", "redis://:MARKER@h:port", "redis://:MAR%KER@h", "redis://:MARKER@h?unknown=1",
		"redis://:MARKER@a/1,redis://b/1", "redis://:MARKER@a,rediss://b", "redis+sentinel://:MARKER@h:1", "redis+sentinel://:MARKER@/main",
		"redis+sentinel://:MARKER%@h/main", "redis+sentinel://:MARKER@h/main/x",
	} {
		c, err := Connect(url, 1)
		if err == nil {
			t.Errorf("%s: %s", url, summary(c))
			continue
		}
		if !strings.HasPrefix(err.Error(), "REDIS_URL: ") || strings.Contains(err.Error(), "MARKER") {
			t.Errorf("%s: %v", url, err)
		}
	}
}
