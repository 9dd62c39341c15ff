package cloud

import "strings"

// prefixes are the IAM prefixes of services that differ from the SDK's name in
// lower case without spaces.
var prefixes = map[string]string{
	"ApiGatewayV2":                "apigateway",
	"Application Auto Scaling":    "application-autoscaling",
	"CloudWatch Logs":             "logs",
	"Cognito Identity Provider":   "cognito-idp",
	"Compute Optimizer":           "compute-optimizer",
	"Cost Explorer":               "ce",
	"DocDB":                       "rds",
	"EFS":                         "elasticfilesystem",
	"EMR":                         "elasticmapreduce",
	"Elastic Load Balancing v2":   "elasticloadbalancing",
	"Elasticsearch Service":       "es",
	"EventBridge":                 "events",
	"Neptune":                     "rds",
	"OpenSearch":                  "es",
	"Redshift Serverless":         "redshift-serverless",
	"Resource Groups Tagging API": "tag",
	"SFN":                         "states",
}

// actionOf returns the IAM action that a call needs. It has the name of the
// call, but for these exceptions (service authorization reference).
func actionOf(service, operation string) string {
	switch {
	case service == "apigateway":
		return "apigateway:GET" // its actions are methods of HTTP, and only reads are made
	case service == "s3" && operation == "ListBuckets":
		return "s3:ListAllMyBuckets"
	}
	return service + ":" + operation
}

// servicePrefix returns the IAM prefix of a service by its SDK name: "ec2" for
// "EC2", "logs" for "CloudWatch Logs".
func servicePrefix(serviceID string) string {
	if p, ok := prefixes[serviceID]; ok {
		return p
	}
	return strings.ToLower(strings.ReplaceAll(serviceID, " ", ""))
}
