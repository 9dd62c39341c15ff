package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/emr"
	emrtypes "github.com/aws/aws-sdk-go-v2/service/emr/types"

	"github.com/consolesensei/resource-tracker/internal/aws/apigateway"
	apigatewaytypes "github.com/consolesensei/resource-tracker/internal/aws/apigateway/types"
	"github.com/consolesensei/resource-tracker/internal/aws/apigatewayv2"
	apigatewayv2types "github.com/consolesensei/resource-tracker/internal/aws/apigatewayv2/types"
	"github.com/consolesensei/resource-tracker/internal/aws/cloudformation"
	cloudformationtypes "github.com/consolesensei/resource-tracker/internal/aws/cloudformation/types"
	"github.com/consolesensei/resource-tracker/internal/aws/cloudfront"
	cloudfronttypes "github.com/consolesensei/resource-tracker/internal/aws/cloudfront/types"
	"github.com/consolesensei/resource-tracker/internal/aws/glue"
	gluetypes "github.com/consolesensei/resource-tracker/internal/aws/glue/types"
	"github.com/consolesensei/resource-tracker/internal/aws/route53"
	route53types "github.com/consolesensei/resource-tracker/internal/aws/route53/types"
	"github.com/consolesensei/resource-tracker/internal/aws/sagemaker"
	sagemakertypes "github.com/consolesensei/resource-tracker/internal/aws/sagemaker/types"
	"github.com/consolesensei/resource-tracker/internal/aws/workspaces"
	workspacestypes "github.com/consolesensei/resource-tracker/internal/aws/workspaces/types"
	"github.com/consolesensei/resource-tracker/tracker"
)

// gatewaysOfAPIs makes an API of each generation.
func (s *seeder) gatewaysOfAPIs() error {
	rest, err := apigateway.NewFromConfig(s.cfg).CreateRestApi(s.ctx, &apigateway.CreateRestApiInput{
		Name: aws.String("orders"), Description: aws.String("takes orders"), Tags: labels,
		EndpointConfiguration: &apigatewaytypes.EndpointConfiguration{Types: []apigatewaytypes.EndpointType{apigatewaytypes.EndpointTypeRegional}},
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: *rest.Id, Name: aws.String("orders"), Type: "API_Gateway_REST", ARN: "arn:aws:apigateway:" + s.region + "::/restapis/" + *rest.Id, State: "active",
		Created: rest.CreatedDate, Tags: labels, Metadata: tracker.Metadata{"description": "takes orders", "endpoint_types": []string{"REGIONAL"}},
	})
	web, err := apigatewayv2.NewFromConfig(s.cfg).CreateApi(s.ctx, &apigatewayv2.CreateApiInput{
		Name: aws.String("web"), ProtocolType: apigatewayv2types.ProtocolTypeHttp, Description: aws.String("serves pages"), Tags: labels,
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: *web.ApiId, Name: aws.String("web"), Type: "API_Gateway_HTTP", ARN: "arn:aws:apigateway:" + s.region + "::/apis/" + *web.ApiId, State: "active",
		Created: web.CreatedDate, Tags: labels, Metadata: tracker.Metadata{"description": "serves pages", "protocol": "HTTP", "endpoint": *web.ApiEndpoint},
	})
	return nil
}

// stacks makes a CloudFormation stack with a topic of its own.
func (s *seeder) stacks() error {
	all, tags := tagged("", labels, func(k, v string) cloudformationtypes.Tag { return cloudformationtypes.Tag{Key: &k, Value: &v} })
	out, err := cloudformation.NewFromConfig(s.cfg).CreateStack(s.ctx, &cloudformation.CreateStackInput{
		StackName: aws.String("shop"), Tags: tags,
		TemplateBody: aws.String(`{"Description":"the shop","Resources":{"Wait":{"Type":"AWS::CloudFormation::WaitConditionHandle"}}}`),
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "shop", Name: aws.String("shop"), Type: "CloudFormation_Stack", ARN: *out.StackId, State: "create_complete", Tags: all,
		Metadata: tracker.Metadata{"description": "the shop", "parent_stack": nil},
	})
	return nil
}

// edge makes what belongs to no region.
func (s *seeder) edge() error {
	// Without tags: moto has the tagged ones in each region, by an ARN that is none.
	out, err := cloudfront.NewFromConfig(s.cfg).CreateDistribution(s.ctx, &cloudfront.CreateDistributionInput{
		DistributionConfig: &cloudfronttypes.DistributionConfig{
			CallerReference: aws.String("1"), Comment: aws.String("of the shop"), Enabled: aws.Bool(true),
			Origins: &cloudfronttypes.Origins{Quantity: aws.Int32(1), Items: []cloudfronttypes.Origin{{
				Id: aws.String("pages"), DomainName: aws.String("pages.s3.amazonaws.com"), S3OriginConfig: &cloudfronttypes.S3OriginConfig{OriginAccessIdentity: aws.String("")},
			}}},
			DefaultCacheBehavior: &cloudfronttypes.DefaultCacheBehavior{TargetOriginId: aws.String("pages"), ViewerProtocolPolicy: cloudfronttypes.ViewerProtocolPolicyAllowAll},
		},
	})
	if err != nil {
		return err
	}
	d := out.Distribution
	s.add(tracker.Resource{
		ID: *d.Id, Name: d.DomainName, Type: "CloudFront_Distribution", ARN: *d.ARN, Region: tracker.Global, State: "deployed", Tags: map[string]string{},
		Metadata: tracker.Metadata{"domain_name": *d.DomainName},
	})

	zones := route53.NewFromConfig(s.cfg)
	for _, name := range []string{"shop.example", "test.example"} {
		zone, err := zones.CreateHostedZone(s.ctx, &route53.CreateHostedZoneInput{
			Name: &name, CallerReference: &name, HostedZoneConfig: &route53types.HostedZoneConfig{Comment: aws.String("of the shop")},
		})
		if err != nil {
			return err
		}
		id := strings.TrimPrefix(*zone.HostedZone.Id, "/hostedzone/")
		_, err = zones.ChangeTagsForResource(s.ctx, &route53.ChangeTagsForResourceInput{
			ResourceType: route53types.TagResourceTypeHostedzone, ResourceId: &id, AddTags: []route53types.Tag{{Key: aws.String("team"), Value: aws.String("shop")}},
		})
		if err != nil {
			return err
		}
		s.add(tracker.Resource{
			ID: id, Name: &name, Type: "Route53_Zone", ARN: "arn:aws:route53:::hostedzone/" + id, Region: tracker.Global, State: "active",
			Tags: map[string]string{"team": "shop"}, Metadata: tracker.Metadata{"comment": "of the shop", "private": false, "record_count": 2},
		})
	}
	return nil
}

// bigData makes EMR clusters. Moto takes EMR's region from the host name, which
// has none here: it answers every region the same.
func (s *seeder) bigData() error {
	all, tags := tagged("", labels, func(k, v string) emrtypes.Tag { return emrtypes.Tag{Key: &k, Value: &v} })
	flow, err := emr.NewFromConfig(s.cfg).RunJobFlow(s.ctx, &emr.RunJobFlowInput{
		Name: aws.String("nightly"), ReleaseLabel: aws.String("emr-7.0.0"), ServiceRole: aws.String("EMR_DefaultRole"), JobFlowRole: aws.String("EMR_EC2_DefaultRole"), Tags: tags,
		Instances: &emrtypes.JobFlowInstancesConfig{
			MasterInstanceType: aws.String("m5.xlarge"), SlaveInstanceType: aws.String("m5.xlarge"), InstanceCount: aws.Int32(3), KeepJobFlowAliveWhenNoSteps: aws.Bool(true),
		},
	})
	if err != nil {
		return err
	}
	for _, region := range catalogueRegions {
		s.add(tracker.Resource{
			ID: *flow.JobFlowId, Name: aws.String("nightly"), Type: "EMR_Cluster", ARN: *flow.ClusterArn, Region: region, State: "waiting", Tags: all,
			Metadata: tracker.Metadata{"release": "emr-7.0.0", "role": "EMR_DefaultRole", "auto_terminate": false},
		})
	}
	return nil
}

// imports makes a Glue job.
func (s *seeder) imports() error {
	_, err := glue.NewFromConfig(s.cfg).CreateJob(s.ctx, &glue.CreateJobInput{
		Name: aws.String("import"), Role: aws.String(functionRole), GlueVersion: aws.String("4.0"), WorkerType: gluetypes.WorkerTypeG1x, NumberOfWorkers: aws.Int32(2), Tags: labels,
		Command: &gluetypes.JobCommand{Name: aws.String("glueetl"), ScriptLocation: aws.String("s3://tagged-" + s.region + "/import.py")},
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "import", Name: aws.String("import"), Type: "Glue_Job", ARN: s.arn("glue", "job/import"), State: "active", Tags: labels,
		Metadata: tracker.Metadata{"worker_type": "G.1X", "worker_count": 2, "glue_version": "4.0", "command": "glueetl", "role": functionRole},
	})
	return nil
}

// learning makes a notebook and an endpoint.
func (s *seeder) learning() error {
	client := sagemaker.NewFromConfig(s.cfg)
	all, tags := tagged("", labels, func(k, v string) sagemakertypes.Tag { return sagemakertypes.Tag{Key: &k, Value: &v} })
	notebook, err := client.CreateNotebookInstance(s.ctx, &sagemaker.CreateNotebookInstanceInput{
		NotebookInstanceName: aws.String("lab"), InstanceType: "ml.t3.medium", RoleArn: aws.String(functionRole), VolumeSizeInGB: aws.Int32(20), Tags: tags,
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "lab", Name: aws.String("lab"), Type: "SageMaker_Notebook", ARN: *notebook.NotebookInstanceArn, State: "inservice", Tags: all,
		Metadata: tracker.Metadata{"instance_type": "ml.t3.medium", "volume_gb": 20, "role_arn": functionRole},
	})
	_, err = client.CreateModel(s.ctx, &sagemaker.CreateModelInput{
		ModelName: aws.String("ranker"), ExecutionRoleArn: aws.String(functionRole),
		PrimaryContainer: &sagemakertypes.ContainerDefinition{Image: aws.String("ranker:1")},
	})
	if err != nil {
		return err
	}
	_, err = client.CreateEndpointConfig(s.ctx, &sagemaker.CreateEndpointConfigInput{
		EndpointConfigName: aws.String("ranker-1"),
		ProductionVariants: []sagemakertypes.ProductionVariant{{VariantName: aws.String("all"), ModelName: aws.String("ranker"), InstanceType: "ml.m5.large", InitialInstanceCount: aws.Int32(2)}},
	})
	if err != nil {
		return err
	}
	endpoint, err := client.CreateEndpoint(s.ctx, &sagemaker.CreateEndpointInput{EndpointName: aws.String("ranker"), EndpointConfigName: aws.String("ranker-1"), Tags: tags})
	if err != nil {
		return err
	}
	// An endpoint lives on without its configuration, and with one moto's tagging API fails.
	if _, err := client.DeleteEndpointConfig(s.ctx, &sagemaker.DeleteEndpointConfigInput{EndpointConfigName: aws.String("ranker-1")}); err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "ranker", Name: aws.String("ranker"), Type: "SageMaker_Endpoint", ARN: *endpoint.EndpointArn, State: "inservice", Tags: all,
		Metadata: tracker.Metadata{"config": "ranker-1"},
	})
	return nil
}

// desktops makes a WorkSpace in a directory of its own.
func (s *seeder) desktops() error {
	subnets, err := s.homes()
	if err != nil {
		return err
	}
	first, second := subnets[0], subnets[1]
	var directory struct {
		ID string `json:"DirectoryId"`
	}
	// The product has no use for the SDK's client of this service.
	err = s.post("ds", "DirectoryService_20150416.CreateDirectory", map[string]any{
		"Name": "corp.example", "Password": "Not-a-secret-1", "Size": "Small",
		"VpcSettings": map[string]any{"VpcId": *first.VpcId, "SubnetIds": []string{*first.SubnetId, *second.SubnetId}},
	}, &directory)
	if err != nil {
		return err
	}
	client := workspaces.NewFromConfig(s.cfg)
	in := &workspaces.RegisterWorkspaceDirectoryInput{DirectoryId: &directory.ID, EnableSelfService: aws.Bool(false)}
	if _, err := client.RegisterWorkspaceDirectory(s.ctx, in); err != nil {
		return err
	}
	all, tags := tagged("", labels, func(k, v string) workspacestypes.Tag { return workspacestypes.Tag{Key: &k, Value: &v} })
	out, err := client.CreateWorkspaces(s.ctx, &workspaces.CreateWorkspacesInput{Workspaces: []workspacestypes.WorkspaceRequest{{
		BundleId: aws.String("wsb-12345678"), DirectoryId: &directory.ID, UserName: aws.String("ada"), Tags: tags,
		WorkspaceProperties: &workspacestypes.WorkspaceProperties{RunningMode: workspacestypes.RunningModeAlwaysOn},
	}}})
	if err != nil {
		return err
	}
	if len(out.PendingRequests) == 0 {
		return fmt.Errorf("no WorkSpace: %s", *out.FailedRequests[0].ErrorMessage)
	}
	id := *out.PendingRequests[0].WorkspaceId
	s.add(tracker.Resource{
		ID: id, Name: aws.String("ada"), Type: "WorkSpace", ARN: s.arn("workspaces", "workspace/"+id), State: "available", Tags: all,
		Metadata: tracker.Metadata{"user": "ada", "directory_id": directory.ID, "bundle_id": "wsb-12345678"},
	})
	return nil
}

// post calls an operation of a service that speaks JSON. Moto checks no
// signature while it is seeded.
func (s *seeder) post(service, target string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(s.ctx, http.MethodPost, *s.cfg.BaseEndpoint, strings.NewReader(string(body)))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", target)
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIASEEDER/20260101/"+s.region+"/"+service+"/aws4_request, SignedHeaders=host, Signature=0")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s: %s", target, resp.Status, answer)
	}
	return json.Unmarshal(answer, out)
}
