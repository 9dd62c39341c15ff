package parts_test

import (
	"bytes"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/internal/config"
	"github.com/consolesensei/resource-tracker/internal/parts"
	"github.com/consolesensei/resource-tracker/store/redistest"
)

func TestCheckRedis(t *testing.T) {
	rdb := redistest.Start(t).Client(t)
	for _, tc := range []struct{ name, memory, policy, warned, refused string }{
		{"without a bound", "0", "noeviction", "maxmemory", ""},
		{"bounded", "100mb", "noeviction", "", ""},
		{"evicting", "100mb", "allkeys-lru", "", "allkeys-lru"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for name, value := range map[string]string{"maxmemory": tc.memory, "maxmemory-policy": tc.policy} {
				if err := rdb.ConfigSet(t.Context(), name, value).Err(); err != nil {
					t.Fatal(err)
				}
			}
			var log bytes.Buffer
			err := parts.CheckRedis(t.Context(), rdb, slog.New(slog.NewTextHandler(&log, nil)))
			if (err != nil) != (tc.refused != "") || err != nil && !strings.Contains(err.Error(), tc.refused) {
				t.Errorf("refused: %v, want %q", err, tc.refused)
			}
			if (log.Len() > 0) != (tc.warned != "") || !strings.Contains(log.String(), tc.warned) {
				t.Errorf("warned %q, want %q", log.String(), tc.warned)
			}
		})
	}
}

func TestWarnOpen(t *testing.T) {
	proxy := []netip.Prefix{netip.MustParsePrefix("10.0.0.7/32")}
	for _, tc := range []struct {
		host    string
		proxies []netip.Prefix
		warns   bool
	}{
		{"127.0.0.1", nil, false},
		{"::1", nil, false},
		{"localhost", nil, false},
		{"0.0.0.0", nil, true},
		{"tracker.example.com", nil, true},
		{"0.0.0.0", proxy, false},
	} {
		var log bytes.Buffer
		parts.WarnOpen(t.Context(), config.Config{Host: tc.host, TrustedProxies: tc.proxies}, slog.New(slog.NewTextHandler(&log, nil)))
		if warned := strings.Contains(log.String(), "TLS"); warned != tc.warns {
			t.Errorf("HOST %s, proxies %v: warned %v", tc.host, tc.proxies, warned)
		}
	}
}

func TestWarnOpen_EarlierClients(t *testing.T) {
	const atOnce, guessed, anybody = "change resources at once", "keys that can be guessed", "a page of any origin"
	for _, tc := range []struct {
		c     config.Config
		warns []string
	}{
		{config.Config{ValidAPIKeys: config.Secrets{"0123456789abcdef"}, CORSOrigins: []string{"https://a.example"}}, nil},
		{config.Config{CORSOrigins: []string{"*"}}, []string{anybody}},
		{config.Config{Compatibility: "v1", ValidAPIKeys: config.Secrets{"0123456789abcdef"}}, []string{atOnce}},
		{config.Config{Compatibility: "v1", ValidAPIKeys: config.Secrets{"key1", "0123456789abcdef"}}, []string{atOnce, guessed}},
	} {
		tc.c.Host = "localhost"
		var log bytes.Buffer
		parts.WarnOpen(t.Context(), tc.c, slog.New(slog.NewTextHandler(&log, nil)))
		for _, risk := range []string{atOnce, guessed, anybody} {
			if strings.Contains(log.String(), risk) != slices.Contains(tc.warns, risk) {
				t.Errorf("%+v: %s", tc.c, log.String())
			}
		}
		if strings.Contains(log.String(), "key1") {
			t.Error("the log repeats a key")
		}
	}
}
