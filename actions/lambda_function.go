package actions

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/lambda"
	"github.com/consolesensei/resource-tracker/internal/aws/lambda/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var lambdaFunction = kind{
	Type:        "Lambda_Function",
	permissions: []string{"lambda:GetFunction"},
	rests:       []string{stateActive, "activenoninvocable", "deactivated", "failed", "inactive"},
	implied:     []string{"lambda:ListTags"}, // else the answer has no tags
	watch:       []string{"last_modified", "code_sha256"},
	see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		out, err := lambda.NewFromConfig(t.Config).GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: &id})
		if err != nil {
			return missing(err, "ResourceNotFoundException")
		}
		if e := out.TagsError; e != nil {
			return tracker.Resource{}, fmt.Errorf("its tags: %s: %s", aws.ToString(e.ErrorCode), aws.ToString(e.Message))
		}
		f := cmp.Or(out.Configuration, &types.FunctionConfiguration{})
		return tracker.Resource{
			Name:  tracker.Named(aws.ToString(f.FunctionName)),
			ARN:   cmp.Or(aws.ToString(f.FunctionArn), id),
			State: cmp.Or(strings.ToLower(string(f.State)), stateActive),
			Tags:  out.Tags,
			Metadata: tracker.Metadata{
				"runtime":       sdk.Text(f.Runtime),
				factReason:      reason(aws.String(string(f.StateReasonCode)), f.StateReason),
				"last_modified": sdk.Str(f.LastModified),
				"code_sha256":   sdk.Str(f.CodeSha256),
			},
		}, nil
	},
}

var lambdaFunctionDelete = Action{
	kind:     lambdaFunction,
	Verb:     "delete",
	Summary:  "Deletes the function with all its versions and aliases.",
	Destroys: true,
	After:    vanishes,
	Deadline: 10 * time.Minute,
	From:     []string{stateActive, "inactive", "failed", "activenoninvocable"},
	Via:      []string{"deleting"},
	To:       []string{tracker.Gone},
	steps: []step{{
		Step: tracker.Step{Name: "delete"}, action: "lambda:DeleteFunction",
		send: func(ctx context.Context, c call) (map[string]string, error) {
			return none(lambda.NewFromConfig(c.Config).DeleteFunction(ctx, &lambda.DeleteFunctionInput{FunctionName: c.id()}))
		},
	}},
}
