# Every setting that the module hands over goes to the programs that read it, and to no other.
# settings.json is written from the programs' own table: go test ./deploy/terraform -update.
locals {
  table = jsondecode(file("${path.module}/settings.json"))

  secret_settings = [for s in local.table : s.name if s.secret]
  plain_settings  = [for s in local.table : s.name if !s.secret]
  reads           = { for program in ["api", "worker"] : program => [for s in local.table : s.name if contains(s.programs, program)] }

  fixed = {
    api = {
      HOST                   = "0.0.0.0"
      PORT                   = tostring(local.api_port)
      LOG_FORMAT             = "json"
      SHUTDOWN_GRACE_SECONDS = tostring(var.shutdown_grace_seconds)
      CREDENTIALS_RECIPIENT  = var.credentials_recipient
      SERVER_PRINCIPAL_ARN   = aws_iam_role.worker.arn
      # The load balancer connects from its subnets, and nobody else may connect.
      TRUSTED_PROXIES = join(",", [for s in data.aws_subnet.load_balancer : s.cidr_block])
    }
    worker = {
      LOG_FORMAT             = "json"
      METRICS_ADDR           = local.metrics_addr
      SHUTDOWN_GRACE_SECONDS = tostring(var.shutdown_grace_seconds)
    }
  }
  history_secret = { for key in keys(local.history) : "DATABASE_URL" => aws_secretsmanager_secret_version.database_url[key].arn }
  fixed_secrets = {
    api    = merge(local.history_secret, { REDIS_URL = aws_secretsmanager_secret_version.redis_url.arn })
    worker = merge(local.history_secret, { REDIS_URL = aws_secretsmanager_secret_version.redis_url.arn, CREDENTIALS_IDENTITY = var.credentials_identity_arn })
  }

  environment = { for program, fixed in local.fixed : program => merge(fixed, { for name, value in var.settings : name => value if contains(local.reads[program], name) }) }
  secrets     = { for program, fixed in local.fixed_secrets : program => merge(fixed, { for name, arn in var.secret_arns : name => arn if contains(local.reads[program], name) }) }

  # The form of a container's definition.
  environment_list = { for program, all in local.environment : program => [for name, value in all : { name = name, value = value }] }
  secret_list      = { for program, all in local.secrets : program => [for name, arn in all : { name = name, valueFrom = arn }] }

  api_port     = 5000
  metrics_addr = "127.0.0.1:9090"
}
