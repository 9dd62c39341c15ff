# The API on Lambda behind API Gateway, in place of the one on Fargate: it is what
# deploy/cloudformation/lambda.yaml describes. docs/aws.md tells what is different on Lambda.
#
# The function's environment holds the API's secrets, and so does the state of Terraform.

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.25"
    }
  }
}

data "aws_region" "here" {}
data "aws_partition" "here" {}
data "aws_caller_identity" "here" {}

data "aws_secretsmanager_secret_version" "api" {
  for_each = var.service.secret_arns

  secret_id = each.value
}

resource "aws_security_group" "function" {
  name        = "${var.name}-lambda"
  description = "AWS Resource Tracker, its API on Lambda"
  vpc_id      = var.service.vpc_id
  tags        = var.tags
}

resource "aws_vpc_security_group_egress_rule" "issuer" {
  security_group_id = aws_security_group.function.id
  description       = "OIDC_ISSUER"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "redis" {
  security_group_id            = aws_security_group.function.id
  description                  = "Redis"
  referenced_security_group_id = var.service.redis_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
}

resource "aws_vpc_security_group_ingress_rule" "redis" {
  security_group_id            = var.service.redis_security_group_id
  description                  = "the API on Lambda"
  referenced_security_group_id = aws_security_group.function.id
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
}

locals {
  # How often there is one is known before its group is.
  history = var.service.history == null ? {} : { this = var.service.history }
}

resource "aws_vpc_security_group_egress_rule" "history" {
  for_each = local.history

  security_group_id            = aws_security_group.function.id
  description                  = "the history"
  referenced_security_group_id = each.value.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_vpc_security_group_ingress_rule" "history" {
  for_each = local.history

  security_group_id            = each.value.security_group_id
  description                  = "the API on Lambda"
  referenced_security_group_id = aws_security_group.function.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_cloudwatch_log_group" "function" {
  name              = "/${var.name}/lambda"
  retention_in_days = var.log_retention_days
  tags              = var.tags
}

data "aws_iam_policy_document" "lambda" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

locals {
  network = [
    "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses",
  ]
}

data "aws_iam_policy_document" "run" {
  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.function.arn}:*"]
  }

  # Lambda puts the function into the subnets with its role.
  statement {
    actions   = local.network
    resources = ["*"]
  }

  # The function's own code gets none of that: its calls carry its ARN.
  statement {
    effect    = "Deny"
    actions   = local.network
    resources = ["*"]
    condition {
      test     = "ArnLike"
      variable = "lambda:SourceFunctionArn"
      values   = ["arn:${data.aws_partition.here.partition}:lambda:${data.aws_region.here.region}:${data.aws_caller_identity.here.account_id}:function:*"]
    }
  }
}

resource "aws_iam_role" "function" {
  name_prefix        = "${var.name}-lambda-"
  description        = "AWS Resource Tracker, its API on Lambda. It allows what Lambda needs, and the API nothing."
  assume_role_policy = data.aws_iam_policy_document.lambda.json
  tags               = var.tags
}

resource "aws_iam_role_policy" "function" {
  name_prefix = "run-"
  role        = aws_iam_role.function.id
  policy      = data.aws_iam_policy_document.run.json
}

resource "aws_lambda_function" "api" {
  function_name                  = "${var.name}-api"
  description                    = "API of AWS Resource Tracker"
  package_type                   = "Image"
  image_uri                      = var.image
  architectures                  = [var.architecture == "ARM64" ? "arm64" : "x86_64"]
  role                           = aws_iam_role.function.arn
  memory_size                    = var.memory
  reserved_concurrent_executions = var.functions_max
  kms_key_arn                    = var.environment_key_arn
  tags                           = var.tags

  # A client that leaves does not end its invocation, so what it left behind is paid for as
  # long. Requests wait for a minute at most; clients take up streams that end.
  timeout = 120

  environment {
    variables = merge(
      { for name, value in var.service.environment : name => value if name != "SHUTDOWN_GRACE_SECONDS" },
      { for name, secret in data.aws_secretsmanager_secret_version.api : name => secret.secret_string },
      # The Lambda Web Adapter, in the image, calls the API as a browser would.
      {
        AWS_LWA_PORT                 = var.service.environment["PORT"]
        AWS_LWA_READINESS_CHECK_PATH = "/health"
        AWS_LWA_INVOKE_MODE          = "response_stream"
      },
    )
  }

  vpc_config {
    security_group_ids = [aws_security_group.function.id]
    subnet_ids         = var.service.subnet_ids
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.function.name
  }

  depends_on = [aws_iam_role_policy.function, aws_vpc_security_group_ingress_rule.redis]
}

# A REST API, since an HTTP API streams nothing. It answers under the name only: links and
# sessions of the API know no path of a stage.
resource "aws_api_gateway_rest_api" "this" {
  name                         = var.name
  description                  = "API of AWS Resource Tracker"
  disable_execute_api_endpoint = true
  binary_media_types           = ["*/*"]
  tags                         = var.tags

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_resource" "path" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_rest_api.this.root_resource_id
  path_part   = "{path+}"
}

locals {
  paths = {
    root = aws_api_gateway_rest_api.this.root_resource_id
    path = aws_api_gateway_resource.path.id
  }
}

resource "aws_api_gateway_method" "any" {
  for_each = local.paths

  rest_api_id   = aws_api_gateway_rest_api.this.id
  resource_id   = each.value
  http_method   = "ANY"
  authorization = "NONE" # the API authenticates its callers itself
}

resource "aws_api_gateway_integration" "function" {
  for_each = local.paths

  rest_api_id             = aws_api_gateway_rest_api.this.id
  resource_id             = each.value
  http_method             = aws_api_gateway_method.any[each.key].http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  response_transfer_mode  = "STREAM"
  timeout_milliseconds    = 120000
  uri                     = "arn:${data.aws_partition.here.partition}:apigateway:${data.aws_region.here.region}:lambda:path/2021-11-15/functions/${aws_lambda_function.api.arn}/response-streaming-invocations"
}

resource "aws_api_gateway_deployment" "this" {
  rest_api_id = aws_api_gateway_rest_api.this.id

  triggers = {
    integrations = sha1(jsonencode([for i in aws_api_gateway_integration.function : [i.uri, i.timeout_milliseconds, i.response_transfer_mode]]))
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "live" {
  rest_api_id   = aws_api_gateway_rest_api.this.id
  deployment_id = aws_api_gateway_deployment.this.id
  stage_name    = "live"
  tags          = var.tags
}

resource "aws_lambda_permission" "gateway" {
  function_name = aws_lambda_function.api.function_name
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.this.execution_arn}/*"
}

resource "aws_api_gateway_domain_name" "this" {
  domain_name              = var.domain_name
  regional_certificate_arn = var.certificate_arn
  security_policy          = "TLS_1_2"
  tags                     = var.tags

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_base_path_mapping" "this" {
  domain_name = aws_api_gateway_domain_name.this.domain_name
  api_id      = aws_api_gateway_rest_api.this.id
  stage_name  = aws_api_gateway_stage.live.stage_name
}
