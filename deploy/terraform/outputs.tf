output "load_balancer" {
  description = "What the name in the certificate has to point to, by CNAME or alias; null without a load balancer."
  value       = one([for b in aws_lb.this : { name = b.dns_name, zone_id = b.zone_id }])
}

output "worker_role_arn" {
  description = "What roles of other accounts trust."
  value       = aws_iam_role.worker.arn
}

output "redis_url_arn" {
  description = "Secret with REDIS_URL."
  value       = aws_secretsmanager_secret.redis_url.arn
}

output "redis_security_group_id" {
  description = "Who else may reach Redis has a rule of this group."
  value       = aws_security_group.this["redis"].id
}

output "history_security_group_id" {
  description = "Who else may reach the history's PostgreSQL has a rule of this group; null without one."
  value       = one([for name, g in aws_security_group.this : g.id if name == "history"])
}

output "cluster_name" {
  description = "Cluster of ECS."
  value       = aws_ecs_cluster.this.name
}

output "lambda" {
  description = "What modules/lambda is told of the service."
  value = {
    vpc_id                  = var.vpc_id
    subnet_ids              = var.task_subnet_ids
    redis_security_group_id = aws_security_group.this["redis"].id
    history                 = one([for name, g in aws_security_group.this : { security_group_id = g.id } if name == "history"])
    secret_arns             = local.secrets["api"]
    # Lambda's instances are reached by their adapter only, which connects from their own machine.
    environment = merge(local.environment["api"], {
      HOST            = "127.0.0.1"
      TRUSTED_PROXIES = "127.0.0.1"
      # One request at a time.
      MAX_CONNECTIONS             = "16"
      MAX_CONNECTIONS_PER_ADDRESS = "16"
      # Lambda takes 6 MB, in a coding that makes a body a third longer.
      MAX_BODY_BYTES = "4194304"
    })
  }
}
