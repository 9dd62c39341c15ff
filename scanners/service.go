package scanners

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/elasticache"
	"github.com/consolesensei/resource-tracker/internal/aws/iam"
	"github.com/consolesensei/resource-tracker/internal/aws/lambda"
	"github.com/consolesensei/resource-tracker/internal/aws/lightsail"
	"github.com/consolesensei/resource-tracker/internal/aws/rds"
	"github.com/consolesensei/resource-tracker/internal/aws/sagemaker"
)

// Service is an AWS service as scanners call it.
type Service struct {
	ID       string // what its SDK package says: sqs.ServiceID
	Prefix   string // as in endpoints and IAM actions: "sqs"
	Protocol Protocol
	// Actions names the IAM actions that are not called as the operations that need
	// them, by operation; under "*" it is the action of all others. One of another
	// prefix is there with it.
	Actions map[string]string
}

// Protocol is how a service writes its answers.
type Protocol string

// The protocols.
const (
	JSON     Protocol = "json" // REST or not
	Query    Protocol = "query"
	EC2Query Protocol = "ec2"
	XML      Protocol = "xml"
	BareXML  Protocol = "bare xml" // whose errors have no envelope
	CBOR     Protocol = "cbor"
)

// The services of many types. That of one type stands in its scanner.
var (
	serviceCloudWatch  = Service{ID: cloudwatch.ServiceID, Prefix: "cloudwatch", Protocol: CBOR}
	serviceEC2         = Service{ID: ec2.ServiceID, Prefix: "ec2", Protocol: EC2Query}
	serviceECS         = Service{ID: ecs.ServiceID, Prefix: "ecs", Protocol: JSON}
	serviceEKS         = Service{ID: eks.ServiceID, Prefix: "eks", Protocol: JSON}
	serviceELB         = Service{ID: elasticloadbalancingv2.ServiceID, Prefix: "elasticloadbalancing", Protocol: Query}
	serviceClassicELB  = Service{ID: elasticloadbalancing.ServiceID, Prefix: "elasticloadbalancing", Protocol: Query}
	serviceElastiCache = Service{ID: elasticache.ServiceID, Prefix: "elasticache", Protocol: Query}
	serviceEventBridge = Service{ID: eventbridge.ServiceID, Prefix: "events", Protocol: JSON}
	serviceIAM         = Service{ID: iam.ServiceID, Prefix: "iam", Protocol: Query}
	serviceLambda      = Service{ID: lambda.ServiceID, Prefix: "lambda", Protocol: JSON}
	serviceLightsail   = Service{ID: lightsail.ServiceID, Prefix: "lightsail", Protocol: JSON}
	serviceRDS         = Service{ID: rds.ServiceID, Prefix: "rds", Protocol: Query}
	serviceSageMaker   = Service{ID: sagemaker.ServiceID, Prefix: "sagemaker", Protocol: JSON}
	serviceTagging     = Service{ID: resourcegroupstaggingapi.ServiceID, Prefix: "tag", Protocol: JSON}
)

// others are services that only actions call.
var others = []Service{{ID: applicationautoscaling.ServiceID, Prefix: "application-autoscaling", Protocol: JSON}}

// methodsOfHTTP are the actions of API Gateway, of which scanners only need the one
// that reads.
var methodsOfHTTP = map[string]string{"*": "GET"}

// action returns the IAM action that an operation needs.
func (s Service) action(operation string) string {
	name := operation
	for _, called := range []string{"*", operation} {
		if a, ok := s.Actions[called]; ok {
			name = a
		}
	}
	if strings.Contains(name, ":") {
		return name
	}
	return s.Prefix + ":" + name
}

// Action returns how IAM calls the service of an operation, and the action that the
// operation needs, by what the SDK calls them. Both are empty for a service that nobody
// calls.
func Action(serviceID, operation string) (service, action string) {
	s, ok := called(serviceID)
	if !ok {
		return "", ""
	}
	return s.Prefix, s.action(operation)
}

// called returns the service that the SDK calls id.
func called(id string) (Service, bool) {
	for _, scanner := range Catalog {
		for _, s := range scanner.services() {
			if s.ID == id {
				return s, true
			}
		}
	}
	for _, s := range others {
		if s.ID == id {
			return s, true
		}
	}
	return Service{}, false
}

// services returns the services that s calls.
func (s Scanner) services() []Service {
	all := append([]Service{s.Service}, s.Also...)
	if s.Tagged != "" {
		all = append(all, serviceTagging)
	}
	return all
}
