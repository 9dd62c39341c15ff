// Command issuer is an OpenID Connect issuer for tests: the example server of
// zitadel/oidc, with groups, keys that rotate when told, and tokens of any claims. It is
// a module of its own, so that what it is made of is no part of the service.
package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// groups are those of the users: who has none is in a group that nobody knows.
var groups = map[string][]string{
	"alice": {"platform-admins", "everybody"},
	"bob":   {"devs", "everybody"},
	"carol": {"devs", "acme-devs"},
	"eve":   {"everybody"},
}

// password is that of every user.
const password = "verysecure"

type users struct{}

func (users) GetUserByID(id string) *storage.User {
	if groups[id] == nil {
		return nil
	}
	return &storage.User{ID: id, Username: id, Password: password, FirstName: id, Email: id + "@example.com"}
}

func (u users) GetUserByUsername(name string) *storage.User { return u.GetUserByID(name) }
func (users) ExampleClientID() string                       { return "service" }

// key is a signing key, and by public what is told of it.
type key struct {
	id      string
	private *rsa.PrivateKey
	public  bool
}

func (k key) ID() string                                  { return k.id }
func (k key) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k key) Algorithm() jose.SignatureAlgorithm          { return jose.RS256 }
func (k key) Use() string                                 { return "sig" }

func (k key) Key() any {
	if k.public {
		return &k.private.PublicKey
	}
	return k.private
}

// store is the example's storage with groups and with keys that rotate.
type store struct {
	*storage.Storage
	mu   sync.Mutex
	keys []key // the newest last
}

func (s *store) rotate() {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		log.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys = append(s.keys, key{id: rand.Text(), private: private})
}

func (s *store) newest() key {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keys[len(s.keys)-1]
}

func (s *store) SigningKey(context.Context) (op.SigningKey, error) { return s.newest(), nil }

func (s *store) KeySet(context.Context) (all []op.Key, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.keys {
		k.public = true
		all = append(all, k)
	}
	return all, nil
}

// program is the client that programs sign people in with, by the device flow.
const program = "cli"

// flows is a client with other flows.
type flows struct {
	op.Client
	granted []oidc.GrantType
}

func (f flows) GrantTypes() []oidc.GrantType { return f.granted }

func (s *store) GetClientByClientID(ctx context.Context, id string) (op.Client, error) {
	c, err := s.Storage.GetClientByClientID(ctx, id)
	if err == nil && id == program {
		c = flows{c, []oidc.GrantType{oidc.GrantTypeDeviceCode}}
	}
	return c, err
}

func (s *store) SetUserinfoFromRequest(_ context.Context, info *oidc.UserInfo, token op.IDTokenRequest, _ []string) error {
	info.Subject = token.GetSubject()
	info.PreferredUsername = token.GetSubject()
	info.AppendClaims("groups", groups[token.GetSubject()])
	return nil
}

// mint signs whatever claims it is sent.
func (s *store) mint(w http.ResponseWriter, r *http.Request) {
	var claims map[string]any
	if err := json.NewDecoder(r.Body).Decode(&claims); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	k := s.newest()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: k.private, KeyID: k.id}}, nil)
	if err != nil {
		log.Fatal(err)
	}
	token, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	fmt.Fprint(w, token)
}

func main() {
	address := flag.String("address", "127.0.0.1:0", "where it listens")
	redirects := flag.String("redirects", "", "where it sends browsers to, separated by commas")
	flag.Parse()
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	issuer := "http://" + listener.Addr().String()
	storage.RegisterClients(
		storage.WebClient("tracker", "secret of the tracker", strings.Split(*redirects, ",")...),
		storage.NativeClient("public", strings.Split(*redirects, ",")...),
		storage.NativeClient(program),
	)
	s := &store{Storage: storage.NewStorage(users{})}
	s.rotate()
	mux := http.NewServeMux()
	mux.Handle("/", exampleop.SetupServer(issuer, s, slog.Default(), false))
	mux.HandleFunc("POST /control/rotate", func(http.ResponseWriter, *http.Request) { s.rotate() })
	mux.HandleFunc("POST /control/mint", s.mint)
	fmt.Println("listens on", issuer)
	log.Fatal((&http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}).Serve(listener))
}
