# AWS Resource Tracker on ECS Fargate: the API behind a load balancer, workers that follow
# the queue, and a Redis of their own. It is what deploy/cloudformation describes, as a module.
#
# Networks are in network.tf, Redis in redis.tf, roles in iam.tf, the programs in workers.tf
# and api.tf, and what they are told in settings.tf. modules/roles has the roles of accounts that
# are scanned. docs/aws.md tells how to deploy it.

data "aws_region" "here" {}
data "aws_partition" "here" {}
data "aws_caller_identity" "here" {}

resource "aws_ecs_cluster" "this" {
  name = var.name
  tags = var.tags
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = toset(["api", "worker", "metrics"])

  name              = "/${var.name}/${each.key}"
  retention_in_days = var.log_retention_days
  tags              = var.tags
}
