// Package simulator is an AWS account in memory, behind the SDK's middleware
// stack. Clients made from a config that it was installed in are real SDK
// clients. They call it as they would call AWS, with their own validation,
// signing and retries, and reach no network.
//
// The contents of the account are a pure function of Options. An account of a
// million resources therefore takes no more memory than one of ten: a resource
// is made when a page with it is asked for, and its ID says which one it is. The
// account keeps only the changes that calls have made.
//
// Services are named as in IAM policies: "ec2", "logs", "tag", and
// "elasticloadbalancing" for both generations of load balancers.
package simulator

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go/middleware"

	"github.com/consolesensei/resource-tracker/internal/sdk"
)

// Account is one simulated account, and the door to the others of its
// organisation: role sessions lead from one to another as in AWS. All accounts
// from one New share faults, quotas and counts. An Account is safe for
// concurrent use.
type Account struct {
	world  *world
	estate *estate
}

// New returns the management account of a new simulated organisation.
func New(o Options) *Account {
	w := newWorld(o)
	return &Account{w, w.estateOf(w.options.AccountID)}
}

// ID returns the account's number.
func (a *Account) ID() string { return a.estate.account }

// Regions returns the regions that are enabled in the account.
func (a *Account) Regions() []string { return slices.Clone(a.estate.regions) }

// Members returns the numbers of the organisation's other active accounts.
func (a *Account) Members() []string {
	var ids []string
	for _, m := range a.world.members {
		if !m.suspended {
			ids = append(ids, m.id)
		}
	}
	return ids
}

// Member returns another account of the same organisation.
func (a *Account) Member(id string) *Account {
	return &Account{a.world, a.world.estateOf(id)}
}

// Install makes every client that is made from cfg call the simulator. Clients
// without credentials get keys of this account. A client that refuses replaces
// the HTTP client, so that nothing can leave the process. The timeout of the
// replaced one still bounds each attempt.
func (a *Account) Install(cfg *aws.Config) {
	if cfg.Credentials == nil {
		cfg.Credentials = credentials.NewStaticCredentialsProvider(accessKey(a.ID()), "simulated", "")
	}
	timeout := timeoutOf(cfg.HTTPClient)
	cfg.HTTPClient = sealedClient{}
	cfg.APIOptions = append(slices.Clip(cfg.APIOptions), func(stack *middleware.Stack) error {
		return a.world.intercept(stack, timeout)
	})
}

// timeoutOf returns how long a client lets a request take; 0: without end.
func timeoutOf(client aws.HTTPClient) time.Duration {
	switch c := client.(type) {
	case *http.Client:
		return c.Timeout
	case *awshttp.BuildableClient:
		return c.GetTimeout()
	}
	return 0
}

// Config returns a config for region that the account is installed in.
func (a *Account) Config(region string) aws.Config {
	cfg := aws.Config{Region: region}
	a.Install(&cfg)
	return cfg
}

// Mutations returns how many changes of the resource were accepted. It takes the
// ID, name or ARN that the calls used. Refused calls and dry runs do not count.
func (a *Account) Mutations(id string) int { return a.estate.mutationsOf(id) }

const accessKeyPrefix = "AKIASIM"

// accessKey returns the long-term access key of an account. Other keys belong
// to the management account.
func accessKey(account string) string { return accessKeyPrefix + "X" + account }

// accountOfKey is the inverse of accessKey.
func accountOfKey(key string) (account string, ok bool) {
	account, ok = strings.CutPrefix(key, accessKeyPrefix+"X")
	return account, ok && isAccountID(account)
}

func isAccountID(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}

// sealedClient refuses every request, except those that it answers with nothing.
type sealedClient struct{}

func (sealedClient) Do(req *http.Request) (*http.Response, error) {
	if req.Context().Value(emptyKey{}) == nil {
		return nil, errors.New("simulator: no call leaves the process")
	}
	header := http.Header{"X-Amzn-Requestid": {requestID()}}
	body := "{}"
	switch protocol := req.Header.Get("Smithy-Protocol"); {
	case protocol != "":
		header.Set("Smithy-Protocol", protocol)
		body = "\xa0" // a map of CBOR
	case strings.HasPrefix(req.Header.Get("Content-Type"), "application/x-www-form-urlencoded"):
		body = fmt.Sprintf("<%[1]sResponse><%[1]sResult/></%[1]sResponse>", awsmiddleware.GetOperationName(req.Context()))
	case sdk.AnswersXML(awsmiddleware.GetServiceID(req.Context())):
		body = "<Result/>"
	}
	return &http.Response{StatusCode: http.StatusOK, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: req}, nil
}
