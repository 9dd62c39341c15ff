# The history of scans is in PostgreSQL, where there is one. Its password and URL are in the state of
# Terraform, as those of Redis are.

locals {
  history = var.history == null ? {} : { this = var.history }
}

resource "random_password" "history" {
  for_each = local.history

  length  = 48
  special = false
}

resource "aws_db_subnet_group" "history" {
  for_each = local.history

  name       = "${var.name}-history"
  subnet_ids = var.task_subnet_ids
  tags       = var.tags
}

resource "aws_db_parameter_group" "history" {
  for_each = local.history

  name   = "${var.name}-history"
  family = "postgres17"
  tags   = var.tags

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

resource "aws_db_instance" "history" {
  for_each = local.history

  identifier                      = "${var.name}-history"
  engine                          = "postgres"
  engine_version                  = "17"
  instance_class                  = each.value.class
  db_name                         = each.value.snapshot == null ? "tracker" : null
  snapshot_identifier             = each.value.snapshot
  username                        = each.value.snapshot == null ? "tracker" : null
  password                        = random_password.history[each.key].result
  allocated_storage               = each.value.storage_gib
  max_allocated_storage           = each.value.storage_max_gib
  storage_type                    = "gp3"
  storage_encrypted               = true
  multi_az                        = each.value.multi_az
  publicly_accessible             = false
  db_subnet_group_name            = aws_db_subnet_group.history[each.key].name
  parameter_group_name            = aws_db_parameter_group.history[each.key].name
  vpc_security_group_ids          = [aws_security_group.this["history"].id]
  backup_retention_period         = each.value.backup_days
  copy_tags_to_snapshot           = true
  deletion_protection             = each.value.deletion_protect
  final_snapshot_identifier       = "${var.name}-history-last"
  enabled_cloudwatch_logs_exports = ["postgresql"]
  tags                            = var.tags
}

resource "aws_secretsmanager_secret" "database_url" {
  for_each = local.history

  name_prefix = "${var.name}-database-url-"
  description = "DATABASE_URL of AWS Resource Tracker"
  tags        = var.tags
}

resource "aws_secretsmanager_secret_version" "database_url" {
  for_each = local.history

  secret_id     = aws_secretsmanager_secret.database_url[each.key].id
  secret_string = "postgres://tracker:${random_password.history[each.key].result}@${aws_db_instance.history[each.key].endpoint}/tracker?sslmode=require"
}
