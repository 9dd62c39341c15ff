package cloud

import "strings"

// prefixes are the IAM prefixes of services whose SDK name, in lower case and
// without spaces, is not their prefix.
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

// servicePrefix returns the IAM prefix of a service by its SDK name: "ec2" for
// "EC2", "logs" for "CloudWatch Logs".
func servicePrefix(serviceID string) string {
	if p, ok := prefixes[serviceID]; ok {
		return p
	}
	return strings.ToLower(strings.ReplaceAll(serviceID, " ", ""))
}
