package cli

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
	"github.com/consolesensei/resource-tracker/internal/deviceflow"
	"github.com/consolesensei/resource-tracker/internal/logins"
)

type loginCmd struct {
	Server  string `arg:"" optional:"" name:"url" help:"Address of the server; else --url, TRACKER_URL or that of the log-in that counts."`
	WithKey bool   `help:"Log in with an API key, which is asked for or read from standard input, also where the server signs people in." name:"with-key"`
	Tenant  string `help:"Tenant, for members of several." placeholder:"NAME"`
}

type logoutCmd struct {
	Server string `arg:"" optional:"" name:"url" help:"Address of the server; else the log-in that counts."`
	All    bool   `help:"Of all servers."`
}

type loginsCmd struct {
	Use string `help:"Have the log-in to a server count where none is named." placeholder:"URL"`
}

// longestKey is longer than any key of the server.
const longestKey = 512

func (c *loginCmd) Run(e *env) error {
	store, err := logins.Open(e.getenv)
	if err != nil {
		return err
	}
	url := cmp.Or(c.Server, e.URL, e.getenv("TRACKER_URL"))
	if url == "" {
		l, ok, err := store.Of("")
		if err != nil || !ok {
			return usage("which server? tracker login https://tracker.example.com")
		}
		url = l.URL
	}
	t, err := e.to(url, "")
	if err != nil {
		return err
	}
	l := logins.Login{URL: url}
	secret, err := c.key(e, t)
	if err != nil {
		return err
	}
	if secret != "" {
		if strings.HasPrefix(url, "http://") {
			e.note("the address is not https: whoever is on the way can read the key")
		}
		err = c.known(e, &l, secret)
	} else {
		secret, err = c.sign(e, t, &l)
	}
	if err != nil {
		return err
	}
	if l, err = store.Put(l, secret); err != nil {
		return err
	}
	e.say("Logged in as %s, of the tenant %s.", l, l.Tenant)
	where := "in the keyring"
	if !l.Keyring {
		where = "in " + store.Path() + ", which only you can read"
	}
	if l.Session() {
		e.note("it ends at %s, or after two hours without use; it is kept %s", l.ExpiresAt.Local().Format("2006-01-02 15:04"), where)
	} else {
		e.note("the key is kept %s", where)
	}
	if e.getenv("TRACKER_API_KEY") != "" {
		e.note("TRACKER_API_KEY is set and counts before the log-in wherever TRACKER_URL or --url name a server")
	}
	return nil
}

// key is the API key to log in with; empty where the person signs in with the issuer.
func (c *loginCmd) key(e *env, t *client.Tracker) (string, error) {
	if e.Key != "" {
		return e.Key, nil
	}
	in, isFile := e.stdin.(*os.File)
	if !isFile || !term.IsTerminal(int(in.Fd())) {
		line, err := bufio.NewReader(io.LimitReader(e.stdin, longestKey)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("read the key: %w", err)
		}
		if line = strings.TrimSpace(line); line != "" {
			return line, nil
		}
		if c.WithKey {
			return "", usage("--with-key: there is no key on standard input")
		}
	} else if c.WithKey {
		return e.hidden(in, "API key:")
	}
	_, err := t.ReadDeviceLogin(e.ctx)
	switch {
	case err == nil:
		return "", nil
	case !errors.Is(err, client.ErrNotFound):
		return "", err
	case !isFile || !term.IsTerminal(int(in.Fd())):
		return "", usage("the server signs nobody in from a program: give an API key on standard input, tracker login %s < key", t.URL(""))
	}
	return e.hidden(in, "API key:")
}

// hidden asks for what the terminal does not show.
func (e *env) hidden(in *os.File, question string) (string, error) {
	fmt.Fprint(e.stderr, question+" ")
	b, err := term.ReadPassword(int(in.Fd()))
	fmt.Fprintln(e.stderr)
	if err != nil {
		return "", fmt.Errorf("read the key: %w", err)
	}
	if len(b) == 0 {
		return "", usage("no key was given")
	}
	return strings.TrimSpace(string(b)), nil
}

// known asks the server whose a key is.
func (c *loginCmd) known(e *env, l *logins.Login, key string) error {
	t, err := e.to(l.URL, key)
	if err != nil {
		return err
	}
	who, err := t.WhoAmI(e.ctx)
	if errors.Is(err, client.ErrUnauthorized) {
		return &exit{ExitDenied, fmt.Errorf("the server %s does not know this key", l.URL)}
	}
	if err != nil {
		return err
	}
	if c.Tenant != "" && c.Tenant != who.Tenant {
		return usage("--tenant: the key is of the tenant %s", who.Tenant)
	}
	l.Who, l.Tenant = who.Who, who.Tenant
	return nil
}

// sign has a person sign in with the issuer of the server, and returns the token of the session.
func (c *loginCmd) sign(e *env, t *client.Tracker, l *logins.Login) (string, error) {
	d, err := t.ReadDeviceLogin(e.ctx)
	if err != nil {
		return "", err
	}
	token, err := deviceflow.Sign(e.ctx, deviceflow.Flow{Issuer: d.Issuer, ClientID: d.ClientID, Scopes: d.Scopes}, func(page, code string) {
		fmt.Fprintln(e.stderr, output.Clean(fmt.Sprintf("Open %s in a browser, and check that it shows the code %s", page, code)))
	})
	if err != nil {
		return "", &exit{ExitDenied, err}
	}
	answer, err := t.SignIn(e.ctx, client.TokenBody{IDToken: token, Tenant: c.Tenant, Cookie: new(false)})
	if err != nil {
		return "", err
	}
	l.Who, l.Tenant = cmp.Or(answer.Session.Name, answer.Session.Who), answer.Session.Tenant
	l.ExpiresAt = time.Now().Add(time.Duration(answer.ExpiresIn) * time.Second).UTC().Truncate(time.Second)
	return answer.AccessToken, nil
}

func (c *logoutCmd) Run(e *env) error {
	store, err := logins.Open(e.getenv)
	if err != nil {
		return err
	}
	all, err := store.All()
	if err != nil {
		return err
	}
	if !c.All {
		l, ok, err := store.Of(cmp.Or(c.Server, e.URL))
		if err != nil {
			return err
		}
		if all = nil; ok {
			all = []logins.Login{l}
		}
	}
	if len(all) == 0 {
		return usage("there is no such log-in: `tracker logins` lists them")
	}
	for _, l := range all {
		e.end(store, l)
		if err := store.Delete(l); err != nil {
			return err
		}
		e.say("Logged out: %s.", l)
	}
	return nil
}

// end ends a session with the server. One that has ended, or a server that is gone, keeps nobody logged in.
func (e *env) end(store *logins.Store, l logins.Login) {
	if !l.Session() || time.Now().After(l.ExpiresAt) {
		return
	}
	secret, err := store.Secret(l)
	if err == nil {
		var t *client.Tracker
		if t, err = client.New(l.URL, "", client.WithTokens(tokens(secret))); err == nil {
			err = t.SignOut(e.ctx)
		}
	}
	if err != nil && !errors.Is(err, client.ErrUnauthorized) {
		e.note("the server was not told, and lets the session end by itself: %s", explain(err))
	}
}

var loginColumns = []output.Column{
	{Name: "url", Kind: output.ID}, {Name: "who"}, {Name: "tenant"}, {Name: "with"}, {Name: "counts"}, {Name: "ends", Kind: output.Time}, {Name: "kept", Wide: true},
}

// shownLogin is a log-in without its secret.
type shownLogin struct {
	URL    string    `json:"url"`
	Who    string    `json:"who"`
	Tenant string    `json:"tenant"`
	With   string    `json:"with"`
	Counts bool      `json:"counts"`
	Ends   time.Time `json:"ends,omitzero"`
	Kept   string    `json:"kept"`
}

func (c *loginsCmd) Run(e *env) error {
	store, err := logins.Open(e.getenv)
	if err != nil {
		return err
	}
	if c.Use != "" {
		l, ok, err := store.Of(c.Use)
		if err == nil && !ok {
			err = usage("--use: there is no log-in to %s: `tracker logins` lists them", c.Use)
		}
		if err == nil {
			err = store.Use(l)
		}
		if err != nil {
			return err
		}
	}
	all, err := store.All()
	if err != nil {
		return err
	}
	rows := make([]shownLogin, len(all))
	for i, l := range all {
		rows[i] = shownLogin{URL: l.URL, Who: l.Who, Tenant: l.Tenant, With: "key", Counts: i == 0, Ends: l.ExpiresAt, Kept: "file"}
		if l.Session() {
			rows[i].With = "session"
		}
		if l.Keyring {
			rows[i].Kept = "keyring"
		}
	}
	if len(rows) == 0 {
		e.note("there are no log-ins: `tracker login URL` makes one")
	}
	return e.print(loginColumns, output.Of(rows))
}
