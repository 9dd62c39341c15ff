package scanners

import (
	"slices"

	"github.com/consolesensei/resource-tracker/tracker"
)

// otherAPI is why a kind of a sibling service is not listed.
const otherAPI = "they have an API of their own, which no scanner calls; what is tagged may show as Other"

// uncovered are the kinds that are easily taken for a type of the Catalog but stand in
// another list, sorted. What a scan cannot show is at least named.
var uncovered = []tracker.Uncovered{
	{Kind: "Aurora DSQL clusters", Service: "dsql", Beside: "RDS_Cluster", Reason: otherAPI},
	{Kind: "DocumentDB elastic clusters", Service: "docdb-elastic", Beside: "DocumentDB_Cluster", Reason: otherAPI},
	{Kind: "ECS tasks that no service runs", Service: "ecs", Beside: "ECS_Service", Reason: "they end by themselves, and no call lists those of several clusters"},
	{Kind: "EKS Fargate profiles", Service: "eks", Beside: "EKS_Nodegroup", Reason: "they are not charged: their pods are"},
	{Kind: "EMR Serverless applications", Service: "emr-serverless", Beside: "EMR_Cluster", Reason: otherAPI},
	{Kind: "EMR virtual clusters on EKS", Service: "emr-containers", Beside: "EMR_Cluster", Reason: otherAPI},
	{Kind: "EventBridge Pipes", Service: "pipes", Beside: "EventBridge_Rule", Reason: otherAPI},
	{Kind: "EventBridge Scheduler schedules", Service: "scheduler", Beside: "EventBridge_Rule", Reason: otherAPI},
	{Kind: "Lightsail load balancers, disks, container services, buckets and distributions", Service: "lightsail", Beside: "Lightsail_Instance", Reason: "each has a list of its own, which no scanner calls"},
	{Kind: "MSK Connect connectors", Service: "kafkaconnect", Beside: "MSK_Cluster", Reason: otherAPI},
	{Kind: "MSK replicators", Service: "kafka", Beside: "MSK_Cluster", Reason: "they have a list of their own, which no scanner calls"},
	{Kind: "Neptune Analytics graphs", Service: "neptune-graph", Beside: "Neptune_Cluster", Reason: otherAPI},
	{Kind: "OpenSearch Ingestion pipelines", Service: "osis", Beside: "OpenSearch_Domain", Reason: otherAPI},
	{Kind: "OpenSearch Serverless collections", Service: "aoss", Beside: "OpenSearch_Domain", Reason: otherAPI},
	{Kind: "Redshift Serverless workgroups and namespaces", Service: "redshift-serverless", Beside: "Redshift_Cluster", Reason: otherAPI},
	{Kind: "S3 buckets on Outposts", Service: "s3-outposts", Beside: "S3_Bucket", Reason: otherAPI},
	{Kind: "S3 table buckets", Service: "s3tables", Beside: "S3_Bucket", Reason: otherAPI},
	{Kind: "S3 vector buckets", Service: "s3vectors", Beside: "S3_Bucket", Reason: otherAPI},
	{Kind: "SageMaker domains, apps, spaces and training jobs", Service: "sagemaker", Beside: "SageMaker_Endpoint", Reason: "each has a list of its own, which no scanner calls"},
	{Kind: "Timestream for InfluxDB instances", Service: "timestream-influxdb", Beside: "RDS_Instance", Reason: otherAPI},
	{Kind: "WorkSpaces Secure Browser portals", Service: "workspaces-web", Beside: "WorkSpace", Reason: otherAPI},
	{Kind: "WorkSpaces pools", Service: "workspaces", Beside: "WorkSpace", Reason: "they have a list of their own, which no scanner calls"},
}

// Uncovered returns the kinds that no Scanner lists.
func Uncovered() []tracker.Uncovered { return slices.Clone(uncovered) }
