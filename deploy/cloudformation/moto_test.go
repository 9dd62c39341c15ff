package cloudformation

import (
	"encoding/json"
	"maps"
	"net/http"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/consolesensei/resource-tracker/internal/aws/cloudformation"
	cfn "github.com/consolesensei/resource-tracker/internal/aws/cloudformation/types"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/iam"
	"github.com/consolesensei/resource-tracker/internal/mototest"
)

// TestTemplatesLint: cfn-lint has neither errors nor warnings on any template.
func TestTemplatesLint(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("cfn-lint"); err != nil {
		t.Skip("cfn-lint is not installed; it comes with moto_server")
	}
	if out, err := exec.CommandContext(t.Context(), "cfn-lint", files(t)...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// standIns are types that moto's CloudFormation does not make. What refers to a resource of
// these types gets a text in its place.
var standIns = []string{
	"AWS::ApiGateway::BasePathMapping", "AWS::ApiGateway::DomainName", "AWS::ApiGateway::Stage",
	"AWS::ApplicationAutoScaling::ScalableTarget", "AWS::ApplicationAutoScaling::ScalingPolicy",
	"AWS::CloudFormation::StackSet",
	"AWS::ElastiCache::ParameterGroup", "AWS::ElastiCache::ReplicationGroup", "AWS::ElastiCache::SubnetGroup",
	"AWS::RDS::DBInstance", "AWS::SecretsManager::Secret",
}

// TestTemplatesCreate makes a stack of each template on moto, and looks at what there is then.
func TestTemplatesCreate(t *testing.T) {
	t.Parallel()
	cfg := moto(t)
	network, err := ec2.NewFromConfig(cfg).DescribeSubnets(t.Context(), nil)
	if err != nil || len(network.Subnets) < 2 {
		t.Fatalf("%v", err)
	}
	subnets := aws.ToString(network.Subnets[0].SubnetId) + "," + aws.ToString(network.Subnets[1].SubnetId)
	const (
		secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:x"
		role   = "arn:aws:iam::111122223333:role/resource-tracker-scan"
	)
	certificate, err := acm.NewFromConfig(cfg).RequestCertificate(t.Context(), &acm.RequestCertificateInput{DomainName: aws.String("tracker.example.com")})
	if err != nil {
		t.Fatal(err)
	}
	given := map[string]string{ // one file of parameters serves all templates
		"Image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/tracker:1", "VpcId": aws.ToString(network.Subnets[0].VpcId), "TaskSubnets": subnets, "WorkersStack": "workers",
		"CredentialsIdentityArn": secret, "AssumableRoleArns": role, "LoadBalancerSubnets": subnets, "ClientCidr": "10.0.0.0/8", "CertificateArn": aws.ToString(certificate.CertificateArn),
		"DatabaseUrlArn": secret, "TrustedProxies": "172.31.0.0/16", "CredentialsRecipient": "age1x", "OperatorApiKeysArn": secret, "ShutdownGraceSeconds": "55", "DomainName": "tracker.example.com",
		"TemplateUrl": "https://bucket.s3.amazonaws.com/scan-role.yaml", "TrustedPrincipalArn": role, "OrganizationId": "o-a1b2c3d4e5", "OrganizationalUnitIds": "r-ab12",
	}
	outputs := map[string]string{}
	for _, s := range []struct{ name, file string }{
		{"history", "history.yaml"}, {"workers", "workers.yaml"}, {"api", "api.yaml"}, {"lambda", "lambda.yaml"}, {"organization", "organization.yaml"}, {"roles", "../iam/scan-role.yaml"},
	} {
		maps.Copy(outputs, createStack(t, cfg, s.name, s.file, given))
		given["DatabaseSecurityGroup"] = outputs["DatabaseSecurityGroup"] // of the first
	}

	clusters := ecs.NewFromConfig(cfg)
	for _, program := range []string{"worker", "api"} {
		stack := map[string]string{"worker": "workers", "api": "api"}[program]
		out, err := clusters.DescribeTaskDefinition(t.Context(), &ecs.DescribeTaskDefinitionInput{TaskDefinition: aws.String(stack + "-" + program)})
		if err != nil {
			t.Fatal(err)
		}
		c := out.TaskDefinition.ContainerDefinitions[0]
		var secrets []string
		for _, s := range c.Secrets {
			secrets = append(secrets, aws.ToString(s.Name))
		}
		want := map[string][]string{"worker": {"REDIS_URL", "CREDENTIALS_IDENTITY", "DATABASE_URL"}, "api": {"REDIS_URL", "OPERATOR_API_KEYS", "DATABASE_URL"}}[program]
		if !slices.Equal(secrets, want) {
			t.Errorf("%s has the secrets %v, want %v", program, secrets, want)
		}
		grace := slices.IndexFunc(c.Environment, func(v ecstypes.KeyValuePair) bool { return aws.ToString(v.Name) == "SHUTDOWN_GRACE_SECONDS" })
		if grace < 0 || aws.ToString(c.Environment[grace].Value) != "55" {
			t.Errorf("%s has %v", program, c.Environment)
		}
	}
	redis, err := ec2.NewFromConfig(cfg).DescribeSecurityGroups(t.Context(), &ec2.DescribeSecurityGroupsInput{GroupIds: []string{outputs["RedisSecurityGroup"]}})
	if err != nil {
		t.Fatal(err)
	}
	reach := 0
	for _, p := range redis.SecurityGroups[0].IpPermissions {
		if aws.ToInt32(p.FromPort) != 6379 || len(p.IpRanges)+len(p.Ipv6Ranges) > 0 {
			t.Errorf("Redis is reached by %v", p)
		}
		reach += len(p.UserIdGroupPairs)
	}
	if reach != 3 {
		t.Errorf("%d groups reach Redis: workers, API and Lambda are three", reach)
	}

	worker := outputs["WorkerRoleArn"][strings.LastIndex(outputs["WorkerRoleArn"], "/")+1:]
	policy, err := iam.NewFromConfig(cfg).GetRolePolicy(t.Context(), &iam.GetRolePolicyInput{RoleName: &worker, PolicyName: aws.String("roles")})
	if err != nil || !strings.Contains(aws.ToString(policy.PolicyDocument), "resource-tracker-scan") {
		t.Errorf("workers may not assume the role: %v, %v", policy, err)
	}
}

// moto starts a moto_server, an AWS over HTTP, and returns the way to it.
func moto(t *testing.T) aws.Config {
	t.Helper()
	cfg := mototest.Start(t)
	cfg.HTTPClient.(*http.Client).Timeout = 2 * time.Minute // a stack takes a while
	return cfg
}

// createStack makes a stack, and returns its outputs.
func createStack(t *testing.T, cfg aws.Config, name, file string, given map[string]string) map[string]string {
	t.Helper()
	template, err := Read(file)
	if err != nil {
		t.Fatal(err)
	}
	made := standIn(template, given)
	body, err := json.Marshal(template)
	if err != nil {
		t.Fatal(err)
	}
	in := &cloudformation.CreateStackInput{StackName: &name, TemplateBody: aws.String(string(body)), Capabilities: []cfn.Capability{cfn.CapabilityCapabilityNamedIam}}
	for key := range template["Parameters"].(map[string]any) {
		if value, ok := given[key]; ok {
			in.Parameters = append(in.Parameters, cfn.Parameter{ParameterKey: aws.String(key), ParameterValue: aws.String(value)})
		}
	}
	client := cloudformation.NewFromConfig(cfg)
	if _, err := client.CreateStack(t.Context(), in); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	stacks, err := client.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: &name})
	if err != nil || stacks.Stacks[0].StackStatus != cfn.StackStatusCreateComplete {
		t.Fatalf("%s: %v %v", file, stacks, err)
	}
	resources, err := client.DescribeStackResources(t.Context(), &cloudformation.DescribeStackResourcesInput{StackName: &name})
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, r := range resources.StackResources {
		there[aws.ToString(r.LogicalResourceId)] = true
	}
	for _, id := range made {
		// moto gives a rule of a group no name.
		if rule := at(template, "Resources", id, "Type") == "AWS::EC2::SecurityGroupIngress"; !there[id] && !rule {
			t.Errorf("%s: %s was not made", file, id)
		}
	}
	outputs := map[string]string{}
	for _, o := range stacks.Stacks[0].Outputs {
		outputs[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
	}
	return outputs
}

// standIn takes resources that moto does not make out of a template, with a text in place of
// what refers to them, and returns the resources that are left. Of lists it leaves out what
// AWS::NoValue would, which moto keeps as nothing.
func standIn(template map[string]any, given map[string]string) (made []string) {
	resources := template["Resources"].(map[string]any)
	gone := map[string]bool{}
	for id, r := range resources {
		resource := r.(map[string]any)
		if slices.Contains(standIns, resource["Type"].(string)) {
			gone[id] = true
			delete(resources, id)
		} else if condition, some := resource["Condition"].(string); !some || holds(template, given, at(template, "Conditions", condition)) == true {
			made = append(made, id)
		}
	}
	inText := regexp.MustCompile(`\$\{([A-Za-z]+)(\.[A-Za-z.]+)?\}`)
	var replace func(v any) any
	replace = func(v any) any {
		switch v := v.(type) {
		case map[string]any:
			id, _ := v["Ref"].(string)
			if get, ok := v["Fn::GetAtt"].([]any); ok {
				id, _ = get[0].(string)
			}
			if gone[id] {
				return "stand-in-" + id
			}
			if after, ok := v["DependsOn"].([]any); ok {
				v["DependsOn"] = slices.DeleteFunc(after, func(id any) bool { return gone[id.(string)] })
			}
			for k, inner := range v {
				v[k] = replace(inner)
			}
		case []any:
			v = slices.DeleteFunc(v, func(inner any) bool {
				choice := list(at(inner, "Fn::If"))
				return len(choice) == 3 && at(choice[2], "Ref") == "AWS::NoValue" && holds(template, given, at(template, "Conditions", choice[0].(string))) != true
			})
			for i, inner := range v {
				v[i] = replace(inner)
			}
			return v
		case string:
			return inText.ReplaceAllStringFunc(v, func(ref string) string {
				if id := inText.FindStringSubmatch(ref)[1]; gone[id] {
					return "stand-in-" + id
				}
				return ref
			})
		}
		return v
	}
	replace(template)
	if len(resources) == 0 { // a stack has one at least
		resources["Nothing"] = map[string]any{"Type": "AWS::SNS::Topic"}
	}
	return made
}

// holds is the value of a condition, or of what it compares.
func holds(template map[string]any, given map[string]string, v any) any {
	if equals := list(at(v, "Fn::Equals")); equals != nil {
		return holds(template, given, equals[0]) == holds(template, given, equals[1])
	}
	if not := list(at(v, "Fn::Not")); not != nil {
		return holds(template, given, not[0]) == false
	}
	if join := list(at(v, "Fn::Join")); join != nil {
		return holds(template, given, join[1])
	}
	if name, ok := at(v, "Ref").(string); ok {
		if value, ok := given[name]; ok {
			return value
		}
		return at(template, "Parameters", name, "Default")
	}
	return v
}
