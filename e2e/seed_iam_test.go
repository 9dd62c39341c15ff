package e2e

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/iam"
	"github.com/consolesensei/resource-tracker/internal/aws/iam/types"
	"github.com/consolesensei/resource-tracker/tracker"
)

const trustPolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`

// functionRole is the role that functions run in.
const functionRole = "arn:aws:iam::" + motoAccount + ":role/service/function-role"

func iamTag(k, v string) types.Tag { return types.Tag{Key: &k, Value: &v} }

// iamAwkward are the awkward tags that IAM's charset allows.
var iamAwkward = map[string]string{"team:cost/center": "a=b+c@d", "empty": "", "Ключ": "värde"}

// roles makes roles, one of them with a path and tags.
func (s *seeder) roles() error {
	client := iam.NewFromConfig(s.cfg)
	rows := []struct {
		name, path string
		tags       map[string]string
	}{
		{"function-role", "/service/", iamAwkward},
		{"plain-role", "/", nil},
		{"ops-role", "/", map[string]string{"owner": "ops"}},
	}
	for _, row := range rows {
		all, list := tagged("", row.tags, iamTag)
		out, err := client.CreateRole(s.ctx, &iam.CreateRoleInput{
			RoleName: &row.name, Path: &row.path, AssumeRolePolicyDocument: aws.String(trustPolicy), Tags: list,
		})
		if err != nil {
			return err
		}
		s.add(tracker.Resource{
			ID: *out.Role.RoleId, Name: &row.name, Type: "IAM_Role", ARN: *out.Role.Arn, Region: tracker.Global,
			State: "active", Created: out.Role.CreateDate, Tags: all, Metadata: tracker.Metadata{"arn": *out.Role.Arn},
		})
	}
	return nil
}

// users makes more users than a page holds where others page.
func (s *seeder) users() error {
	client := iam.NewFromConfig(s.cfg)
	for i := range s.few(103) {
		name := fmt.Sprintf("user-%03d", i)
		var tags map[string]string
		if i%50 == 0 {
			tags = iamAwkward
		}
		all, list := tagged("", tags, iamTag)
		out, err := client.CreateUser(s.ctx, &iam.CreateUserInput{UserName: &name, Tags: list})
		if err != nil {
			return err
		}
		s.add(tracker.Resource{
			ID: *out.User.UserId, Name: &name, Type: "IAM_User", ARN: *out.User.Arn, Region: tracker.Global,
			State: "active", Created: out.User.CreateDate, Tags: all, Metadata: tracker.Metadata{"arn": *out.User.Arn},
		})
	}
	return nil
}
