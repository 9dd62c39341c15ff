output "load_balancer" {
  description = "What the name in the certificate has to point to, by CNAME or alias."
  value       = { name = aws_lb.this.dns_name, zone_id = aws_lb.this.zone_id }
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

output "cluster_name" {
  description = "Cluster of ECS."
  value       = aws_ecs_cluster.this.name
}
