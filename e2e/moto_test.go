package e2e

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// motoAccount is the account that moto takes every unknown key for.
const motoAccount = "123456789012"

// moto is a moto_server: an AWS over HTTP whose truth the seeder made.
type moto struct {
	*process
	url string
}

// startMoto starts a server with nothing in it. Without the setting each
// region has 1,177 snapshots "owned by self". A certificate that waits to be
// validated stays so.
func startMoto() (*moto, error) {
	port := freePort()
	p, err := launch([]string{"MOTO_EC2_LOAD_DEFAULT_AMIS=false", "MOTO_ACM_VALIDATION_WAIT=86400"}, "", "moto_server", "-H", "127.0.0.1", "-p", strconv.Itoa(port))
	if err != nil {
		return nil, err
	}
	m := &moto{process: p, url: localURL(port)}
	if err := p.answers(m.url+"/moto-api/", time.Minute); err != nil {
		p.kill()
		return nil, err
	}
	return m, nil
}

// config is for the seeder: it calls moto in one region.
func (m *moto) config(region string) aws.Config {
	return aws.Config{
		Region:       region,
		BaseEndpoint: aws.String(m.url),
		Credentials:  credentials.NewStaticCredentialsProvider("AKIASEEDER", "seeder", ""),
		HTTPClient:   &http.Client{Timeout: 2 * time.Minute},
	}
}

// enforce makes moto check policies and signatures until the test ends.
func (m *moto) enforce(t *testing.T) {
	t.Helper()
	m.enforceAfter(t, 0)
}

// enforceAfter is enforce, but lets so many calls pass first.
func (m *moto) enforceAfter(t *testing.T, calls int) {
	t.Helper()
	after := func(calls string) {
		resp, err := http.Post(m.url+"/moto-api/reset-auth", "text/plain", strings.NewReader(calls))
		if err != nil {
			t.Fatalf("switch moto's policy checks: %v", err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("switch moto's policy checks: %s", resp.Status)
		}
	}
	after(strconv.Itoa(calls))
	t.Cleanup(func() { after("inf") })
}

// shared holds what is started once for all tests and stopped at the end.
var shared struct {
	mu    sync.Mutex
	motos []*moto
}

func stopShared() {
	shared.mu.Lock()
	defer shared.mu.Unlock()
	for _, m := range shared.motos {
		m.kill()
	}
}

// seeded is the account that scans read: started and filled by the first test
// that asks, left as it is by all.
var seeded = sync.OnceValues(func() (*account, error) {
	m, err := startMoto()
	if err != nil {
		return nil, err
	}
	shared.mu.Lock()
	shared.motos = append(shared.motos, m)
	shared.mu.Unlock()
	return seed(m)
})

// seededAccount is the shared account and its truth.
func seededAccount(t *testing.T) *account {
	t.Helper()
	a, err := seeded()
	if err != nil {
		t.Fatalf("seed moto: %v", err)
	}
	return a
}
