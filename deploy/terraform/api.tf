# The API on Fargate, where there are subnets for its load balancer. Without them there is none,
# and modules/lambda has the API.
locals {
  serves = length(var.load_balancer_subnet_ids) > 0 ? 1 : 0
}

resource "aws_ecs_task_definition" "api" {
  count = local.serves

  family                   = "${var.name}-api"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.api.cpu
  memory                   = var.api.memory
  task_role_arn            = aws_iam_role.api.arn
  execution_role_arn       = aws_iam_role.execution["api"].arn
  tags                     = var.tags

  runtime_platform {
    cpu_architecture        = var.architecture
    operating_system_family = "LINUX"
  }

  container_definitions = jsonencode([
    {
      name                   = "api"
      image                  = var.image
      command                = ["/usr/local/bin/api"]
      essential              = true
      readonlyRootFilesystem = true
      user                   = "65532:65532"
      linuxParameters        = { capabilities = { drop = ["ALL"] } }
      stopTimeout            = var.shutdown_grace_seconds + 5
      portMappings           = [{ containerPort = local.api_port, protocol = "tcp" }]
      # It asks whether Redis takes writes, and ECS replaces what fails it. So a failover,
      # which takes a minute, must not fail it, and five minutes do.
      healthCheck      = { command = ["CMD", "/usr/local/bin/api", "healthcheck"], interval = 30, timeout = 10, retries = 10, startPeriod = 60 }
      environment      = local.environment_list["api"]
      secrets          = local.secret_list["api"]
      logConfiguration = { logDriver = "awslogs", options = merge(local.log_options["api"], { "awslogs-stream-prefix" = "api" }) }
    },
  ])
}

resource "aws_lb" "this" {
  count = local.serves

  name               = var.name
  internal           = var.load_balancer_internal
  load_balancer_type = "application"
  security_groups    = [aws_security_group.this["load-balancer"].id]
  subnets            = var.load_balancer_subnet_ids
  tags               = var.tags

  drop_invalid_header_fields = true
  # Longer than the minute that a request may wait for, and than the 15 s between heartbeats
  # of a stream. Shorter than the two minutes after which the API closes an idle connection,
  # so that it closes none that the load balancer is about to use.
  idle_timeout = 100
}

resource "aws_lb_target_group" "api" {
  count = local.serves

  name                 = "${var.name}-api"
  vpc_id               = var.vpc_id
  target_type          = "ip"
  port                 = local.api_port
  protocol             = "HTTP"
  deregistration_delay = 30
  tags                 = var.tags

  # ECS replaces what fails this check too, and a Redis that is away is no reason to: not /ready.
  health_check {
    path                = "/health"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
    matcher             = "200"
  }
}

resource "aws_lb_listener" "https" {
  count = local.serves

  load_balancer_arn = aws_lb.this[0].arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn
  tags              = var.tags

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.api[0].arn
  }
}

resource "aws_ecs_service" "api" {
  count = local.serves

  name                               = "${var.name}-api"
  cluster                            = aws_ecs_cluster.this.id
  task_definition                    = aws_ecs_task_definition.api[0].arn
  desired_count                      = var.api.tasks
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  health_check_grace_period_seconds  = 60
  propagate_tags                     = "SERVICE"
  tags                               = var.tags

  capacity_provider_strategy {
    capacity_provider = "FARGATE"
    weight            = 1
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  load_balancer {
    container_name   = "api"
    container_port   = local.api_port
    target_group_arn = aws_lb_target_group.api[0].arn
  }

  network_configuration {
    assign_public_ip = var.assign_public_ip
    security_groups  = [aws_security_group.this["api"].id]
    subnets          = var.task_subnet_ids
  }

  # Of an upgrade, workers come first: docs/operations.md, Upgrade.
  depends_on = [aws_ecs_service.worker, aws_lb_listener.https]
}
