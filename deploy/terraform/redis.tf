# Everything that is kept is in Redis. Its password and URL are secrets; they are in the state
# of Terraform too, which therefore has to lie where only few may read it.

resource "random_password" "redis" {
  length  = 64
  special = false
}

resource "aws_elasticache_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.task_subnet_ids
  tags       = var.tags
}

resource "aws_elasticache_parameter_group" "this" {
  name   = var.name
  family = "valkey7"
  tags   = var.tags

  # Jobs live only here: nothing may be evicted.
  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }
  # A primary that is cut off from both replicas refuses what would be lost.
  parameter {
    name  = "min-replicas-to-write"
    value = local.replicated ? "1" : "0"
  }
  parameter {
    name  = "min-replicas-max-lag"
    value = "10"
  }
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id       = var.name
  description                = "Redis of AWS Resource Tracker"
  engine                     = "valkey"
  engine_version             = "7.2"
  node_type                  = var.cache.node_type
  num_cache_clusters         = var.cache.nodes
  parameter_group_name       = aws_elasticache_parameter_group.this.name
  subnet_group_name          = aws_elasticache_subnet_group.this.name
  security_group_ids         = [aws_security_group.this["redis"].id]
  automatic_failover_enabled = local.replicated
  multi_az_enabled           = local.replicated
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  auth_token                 = random_password.redis.result
  snapshot_name              = var.cache.snapshot_name
  snapshot_retention_limit   = var.cache.snapshot_days
  final_snapshot_identifier  = "${var.name}-last"
  apply_immediately          = true
  tags                       = var.tags
}

resource "aws_secretsmanager_secret" "redis_url" {
  name_prefix = "${var.name}-redis-url-"
  description = "REDIS_URL of AWS Resource Tracker"
  tags        = var.tags
}

resource "aws_secretsmanager_secret_version" "redis_url" {
  secret_id     = aws_secretsmanager_secret.redis_url.id
  secret_string = "rediss://default:${random_password.redis.result}@${aws_elasticache_replication_group.this.primary_endpoint_address}:6379/0"
}

locals {
  replicated = var.cache.nodes > 1
}
