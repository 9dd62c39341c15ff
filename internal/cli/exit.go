package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/alecthomas/kong"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

// What the program ends with. Scripts rely on it, and docs/cli.md lists it.
const (
	ExitComplete = 0
	ExitOther    = 1
	ExitUsage    = 2 // the command line, or what it asks for, is wrong
	ExitPartial  = 3 // something could not be seen or done
	ExitDenied   = 4 // the server or AWS does not allow it
	ExitFindings = 5 // findings save more than the bound
	ExitChanged  = 6 // of diff --exit-code: something has changed
	// ExitOverBudget is of budgets --exit-code: a budget is over, or is forecast to be.
	ExitOverBudget = 7
)

// exit is an error that says what the program ends with. A silent one has been told already.
type exit struct {
	code int
	err  error
}

func (e *exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exit) Unwrap() error { return e.err }

// usage is the error of a command line that cannot be carried out.
func usage(format string, args ...any) error {
	return &exit{ExitUsage, fmt.Errorf(format, args...)}
}

// ends is an outcome that is no error: it is told already.
func ends(code int) error {
	if code == ExitComplete {
		return nil
	}
	return &exit{code: code}
}

// codeOf is what the program ends with after an error.
func codeOf(err error) int {
	if err == nil {
		return ExitComplete
	}
	if e, ok := errors.AsType[*exit](err); ok {
		return e.code
	}
	if _, ok := errors.AsType[*kong.ParseError](err); ok {
		return ExitUsage
	}
	switch {
	case errors.Is(err, output.ErrColumn), errors.Is(err, client.ErrInvalid):
		return ExitUsage
	case errors.Is(err, client.ErrUnauthorized), errors.Is(err, client.ErrForbidden):
		return ExitDenied
	}
	return ExitOther
}

// explain is one sentence on what went wrong, with the way out. Fields of the API are named as the flags that
// set them.
func explain(err error) string {
	if away, ok := errors.AsType[*url.Error](err); ok && !errors.Is(err, context.Canceled) {
		reason := away.Err
		if op, ok := errors.AsType[*net.OpError](away.Err); ok {
			reason = op.Err
		}
		if at, parsed := url.Parse(away.URL); parsed == nil {
			text := strings.Replace(err.Error(), away.Error(), fmt.Sprintf("the server %s://%s does not answer (%v)", at.Scheme, at.Host, reason), 1)
			return text + ": is it running, and are TRACKER_URL and --url right?"
		}
	}
	e, ok := errors.AsType[*client.Error](err)
	if !ok {
		return err.Error()
	}
	words := strings.NewReplacer("GET /api/v1/types", "tracker types", "GET /api/v1/actions", "tracker types", "GET /api/v1/accounts", "tracker accounts",
		"with POST /api/v1/scan", "with tracker scan")
	switch {
	case errors.Is(e, client.ErrUnauthorized):
		return "the server does not know who you are: `tracker login` logs you in, or set TRACKER_API_KEY or --key to a key that `tracker keys add` or the server's operator has made"
	case errors.Is(e, client.ErrLimited):
		return e.Message + "; `tracker quota` says what you may use, and what you have used"
	case lack(e):
		return "there are no keys to AWS: name a profile of this machine with --profile, or a registered account with --account (`tracker accounts list`)"
	case len(e.Errors) == 0:
		return words.Replace(e.Message)
	}
	parts := make([]string, len(e.Errors))
	for i, f := range e.Errors {
		parts[i] = f.Message
		if flag := flagOf(f.Location); flag != "" {
			parts[i] = flag + ": " + f.Message
		}
	}
	return words.Replace(strings.Join(parts, "; "))
}

// flags are those that are not called as the field that they set.
var flags = map[string]string{
	"role_arn": "--role-arn", "billed_cost": "--billed", "billed_cost.group_by": "--billed", "select.filter": "--filter", "select.action": "the verb", "select.params": "--param", "params": "--param",
	"access_key_id": "AWS_ACCESS_KEY_ID", "secret_access_key": "AWS_SECRET_ACCESS_KEY", "session_token": "AWS_SESSION_TOKEN",
	"timeout_seconds": "--timeout", "every_seconds": "--every", "after_seconds": "--after", "expires_in_days": "--expires",
	"monthly_amount": "--amount", "key": "--only", "off_hours.begin": "--begin", "off_hours.end": "--end",
}

// flagOf names the flag that sets a field, such as body.exclude_regions[1].
func flagOf(location string) string {
	kind, field, ok := strings.Cut(location, ".")
	if !ok {
		return location
	}
	if kind == "path" {
		return field
	}
	field = strings.TrimPrefix(field, "plan.")
	for at := field; at != ""; {
		if name, ok := flags[at]; ok {
			return name
		}
		i := strings.LastIndexAny(at, ".[")
		if i < 0 {
			break
		}
		at = at[:i]
	}
	field, _, _ = strings.Cut(field, "[")
	field = strings.TrimPrefix(field, "select.")
	field, _, _ = strings.Cut(field, ".")
	return "--" + strings.ReplaceAll(field, "_", "-")
}
