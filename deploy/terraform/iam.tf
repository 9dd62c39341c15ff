# Each program has two roles: what it may do itself, and what ECS does to start it. The API
# may do nothing itself: it never calls AWS. Roles of other accounts trust that of the workers.

data "aws_iam_policy_document" "tasks" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.here.account_id]
    }
  }
}

resource "aws_iam_role" "api" {
  name_prefix        = "${var.name}-api-"
  description        = "AWS Resource Tracker, its API. It allows nothing."
  assume_role_policy = data.aws_iam_policy_document.tasks.json
  tags               = var.tags
}

resource "aws_iam_role" "worker" {
  name_prefix        = "${var.name}-"
  description        = "AWS Resource Tracker, its workers"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
  tags               = var.tags
}

locals {
  organization_role = lookup(var.settings, "ORGANIZATION_ROLE", "")
}

data "aws_iam_policy_document" "worker" {
  statement {
    actions   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.this["metrics"].arn}:*"]
  }

  dynamic "statement" {
    for_each = length(var.assumable_role_arns) > 0 ? [var.assumable_role_arns] : []
    content {
      actions   = ["sts:AssumeRole"]
      resources = statement.value
    }
  }

  dynamic "statement" {
    for_each = local.organization_role != "" ? ["*"] : []
    content {
      actions   = ["organizations:ListAccounts"] # AWS knows no resource for it
      resources = ["*"]
    }
  }

  dynamic "statement" {
    for_each = local.organization_role != "" ? [local.organization_role] : []
    content {
      actions   = ["sts:AssumeRole"]
      resources = ["arn:${data.aws_partition.here.partition}:iam::*:role/${statement.value}"]
      condition {
        test     = "StringEquals"
        variable = "aws:ResourceOrgID"
        values   = ["$${aws:PrincipalOrgID}"]
      }
    }
  }
}

resource "aws_iam_role_policy" "worker" {
  name_prefix = "worker-"
  role        = aws_iam_role.worker.id
  policy      = data.aws_iam_policy_document.worker.json
}

resource "aws_iam_role_policy_attachment" "worker" {
  for_each = toset(var.worker_policy_arns)

  role       = aws_iam_role.worker.name
  policy_arn = each.value
}

resource "aws_iam_role" "execution" {
  for_each = toset(["api", "worker"])

  name_prefix        = "${var.name}-start-${each.key}-"
  description        = "AWS Resource Tracker, what ECS needs to start ${each.key}"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
  tags               = var.tags
}

data "aws_iam_policy_document" "execution" {
  for_each = toset(["api", "worker"])

  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.this[each.key].arn}:*"]
  }

  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = values(local.secrets[each.key])
  }

  dynamic "statement" {
    for_each = var.ecr_repository_arn != null ? ["*"] : []
    content {
      actions   = ["ecr:GetAuthorizationToken"] # AWS knows no resource for it
      resources = ["*"]
    }
  }

  dynamic "statement" {
    for_each = var.ecr_repository_arn != null ? [var.ecr_repository_arn] : []
    content {
      actions   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
      resources = [statement.value]
    }
  }
}

resource "aws_iam_role_policy" "execution" {
  for_each = toset(["api", "worker"])

  name_prefix = "start-"
  role        = aws_iam_role.execution[each.key].id
  policy      = data.aws_iam_policy_document.execution[each.key].json
}
