package scanners

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// What another account shares with this one is that account's resource. It is
// listed in a scan of that account, with its cost and its tags, which AWS does not
// show here, and left out here: listed twice, an organization would count it twice.

// owns reports whether the account owns what AWS says is of owner.
func (t Target) owns(owner *string) bool {
	return aws.ToString(owner) == "" || *owner == t.AccountID
}

// owned leaves out of a page what other accounts own.
func owned[T any](t Target, items []T, owner func(T) *string) []T {
	return slices.DeleteFunc(items, func(item T) bool { return !t.owns(owner(item)) })
}

// foreign reports whether an ARN names another account than t's.
func (t Target) foreign(arn string) bool {
	parts := strings.SplitN(arn, ":", 6)
	return len(parts) == 6 && isAccount(parts[4]) && t.AccountID != "" && parts[4] != t.AccountID
}

// regionIn returns the region in an ARN; empty in what is none.
func regionIn(arn string) string {
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 {
		return parts[3]
	}
	return ""
}

// isAccount reports whether a part of an ARN is an account's ID: "aws" is none.
func isAccount(part string) bool { return len(part) == 12 && strings.Trim(part, "0123456789") == "" }
