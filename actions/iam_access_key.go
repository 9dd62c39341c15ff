package actions

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/iam"
	"github.com/consolesensei/resource-tracker/internal/aws/iam/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

const ruleLastKey = "last_access_key"

var iamAccessKey = kind{
	Type:        "IAM_AccessKey",
	global:      true,
	foreign:     true, // the user's
	permissions: []string{"iam:GetAccessKeyLastUsed", "iam:ListAccessKeys"},
	watch:       []string{"user"},
	see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		client := iam.NewFromConfig(t.Config)
		used, err := client.GetAccessKeyLastUsed(ctx, &iam.GetAccessKeyLastUsedInput{AccessKeyId: &id})
		if err != nil {
			return missing(err, "NoSuchEntity", "NoSuchEntityException")
		}
		keys, err := keysOf(ctx, client, aws.ToString(used.UserName))
		if err != nil {
			return missing(err, "NoSuchEntity", "NoSuchEntityException")
		}
		r, others := gone(), 0
		for _, k := range keys {
			switch {
			case aws.ToString(k.AccessKeyId) == id:
				r.State = strings.ToLower(string(k.Status))
				r.Created = tracker.At(k.CreateDate)
			case k.Status == types.StatusTypeActive:
				others++
			}
		}
		if r.State == tracker.Gone {
			return r, nil
		}
		r.ARN = t.partition().ARN("iam", "", t.AccountID, "access-key/"+id)
		r.Metadata = tracker.Metadata{"user": sdk.Str(used.UserName), "other_active_keys": int64(others)}
		if used.AccessKeyLastUsed != nil {
			r.Metadata["last_used"] = sdk.Stamp(used.AccessKeyLastUsed.LastUsedDate)
		}
		return r, nil
	},
}

func keysOf(ctx context.Context, client *iam.Client, user string) ([]types.AccessKeyMetadata, error) {
	cursor := func(in *iam.ListAccessKeysInput, out *iam.ListAccessKeysOutput) (**string, *string) {
		return &in.Marker, out.Marker
	}
	var keys []types.AccessKeyMetadata
	for page, err := range sdk.Pages(ctx, client.ListAccessKeys, &iam.ListAccessKeysInput{UserName: &user}, cursor) {
		if err != nil {
			return nil, err
		}
		keys = append(keys, page.AccessKeyMetadata...)
	}
	return keys, nil
}

var iamAccessKeyDeactivate = Action{
	kind:       iamAccessKey,
	Verb:       "deactivate",
	Summary:    "Deactivates the key: calls that it signs are refused.",
	After:      unchanged, // IAM is not charged
	Undo:       "activate",
	Reversible: true,
	Deadline:   10 * time.Minute,
	From:       []string{stateActive},
	To:         []string{"inactive"},
	guards: []guard{
		{
			rule: ruleLastKey, liftable: true, how: "make another key for the user",
			refuse: when(func(l look) string {
				n, unknown := l.count("other_active_keys")
				if n > 0 || unknown != "" {
					return unknown
				}
				return fmt.Sprintf("user %s has no other active key", l.Metadata.Text("user"))
			}),
		},
		{
			rule: "own_key", how: "use other credentials",
			refuse: func(ctx context.Context, l look) (string, []tracker.Ref, error) {
				own, err := l.Config.Credentials.Retrieve(ctx)
				if err != nil || own.AccessKeyID != l.ID {
					return "", nil, err
				}
				return "the plan itself is signed with it", nil, nil
			},
		},
	},
	steps:    []step{setKey(types.StatusTypeInactive)},
	Opposite: "activate",
}

var iamAccessKeyActivate = Action{
	kind:       iamAccessKey,
	Verb:       "activate",
	Summary:    "Activates the key again.",
	After:      unchanged, // IAM is not charged
	Undo:       "deactivate",
	Reversible: true,
	Deadline:   10 * time.Minute,
	From:       []string{"inactive"},
	To:         []string{stateActive},
	steps:      []step{setKey(types.StatusTypeActive)},
	Opposite:   "deactivate",
}

// setKey may be sent again: it sets a status that the key then has already.
func setKey(to types.StatusType) step {
	return step{
		Step: tracker.Step{Name: "set_status", Repeats: briefly}, action: "iam:UpdateAccessKey",
		send: func(ctx context.Context, c call) (map[string]string, error) {
			in := &iam.UpdateAccessKeyInput{AccessKeyId: c.id(), Status: to}
			in.UserName = stringp(c.Seen.Metadata["user"])
			return none(iam.NewFromConfig(c.Config).UpdateAccessKey(ctx, in))
		},
	}
}
