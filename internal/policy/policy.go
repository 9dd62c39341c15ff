// Package policy writes the IAM policies that a deployment needs. They follow
// from the calls that the catalogues declare for types and actions, so that no
// policy grants more or less.
package policy

import (
	"encoding/json"
	"slices"
	"unicode"

	"github.com/consolesensei/resource-tracker/tracker"
)

// MaxSize is the most characters, white space aside, that IAM takes in one
// managed policy (IAM user guide, "IAM and AWS STS quotas").
const MaxSize = 6144

// everyScan is what every scan calls, whatever its types. sts:GetCallerIdentity,
// which tells whose the credentials are, needs no permission.
var everyScan = []string{"ec2:DescribeRegions"}

// Document is an IAM policy document.
type Document struct {
	Version   string
	Statement []Statement
}

// Statement allows one thing.
type Statement struct {
	Sid       string
	Effect    string
	Principal *Principal `json:",omitempty"`
	Action    []string
	Resource  string     `json:",omitempty"`
	Condition *Condition `json:",omitempty"`
}

// Principal names who a trust policy speaks of.
type Principal struct{ AWS string }

// Condition names what has to be so for a statement to hold.
type Condition struct {
	StringEquals map[string]string `json:",omitempty"`
	StringLike   map[string]string `json:",omitempty"`
	Bool         map[string]string `json:",omitempty"`
}

// Scan returns the policy that a scan of types needs and no more. It has as few
// documents as IAM's limit of size allows; all types fit into one.
func Scan(types []tracker.TypeInfo) []Document {
	actions := slices.Clone(everyScan)
	for _, t := range types {
		actions = append(actions, t.Permissions...)
	}
	return split("Scan", actions)
}

// Actions returns the policy that verbs need and no more: to look at a resource,
// to change it and to see that it has changed. It has no documents when there
// are no verbs.
func Actions(infos []tracker.ActionInfo) []Document {
	var actions []string
	for _, i := range infos {
		actions = append(actions, i.Permissions...)
	}
	taken := func(some ...string) []string {
		var out []string
		actions = slices.DeleteFunc(actions, func(a string) bool {
			if !slices.Contains(some, a) {
				return false
			}
			out = append(out, a)
			return true
		})
		slices.Sort(out)
		return slices.Compact(out)
	}
	var keys []Statement
	if uses := taken(usesOfKeys...); len(uses) > 0 {
		keys = append(keys, Statement{
			Sid: "UseKeysThroughServices", Effect: "Allow", Action: uses, Resource: "*",
			Condition: &Condition{StringLike: map[string]string{"kms:ViaService": "*.amazonaws.com*"}},
		})
	}
	if grants := taken(createGrant); len(grants) > 0 {
		keys = append(keys, Statement{
			Sid: "GrantKeysToServices", Effect: "Allow", Action: grants, Resource: "*",
			Condition: &Condition{Bool: map[string]string{"kms:GrantIsForAWSResource": "true"}},
		})
	}
	docs := split("Act", actions)
	if len(keys) > 0 {
		docs = Join(append(docs, document(keys...))...)
	}
	return docs
}

// createGrant is allowed only to services that act for the caller, as AWS advises (EBS
// User Guide, requirements for EBS encryption).
const createGrant = "kms:CreateGrant"

// usesOfKeys are what services do with the keys of the account in the caller's name. The
// caller alone may do none of it (KMS Developer Guide, kms:ViaService).
var usesOfKeys = []string{
	"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo",
}

// Read returns the policy for the further reads of a scan that asks for them,
// such as metrics. It has no documents when there are none.
func Read(actions []string) []Document { return split("Read", slices.Clone(actions)) }

// Grant returns the policy that allows actions, such as those that an access
// check has found missing.
func Grant(actions []string) Document {
	return allow("Missing", actions)
}

// Trust returns the policy that lets a principal assume a role, provided that it
// knows the external ID.
func Trust(principalARN, externalID string) Document {
	return document(Statement{
		Sid:       "AssumeWithExternalId",
		Effect:    "Allow",
		Principal: &Principal{AWS: principalARN},
		Action:    []string{"sts:AssumeRole"},
		Condition: &Condition{StringEquals: map[string]string{"sts:ExternalId": externalID}},
	})
}

// split allows actions in documents that are each as large as IAM accepts.
func split(sid string, actions []string) []Document {
	slices.Sort(actions)
	actions = slices.Compact(actions)
	var docs []Document
	for first := 0; first < len(actions); {
		end := first + 1
		for end < len(actions) && allow(sid, actions[first:end+1]).Size() <= MaxSize {
			end++
		}
		docs = append(docs, allow(sid, actions[first:end]))
		first = end
	}
	return docs
}

// allow allows actions on every resource. Lists know no narrower resource, and
// the ID of a resource to change is known only when it is changed.
func allow(sid string, actions []string) Document {
	return document(Statement{Sid: sid, Effect: "Allow", Action: actions, Resource: "*"})
}

// Join puts the statements of documents into as few as IAM's limit of size allows.
func Join(docs ...Document) []Document {
	var joined []Document
	for _, d := range docs {
		last := len(joined) - 1
		if last >= 0 {
			if both := document(append(slices.Clone(joined[last].Statement), d.Statement...)...); both.Size() <= MaxSize {
				joined[last] = both
				continue
			}
		}
		joined = append(joined, d)
	}
	return joined
}

func document(s ...Statement) Document { return Document{Version: "2012-10-17", Statement: s} }

// Size counts the document's characters as IAM does, without white space.
func (d Document) Size() int {
	n := 0
	for _, r := range string(JSON(d)) {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

// JSON returns one document as it is, and several as a list.
func JSON(docs ...Document) []byte {
	var v any = docs
	if len(docs) == 1 {
		v = docs[0]
	}
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		panic(err) // documents are made of strings
	}
	return append(b, '\n')
}
