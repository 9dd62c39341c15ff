package cli

import (
	"cmp"
	"context"
	"errors"
	"time"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/local"
	"github.com/consolesensei/resource-tracker/internal/logins"
)

// client is the client of the server that the user means: the one that is named, else the one that they
// are logged in to, else one that runs in this process.
func (e *env) client() (*client.Tracker, error) {
	if e.tracker != nil {
		return e.tracker, nil
	}
	t, err := e.remote()
	if errors.Is(err, errNoServer) {
		t, err = e.local()
	}
	e.tracker = t
	return t, err
}

// errNoServer is the error of a command that makes sense with a server only.
var errNoServer = usage("this takes a server that goes on when the command has ended: `tracker login URL` logs in to one, and --url or TRACKER_URL name one")

// remote is the client of a server that is named, or that the user is logged in to.
func (e *env) remote() (*client.Tracker, error) {
	named := cmp.Or(e.URL, e.getenv("TRACKER_URL"))
	if e.Demo {
		if e.URL != "" {
			return nil, usage("--demo runs in this process: leave --url out")
		}
		return nil, errNoServer
	}
	key := cmp.Or(e.Key, e.getenv("TRACKER_API_KEY"))
	if named != "" && key != "" {
		return e.to(named, key)
	}
	store, err := logins.Open(e.getenv)
	if err != nil {
		if named == "" {
			return nil, errNoServer
		}
		return e.to(named, key)
	}
	l, ok, err := store.Of(named)
	switch {
	case err != nil:
		return nil, err
	case !ok && named == "" && e.Key != "":
		return nil, usage("--key: is for a server: name it with --url or TRACKER_URL")
	case !ok && named == "":
		return nil, errNoServer
	case !ok:
		return e.to(named, "")
	case e.Key != "":
		return e.to(l.URL, e.Key)
	}
	e.login = &l
	if l.Session() && time.Now().After(l.ExpiresAt) {
		return nil, &exit{ExitDenied, errors.New(e.loggedOut())}
	}
	secret, err := store.Secret(l)
	if err != nil {
		return nil, err
	}
	if l.Session() {
		return client.New(l.URL, "", client.WithUserAgent("tracker"), client.WithTokens(tokens(secret)))
	}
	return e.to(l.URL, secret)
}

// tokens answers the token of a session.
func tokens(token string) client.TokenSource {
	return func(context.Context) (string, error) { return token, nil }
}

func (e *env) to(url, key string) (*client.Tracker, error) {
	t, err := client.New(url, key, client.WithUserAgent("tracker"))
	if err != nil {
		return nil, usage("--url or TRACKER_URL: %w", err)
	}
	return t, nil
}

// loggedOut says that the log-in does not count any more, and how to make another.
func (e *env) loggedOut() string {
	l := e.login
	switch {
	case !l.Session():
		return "the server " + l.URL + " does not know the key of the log-in any more: `tracker login " + l.URL + "` takes another"
	case time.Now().After(l.ExpiresAt):
		return "the log-in to " + l.URL + " ended at " + l.ExpiresAt.Local().Format("2006-01-02 15:04") + ": `tracker login " + l.URL + "` begins a new one"
	}
	return "the log-in to " + l.URL + " has ended, after a while without use or by an admin: `tracker login " + l.URL + "` begins a new one"
}

// lasting refuses what goes on when the command has ended, where the server ends with it.
func (e *env) lasting(wanted bool, flag string) error {
	if !wanted || !e.here {
		return nil
	}
	return usage("%s: the server runs in this command and ends with it: `tracker login URL` logs in to one that goes on", flag)
}

// leaving is how long the command waits for others that use the server of its process.
const leaving = 10 * time.Minute

// local is the client of a server in this process, or of one that another command runs.
func (e *env) local() (*client.Tracker, error) {
	s, err := local.Start(e.ctx, local.Options{Demo: e.Demo, Getenv: e.getenv, Note: e.note})
	if err != nil {
		return nil, err
	}
	e.here = true
	e.closers = append(e.closers, func() {
		ctx, cancel := context.WithTimeout(e.ctx, leaving)
		defer cancel()
		if err := s.Close(ctx); err != nil {
			e.note("the server of this command did not end well: %v", err)
		}
	})
	if s.First && !e.Demo {
		e.note("no server is named: this runs on your machine, and keeps what it finds in %s", s.Dir)
	}
	return client.New(s.URL, s.Key, client.WithUserAgent("tracker"))
}
