package actions

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	astypes "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	rgtypes "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	verbTag   = "tag"
	verbUntag = "untag"
)

// taggable is a type whose resources can be given tags by their ID.
type taggable struct {
	kind
	api tagAPI
	// implied are the IAM actions of the service itself, which the tagging API asks
	// for besides its own: to tag and to untag.
	implied [2]string
}

// tagAPI is one of the ways to tag.
type tagAPI struct {
	tagAction, untagAction string
	tag                    func(ctx context.Context, c call, tags map[string]string) error
	untag                  func(ctx context.Context, c call, keys []string) error
	dryRun                 bool
}

// tagActions returns both verbs of every taggable type.
func tagActions() []Action {
	var all []Action
	for _, t := range taggables() {
		all = append(all, t.tagAction(), t.untagAction())
	}
	return all
}

func (t taggable) tagAction() Action {
	return Action{
		kind:       t.tagKind(),
		Verb:       verbTag,
		Summary:    "Gives the resource tags, in place of those with the same keys.",
		Undo:       "the tags that it had",
		Reversible: true,
		Deadline:   5 * time.Minute,
		After:      unchanged,
		Params: []tracker.Param{
			{Name: "tags", Kind: tracker.ParamMap, Required: true, Tags: true, Doc: "Keys and values"},
			{Name: "remove", Kind: tracker.ParamStrings, Tags: true, Doc: "Keys of tags to remove besides"},
		},
		progress: tagsDiffer,
		guards:   []guard{protectingTag},
		dryRun:   t.api.dryRun,
		steps: []step{
			t.step(verbTag, t.api.tagAction, t.implied[0], nil, func(ctx context.Context, c call) error {
				want, _ := tracker.Pairs(c.Item.Params["tags"])
				return t.api.tag(ctx, c, want)
			}),
			t.step(verbUntag, t.api.untagAction, t.implied[1], func(item tracker.ActionItem) bool {
				return len(item.Params.List("remove")) > 0
			}, func(ctx context.Context, c call) error { return t.api.untag(ctx, c, c.Item.Params.List("remove")) }),
		},
		inverse: tagsBack,
	}
}

func (t taggable) untagAction() Action {
	return Action{
		kind:       t.tagKind(),
		Verb:       verbUntag,
		Summary:    "Removes tags from the resource.",
		Undo:       "the tags that it had",
		Reversible: true,
		Deadline:   5 * time.Minute,
		After:      unchanged,
		Params:     []tracker.Param{{Name: "keys", Kind: tracker.ParamStrings, Required: true, Tags: true, Doc: "Keys of the tags"}},
		progress:   tagsDiffer,
		guards:     []guard{protectingTag},
		dryRun:     t.api.dryRun,
		steps: []step{t.step(verbUntag, t.api.untagAction, t.implied[1], nil, func(ctx context.Context, c call) error {
			return t.api.untag(ctx, c, c.Item.Params.List("keys"))
		})},
		inverse: tagsBack,
	}
}

// tagKind watches nothing but the tags: whatever else happens to the resource
// does not make them wrong.
func (t taggable) tagKind() kind {
	k := t.kind
	k.watch = nil
	return k
}

func (t taggable) step(name, action, implied string, applies func(tracker.ActionItem) bool, send func(context.Context, call) error) step {
	s := step{
		Step: tracker.Step{Name: name, Repeats: briefly}, when: applies, action: action, others: t.permissions,
		send: func(ctx context.Context, c call) (map[string]string, error) { return nil, send(ctx, c) },
		check: func(ctx context.Context, c call) (tracker.StepProgress, error) {
			r, err := t.look(ctx, c.exactly(), c.Item.ResourceID)
			if err != nil {
				return tracker.StepProgress{}, err
			}
			if r.State == tracker.Gone {
				return tracker.StepProgress{Stage: tracker.StepFailed, State: r.State, Message: "it does not exist any more"}, nil
			}
			p := progressOf(hasTags(r, c.Item) && (name == verbTag || lacksTags(r, c.Item)))
			p.State = r.State
			return p, nil
		},
	}
	if implied != "" {
		s.implied = []string{implied}
	}
	return s
}

func tagsDiffer(r tracker.Resource, item tracker.ActionItem) tracker.Stage {
	if hasTags(r, item) && lacksTags(r, item) {
		return tracker.StepDone
	}
	return tracker.StepNotBegun
}

func hasTags(r tracker.Resource, item tracker.ActionItem) bool {
	want, _ := tracker.Pairs(item.Params["tags"])
	for k, v := range want {
		if got, ok := r.Tags[k]; !ok || got != v {
			return false
		}
	}
	return true
}

func lacksTags(r tracker.Resource, item tracker.ActionItem) bool {
	for _, k := range append(item.Params.List("keys"), item.Params.List("remove")...) {
		if _, there := r.Tags[k]; there {
			return false
		}
	}
	return true
}

// tagsBack gives the touched keys what they had.
func tagsBack(d tracker.Doing) (tracker.ActionItem, bool) {
	set, _ := tracker.Pairs(d.Item.Params["tags"])
	touched := append(slices.Sorted(maps.Keys(set)), d.Item.Params.List("keys")...)
	touched = sdk.Distinct(append(touched, d.Item.Params.List("remove")...))
	old := map[string]string{}
	var fresh []string
	for _, k := range touched {
		if v, had := d.Seen.Tags[k]; had {
			old[k] = v
		} else if _, was := set[k]; was {
			fresh = append(fresh, k)
		}
	}
	switch {
	case len(old) == 0 && len(fresh) == 0:
		return tracker.ActionItem{}, false
	case len(old) == 0:
		return backWith(d, verbUntag, tracker.Metadata{"keys": fresh}), true
	case len(fresh) == 0:
		return backWith(d, verbTag, tracker.Metadata{"tags": old}), true
	default:
		return backWith(d, verbTag, tracker.Metadata{"tags": old, "remove": fresh}), true
	}
}

// protectingTag keeps the tags that protect a resource from being taken away.
var protectingTag = guard{
	rule: ruleProtectTag, liftable: true,
	refuse: when(func(l look) string {
		key := l.protecting(l.Tags)
		if key == "" {
			return ""
		}
		touched, _ := tracker.Pairs(l.item.Params["tags"])
		after := maps.Clone(l.Tags)
		maps.Copy(after, touched)
		for _, k := range append(l.item.Params.List("keys"), l.item.Params.List("remove")...) {
			delete(after, k)
		}
		if l.protecting(after) != "" {
			return ""
		}
		return fmt.Sprintf("tag %s protects it, and would not any more", key)
	}),
}

// taggables returns every type that can be tagged by its ID: those that have
// other verbs are looked at as for them, the others by their tags alone.
func taggables() []taggable {
	var all []taggable
	for _, t := range []tracker.Type{
		"Customer_Gateway", "EC2_CapacityReservation", "EC2_DedicatedHost", "EC2_KeyPair", "Internet_Gateway", "Launch_Template",
		"Network_ACL", "Network_Interface", "Reserved_Instance", "Route_Table", "Security_Group", "Spot_Request", "Subnet",
		"Transit_Gateway", "Transit_Gateway_Attachment", "VPC", "VPC_Endpoint", "VPC_PeeringConnection", "VPN_Connection", "VPN_Gateway",
	} {
		all = append(all, taggable{kind: ec2TagsOnly(t), api: byEC2})
	}
	for _, k := range []kind{ami, ebsSnapshot, ebsVolume, ec2Instance, elasticIP, natGateway} {
		all = append(all, taggable{kind: k, api: byEC2})
	}
	all = append(all, taggable{kind: autoScalingGroup, api: byAutoScaling})
	for _, s := range []struct {
		kind
		tag, untag string
	}{
		{logGroup, "logs:TagResource", "logs:UntagResource"},
		{dynamoDBTable, "dynamodb:TagResource", "dynamodb:UntagResource"},
		{ecsCluster, "ecs:TagResource", "ecs:UntagResource"},
		{ecsService, "ecs:TagResource", "ecs:UntagResource"},
		{efsFileSystem, "elasticfilesystem:TagResource", "elasticfilesystem:UntagResource"},
		{elastiCacheCluster, "elasticache:AddTagsToResource", "elasticache:RemoveTagsFromResource"},
		{lambdaFunction, "lambda:TagResource", "lambda:UntagResource"},
		{loadBalancer, "elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"},
		{rdsCluster, "rds:AddTagsToResource", "rds:RemoveTagsFromResource"},
		{rdsInstance, "rds:AddTagsToResource", "rds:RemoveTagsFromResource"},
		{redshiftCluster, "redshift:CreateTags", "redshift:DeleteTags"},
		{s3Bucket, "s3:PutBucketTagging", "s3:PutBucketTagging"},
		{snsTopic, "sns:TagResource", "sns:UntagResource"},
		{sqsQueue, "sqs:TagQueue", "sqs:UntagQueue"},
		{secret, "secretsmanager:TagResource", "secretsmanager:UntagResource"},
		{targetGroup, "elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"},

		{tagsOnly("ACM_Certificate", "%s"), "acm:AddTagsToCertificate", "acm:RemoveTagsFromCertificate"},
		{tagsOnly("API_Gateway_HTTP", "apigateway::/apis/%s"), "apigateway:POST", "apigateway:DELETE"},
		{tagsOnly("API_Gateway_REST", "apigateway::/restapis/%s"), "apigateway:PUT", "apigateway:DELETE"},
		{tagsOnly("Backup_Vault", "backup:backup-vault:%s"), "backup:TagResource", "backup:UntagResource"},
		{globally(tagsOnly("CloudFront_Distribution", "cloudfront:distribution/%s")), "cloudfront:TagResource", "cloudfront:UntagResource"},
		{tagsOnly("CloudWatch_Alarm", "cloudwatch:alarm:%s"), "cloudwatch:TagResource", "cloudwatch:UntagResource"},
		{tagsOnly("Cognito_UserPool", "cognito-idp:userpool/%s"), "cognito-idp:TagResource", "cognito-idp:UntagResource"},
		{tagsOnly("DocumentDB_Cluster", "rds:cluster:%s"), "rds:AddTagsToResource", "rds:RemoveTagsFromResource"},
		{tagsOnly("DocumentDB_Instance", "rds:db:%s"), "rds:AddTagsToResource", "rds:RemoveTagsFromResource"},
		{tagsOnly("ECR_Repository", "ecr:repository/%s"), "ecr:TagResource", "ecr:UntagResource"},
		{tagsOnly("EKS_Cluster", "eks:cluster/%s"), "eks:TagResource", "eks:UntagResource"},
		{tagsOnly("EMR_Cluster", "elasticmapreduce:cluster/%s"), "elasticmapreduce:AddTags", "elasticmapreduce:RemoveTags"},
		{tagsOnly("ElastiCache_ReplicationGroup", "elasticache:replicationgroup:%s"), "elasticache:AddTagsToResource", "elasticache:RemoveTagsFromResource"},
		{tagsOnly("ElastiCache_Serverless", "elasticache:serverlesscache:%s"), "elasticache:AddTagsToResource", "elasticache:RemoveTagsFromResource"},
		{tagsOnly("EventBridge_Bus", "events:event-bus/%s"), "events:TagResource", "events:UntagResource"},
		{tagsOnly("FSx_FileSystem", "fsx:file-system/%s"), "fsx:TagResource", "fsx:UntagResource"},
		{tagsOnly("Firehose_Stream", "firehose:deliverystream/%s"), "firehose:TagDeliveryStream", "firehose:UntagDeliveryStream"},
		{tagsOnly("Glue_Job", "glue:job/%s"), "glue:TagResource", "glue:UntagResource"},
		{globally(tagsOnly("IAM_Policy", "%s")), "iam:TagPolicy", "iam:UntagPolicy"},
		{tagsOnly("KMS_Key", "kms:key/%s"), "kms:TagResource", "kms:UntagResource"},
		{tagsOnly("Kinesis_Stream", "kinesis:stream/%s"), "kinesis:TagResource", "kinesis:UntagResource"},
		{tagsOnly("MSK_Cluster", "%s"), "kafka:TagResource", "kafka:UntagResource"},
		{tagsOnly("MemoryDB_Cluster", "memorydb:cluster/%s"), "memorydb:TagResource", "memorydb:UntagResource"},
		{tagsOnly("Neptune_Cluster", "rds:cluster:%s"), "rds:AddTagsToResource", "rds:RemoveTagsFromResource"},
		{tagsOnly("Neptune_Instance", "rds:db:%s"), "rds:AddTagsToResource", "rds:RemoveTagsFromResource"},
		{tagsOnly("OpenSearch_Domain", "es:domain/%s"), "es:AddTags", "es:RemoveTags"},
		{globally(tagsOnly("Route53_Zone", "route53:::hostedzone/%s")), "route53:ChangeTagsForResource", "route53:ChangeTagsForResource"},
		{tagsOnly("SSM_Parameter", "ssm:parameter/%s"), "ssm:AddTagsToResource", "ssm:RemoveTagsFromResource"},
		{tagsOnly("SageMaker_Endpoint", "sagemaker:endpoint/%s"), "sagemaker:AddTags", "sagemaker:DeleteTags"},
		{tagsOnly("SageMaker_Notebook", "sagemaker:notebook-instance/%s"), "sagemaker:AddTags", "sagemaker:DeleteTags"},
		{tagsOnly("Step_Function", "%s"), "states:TagResource", "states:UntagResource"},
		{tagsOnly("WorkSpace", "workspaces:workspace/%s"), "workspaces:CreateTags", "workspaces:DeleteTags"},
	} {
		all = append(all, taggable{kind: s.kind, api: byTaggingAPI, implied: [2]string{s.tag, s.untag}})
	}
	return all
}

// Untaggable says why types that have tags in AWS cannot be tagged here.
func Untaggable() map[tracker.Type]string {
	const noARN = "its ARN cannot be made of its ID"
	return map[tracker.Type]string{
		"CloudFormation_Stack": "its tags change only with an update of the stack",
		"EKS_Nodegroup":        noARN,
		"EventBridge_Rule":     noARN,
		"IAM_AccessKey":        "it has no tags",
		"IAM_Group":            "it has no tags",
		"IAM_Role":             "IAM tags it by its name, which is not its ID",
		"IAM_User":             "IAM tags it by its name, which is not its ID",
		"Lambda_Layer":         "it has no tags",
		"Lightsail_Database":   "AWS's tagging API does not know it",
		"Lightsail_Instance":   "AWS's tagging API does not know it",
		"Other":                "what it is decides who may tag it",
		"RDS_Snapshot":         "its ID does not tell snapshots of instances and clusters apart",
		"Savings_Plan":         "AWS's tagging API does not know it",
	}
}

var byEC2 = tagAPI{
	tagAction: "ec2:CreateTags", untagAction: "ec2:DeleteTags", dryRun: true,
	tag: func(ctx context.Context, c call, with map[string]string) error {
		in := &ec2.CreateTagsInput{Resources: []string{c.Item.ResourceID}, Tags: ec2TagList(with), DryRun: c.dry}
		_, err := ec2.NewFromConfig(c.Config).CreateTags(ctx, in)
		return err
	},
	untag: func(ctx context.Context, c call, keys []string) error {
		in := &ec2.DeleteTagsInput{Resources: []string{c.Item.ResourceID}, DryRun: c.dry}
		for _, k := range keys {
			in.Tags = append(in.Tags, types.Tag{Key: aws.String(k)})
		}
		_, err := ec2.NewFromConfig(c.Config).DeleteTags(ctx, in)
		return err
	},
}

// byAutoScaling tags groups, which the tagging API does not know.
var byAutoScaling = tagAPI{
	tagAction: "autoscaling:CreateOrUpdateTags", untagAction: "autoscaling:DeleteTags",
	tag: func(ctx context.Context, c call, with map[string]string) error {
		in := &autoscaling.CreateOrUpdateTagsInput{}
		for _, k := range slices.Sorted(maps.Keys(with)) {
			in.Tags = append(in.Tags, groupTag(c, k, aws.String(with[k])))
		}
		_, err := autoscaling.NewFromConfig(c.Config).CreateOrUpdateTags(ctx, in)
		return err
	},
	untag: func(ctx context.Context, c call, keys []string) error {
		in := &autoscaling.DeleteTagsInput{}
		for _, k := range keys {
			in.Tags = append(in.Tags, groupTag(c, k, nil))
		}
		_, err := autoscaling.NewFromConfig(c.Config).DeleteTags(ctx, in)
		return err
	},
}

func groupTag(c call, key string, value *string) astypes.Tag {
	return astypes.Tag{
		ResourceId: c.id(), ResourceType: aws.String("auto-scaling-group"),
		Key: aws.String(key), Value: value, PropagateAtLaunch: aws.Bool(slices.Contains(c.Seen.Metadata.List("propagated_tags"), key)),
	}
}

// byTaggingAPI tags by ARN, as the look found it.
var byTaggingAPI = tagAPI{
	tagAction: "tag:TagResources", untagAction: "tag:UntagResources",
	tag: func(ctx context.Context, c call, with map[string]string) error {
		out, err := resourcegroupstaggingapi.NewFromConfig(c.tagHome().Config).TagResources(ctx, &resourcegroupstaggingapi.TagResourcesInput{
			ResourceARNList: []string{c.Seen.ARN}, Tags: with,
		})
		if err != nil {
			return err
		}
		return refusedTags(out.FailedResourcesMap)
	},
	untag: func(ctx context.Context, c call, keys []string) error {
		out, err := resourcegroupstaggingapi.NewFromConfig(c.tagHome().Config).UntagResources(ctx, &resourcegroupstaggingapi.UntagResourcesInput{
			ResourceARNList: []string{c.Seen.ARN}, TagKeys: keys,
		})
		if err != nil {
			return err
		}
		return refusedTags(out.FailedResourcesMap)
	},
}

// exactly returns where to look without an index that lags behind.
func (t Target) exactly() Target {
	t.exact = true
	return t
}

func (c call) tagHome() Target {
	if c.Seen.Region == tracker.Global {
		return c.home()
	}
	return c.Target
}

// refusedTags is what the tagging API says in an answer that is no error. What it says of
// the request it would say again; what it says of itself may pass.
func refusedTags(failed map[string]rgtypes.FailureInfo) error {
	var errs []error
	for _, f := range failed {
		err := fmt.Errorf("%s: %s", f.ErrorCode, aws.ToString(f.ErrorMessage))
		if f.ErrorCode != rgtypes.ErrorCodeInternalServiceException {
			err = tracker.Errorf(tracker.CodeConflict, "%v", err)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
