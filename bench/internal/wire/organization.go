package wire

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Organization is an organisation of accounts that are alike in size. Keys that
// AssumeRole has not made belong to its first account, the management account.
type Organization struct {
	Accounts int
	Regions  []string // of each account
	// Most is how many resources of a type a region of an account has at most. It has
	// one at least, so that a region that was not looked at shows.
	Most int
}

// ID is the number of an account, counted from 0.
func (o Organization) ID(n int) string { return fmt.Sprintf("%012d", 100_000_000_000+n) }

// Member is an account of the organisation.
func (o Organization) Member(id string) Account { return member{id, o} }

type member struct {
	id string
	of Organization
}

func (m member) ID() string { return m.id }

func (m member) Regions() []string { return m.of.Regions }

// Count implements Account. It is the same in every process.
func (m member) Count(t tracker.Type, region string) int {
	if global := t == "IAM_User" || t == "IAM_Role"; global != (region == tracker.Global) {
		return 0
	}
	h := fnv.New32a()
	fmt.Fprint(h, m.id, region, t)
	return 1 + int(h.Sum32())%m.of.Most
}

// Types are the types that a member holds, sorted.
func Types() []tracker.Type {
	types := []tracker.Type{"S3_Bucket"}
	for _, l := range lists {
		types = append(types, l.of)
	}
	slices.Sort(types)
	return types
}

// Holds counts the resources of some types in all accounts.
func (o Organization) Holds(types []tracker.Type) int {
	all := 0
	for n := range o.Accounts {
		m := o.Member(o.ID(n))
		for _, t := range types {
			for _, region := range append(slices.Clone(o.Regions), tracker.Global) {
				all += m.Count(t, region)
			}
		}
	}
	return all
}

// OrganizationHandler serves the accounts of an organisation, each to who has
// assumed a role in it.
func OrganizationHandler(o Organization) http.Handler { return organization{o} }

type organization struct{ Organization }

// session begins the access keys of role sessions; the account follows.
const session = "ASIA"

func (o organization) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q, err := read(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	id, ok := strings.CutPrefix(q.key, session)
	if !ok {
		id = o.ID(0)
	}
	switch q.service + ":" + q.operation {
	case "organizations:ListAccounts":
		_, _ = w.Write(o.accounts(q.body))
	case "sts:AssumeRole":
		_, _ = w.Write(assumed(q.form))
	case "tagging:GetResources": // the tags of so few resources fit a page; there are none
		_, _ = io.WriteString(w, `{"ResourceTagMappingList":[],"PaginationToken":""}`)
	default:
		handler{o.Member(id)}.answer(w, q)
	}
}

// accounts answers a page of ListAccounts. AWS gives 20 at most.
func (o organization) accounts(body []byte) []byte {
	const size = 20
	var in struct{ NextToken string }
	_ = json.Unmarshal(body, &in) // none is the first page
	first, _ := strconv.Atoi(in.NextToken)
	type account struct{ Id, Status, State string } //nolint:revive // as AWS writes it
	var out struct {
		Accounts  []account
		NextToken string `json:",omitempty"`
	}
	for n := first; n < min(first+size, o.Accounts); n++ {
		out.Accounts = append(out.Accounts, account{o.ID(n), "ACTIVE", "ACTIVE"})
	}
	if first+size < o.Accounts {
		out.NextToken = strconv.Itoa(first + size)
	}
	b, err := json.Marshal(out)
	if err != nil {
		panic(err) // strings are always encoded
	}
	return b
}

// assumed answers AssumeRole with keys that say in which account the role is.
func assumed(form url.Values) []byte {
	role, _ := arn.Parse(form.Get("RoleArn")) // keys of no account get nothing
	return fmt.Appendf(nil, "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>%s%s</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>"+
		"<SessionToken>token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>",
		session, role.AccountID)
}
