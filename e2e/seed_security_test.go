package e2e

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	acmtypes "github.com/aws/aws-sdk-go-v2/service/acm/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	secretstypes "github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/consolesensei/resource-tracker/internal/aws/cognitoidentityprovider"
	"github.com/consolesensei/resource-tracker/internal/aws/iam"
	"github.com/consolesensei/resource-tracker/internal/aws/ssm"
	ssmtypes "github.com/consolesensei/resource-tracker/internal/aws/ssm/types"
	"github.com/consolesensei/resource-tracker/tracker"
)

// principals makes policies, groups and keys beside the roles and users.
func (s *seeder) principals() error {
	client := iam.NewFromConfig(s.cfg)
	all, tags := tagged("", labels, iamTag)
	policy, err := client.CreatePolicy(s.ctx, &iam.CreatePolicyInput{
		PolicyName: aws.String("read-orders"), Path: aws.String("/shop/"), Description: aws.String("reads orders"), Tags: tags,
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"*"}]}`),
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: *policy.Policy.Arn, Name: aws.String("read-orders"), Type: "IAM_Policy", ARN: *policy.Policy.Arn, Region: tracker.Global, State: "active",
		Created: policy.Policy.CreateDate, Tags: all, Metadata: tracker.Metadata{"path": "/shop/", "default_version": "v1", "attached_count": 1},
	})
	group, err := client.CreateGroup(s.ctx, &iam.CreateGroupInput{GroupName: aws.String("readers"), Path: aws.String("/shop/")})
	if err != nil {
		return err
	}
	if _, err := client.AttachGroupPolicy(s.ctx, &iam.AttachGroupPolicyInput{GroupName: aws.String("readers"), PolicyArn: policy.Policy.Arn}); err != nil {
		return err
	}
	if _, err := client.AddUserToGroup(s.ctx, &iam.AddUserToGroupInput{GroupName: aws.String("readers"), UserName: aws.String("user-001")}); err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "readers", Name: aws.String("readers"), Type: "IAM_Group", ARN: *group.Group.Arn, Region: tracker.Global, State: "active",
		Created: group.Group.CreateDate, Tags: map[string]string{},
		Metadata: tracker.Metadata{"path": "/shop/", "group_id": *group.Group.GroupId, "members": []string{"user-001"}, "attached_policies": []string{*policy.Policy.Arn}},
	})
	for _, user := range []string{"user-000", "user-001"} {
		key, err := client.CreateAccessKey(s.ctx, &iam.CreateAccessKeyInput{UserName: &user})
		if err != nil {
			return err
		}
		s.add(accessKey(*key.AccessKey.AccessKeyId, user, "active", key.AccessKey.CreateDate))
	}
	return nil
}

func accessKey(id, user, state string, created *time.Time) tracker.Resource {
	return tracker.Resource{
		ID: id, Type: "IAM_AccessKey", ARN: "arn:aws:iam::" + motoAccount + ":access-key/" + id, Region: tracker.Global, State: state, Created: created,
		Tags: map[string]string{}, Metadata: tracker.Metadata{"user": user},
	}
}

// secrets makes a key, a secret, a parameter, a certificate and a user pool.
func (s *seeder) secrets() error {
	all, tags := tagged("", labels, func(k, v string) kmstypes.Tag { return kmstypes.Tag{TagKey: &k, TagValue: &v} })
	keys := kms.NewFromConfig(s.cfg)
	key, err := keys.CreateKey(s.ctx, &kms.CreateKeyInput{Description: aws.String("of orders"), KeyUsage: kmstypes.KeyUsageTypeEncryptDecrypt, MultiRegion: aws.Bool(false), Tags: tags})
	if err != nil {
		return err
	}
	if _, err := keys.CreateAlias(s.ctx, &kms.CreateAliasInput{AliasName: aws.String("alias/orders"), TargetKeyId: key.KeyMetadata.KeyId}); err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: *key.KeyMetadata.KeyId, Name: aws.String("alias/orders"), Type: "KMS_Key", ARN: *key.KeyMetadata.Arn, State: "enabled", Created: key.KeyMetadata.CreationDate, Tags: all,
		Metadata: tracker.Metadata{"description": "of orders", "aliases": []string{"alias/orders"}, "key_spec": "SYMMETRIC_DEFAULT", "key_usage": "ENCRYPT_DECRYPT", "multi_region": false},
	})

	_, secretTags := tagged("", labels, func(k, v string) secretstypes.Tag { return secretstypes.Tag{Key: &k, Value: &v} })
	secret, err := secretsmanager.NewFromConfig(s.cfg).CreateSecret(s.ctx, &secretsmanager.CreateSecretInput{
		Name: aws.String("shop/db"), Description: aws.String("of the database"), SecretString: aws.String("nobody may scan this"), Tags: secretTags,
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "shop/db", Name: aws.String("shop/db"), Type: "Secret", ARN: *secret.ARN, State: "active", Tags: all,
		Metadata: tracker.Metadata{"description": "of the database", "rotation_enabled": nil, "deleted": nil},
	})

	_, parameterTags := tagged("", labels, func(k, v string) ssmtypes.Tag { return ssmtypes.Tag{Key: &k, Value: &v} })
	_, err = ssm.NewFromConfig(s.cfg).PutParameter(s.ctx, &ssm.PutParameterInput{
		Name: aws.String("/shop/url"), Type: ssmtypes.ParameterTypeString, Value: aws.String("https://shop.example"), Description: aws.String("where it is"), Tags: parameterTags,
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "/shop/url", Name: aws.String("/shop/url"), Type: "SSM_Parameter", ARN: s.arn("ssm", "parameter/shop/url"), State: "active", Tags: all,
		Metadata: tracker.Metadata{"type": "String", "version": 1, "description": "where it is", "tier": "Standard"},
	})

	_, certificateTags := tagged("", labels, func(k, v string) acmtypes.Tag { return acmtypes.Tag{Key: &k, Value: &v} })
	certificate, err := acm.NewFromConfig(s.cfg).RequestCertificate(s.ctx, &acm.RequestCertificateInput{
		DomainName: aws.String("shop.example"), SubjectAlternativeNames: []string{"www.shop.example"}, ValidationMethod: acmtypes.ValidationMethodDns, Tags: certificateTags,
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: *certificate.CertificateArn, Name: aws.String("shop.example"), Type: "ACM_Certificate", ARN: *certificate.CertificateArn, State: "pending_validation",
		Tags: all, Metadata: tracker.Metadata{"type": "AMAZON_ISSUED"},
	})

	pool, err := cognitoidentityprovider.NewFromConfig(s.cfg).CreateUserPool(s.ctx, &cognitoidentityprovider.CreateUserPoolInput{PoolName: aws.String("customers"), UserPoolTags: labels})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: *pool.UserPool.Id, Name: aws.String("customers"), Type: "Cognito_UserPool", ARN: *pool.UserPool.Arn, State: "active", Created: pool.UserPool.CreationDate,
		Tags: labels, Metadata: tracker.Metadata{"mfa": "OFF"},
	})
	return nil
}
