package simulator

import (
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/consolesensei/resource-tracker/internal/aws/cloudwatchlogs"
	"github.com/consolesensei/resource-tracker/internal/aws/costexplorer"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/iam"
	"github.com/consolesensei/resource-tracker/internal/aws/lambda"
	"github.com/consolesensei/resource-tracker/internal/aws/organizations"
	"github.com/consolesensei/resource-tracker/internal/aws/rds"
	"github.com/consolesensei/resource-tracker/internal/aws/sns"
)

// service holds the operations of one AWS service that the simulator answers.
type service struct {
	name       string // as in IAM policies
	protocol   protocol
	global     bool // one endpoint for all regions
	operations operations
}

// services are keyed by the SDK's service IDs.
var services = map[string]service{
	cloudwatch.ServiceID:               {name: "cloudwatch", protocol: awsQuery, operations: cloudwatchOperations},
	cloudwatchlogs.ServiceID:           {name: "logs", protocol: awsJSON, operations: logsOperations},
	costexplorer.ServiceID:             {name: "ce", protocol: awsJSON, global: true, operations: costExplorerOperations},
	dynamodb.ServiceID:                 {name: "dynamodb", protocol: awsJSON, operations: dynamodbOperations},
	ec2.ServiceID:                      {name: "ec2", protocol: ec2Query, operations: ec2Operations},
	elasticloadbalancing.ServiceID:     {name: "elasticloadbalancing", protocol: awsQuery, operations: classicOperations},
	elasticloadbalancingv2.ServiceID:   {name: "elasticloadbalancing", protocol: awsQuery, operations: elbOperations},
	iam.ServiceID:                      {name: "iam", protocol: awsQuery, global: true, operations: iamOperations},
	lambda.ServiceID:                   {name: "lambda", protocol: restJSON, operations: lambdaOperations},
	organizations.ServiceID:            {name: "organizations", protocol: awsJSON, global: true, operations: organizationsOperations},
	rds.ServiceID:                      {name: "rds", protocol: awsQuery, operations: rdsOperations},
	resourcegroupstaggingapi.ServiceID: {name: "tag", protocol: awsJSON, operations: taggingOperations},
	s3.ServiceID:                       {name: "s3", protocol: restXML, operations: s3Operations},
	sns.ServiceID:                      {name: "sns", protocol: awsQuery, operations: snsOperations},
	sts.ServiceID:                      {name: "sts", protocol: awsQuery, operations: stsOperations},
}

// operations are keyed by the SDK's operation names.
type operations map[string]operation

type operation func(r *request, in any) (any, error)

// handle makes an operation of a function on the SDK's own input and output.
func handle[In, Out any](answer func(*request, *In) (*Out, error)) operation {
	return func(r *request, in any) (any, error) { return answer(r, in.(*In)) }
}
