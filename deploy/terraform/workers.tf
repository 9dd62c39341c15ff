resource "aws_ecs_task_definition" "worker" {
  family                   = "${var.name}-worker"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.workers.cpu
  memory                   = var.workers.memory
  task_role_arn            = aws_iam_role.worker.arn
  execution_role_arn       = aws_iam_role.execution["worker"].arn
  tags                     = var.tags

  runtime_platform {
    cpu_architecture        = var.architecture
    operating_system_family = "LINUX"
  }

  container_definitions = jsonencode([
    {
      name                   = "worker"
      image                  = var.image
      command                = ["/usr/local/bin/worker"]
      essential              = true
      readonlyRootFilesystem = true
      user                   = "65532:65532"
      linuxParameters        = { capabilities = { drop = ["ALL"] } }
      stopTimeout            = var.shutdown_grace_seconds + 5
      healthCheck            = { command = ["CMD", "/usr/local/bin/worker", "healthcheck"], interval = 30, timeout = 10, retries = 5, startPeriod = 60 }
      environment            = local.environment_list["worker"]
      secrets                = local.secret_list["worker"]
      logConfiguration       = { logDriver = "awslogs", options = merge(local.log_options["worker"], { "awslogs-stream-prefix" = "worker" }) }
    },
    # It reads the length of the queues from the worker's metrics, which are the same on
    # every worker, and writes the sum as a metric of CloudWatch. Without it workers go on.
    {
      name                   = "collector"
      image                  = var.collector_image
      essential              = false
      readonlyRootFilesystem = true
      memory                 = 256
      environment            = [{ name = "AOT_CONFIG_CONTENT", value = yamlencode(local.collector) }]
      logConfiguration       = { logDriver = "awslogs", options = merge(local.log_options["worker"], { "awslogs-stream-prefix" = "collector" }) }
    },
  ])
}

locals {
  log_options = {
    for program in ["api", "worker"] : program => {
      "awslogs-group"  = aws_cloudwatch_log_group.this[program].name
      "awslogs-region" = data.aws_region.here.region
    }
  }

  waiting_metric = "resource_tracker_queue_tasks"
  workers_metric = "resource_tracker_workers"

  collector = {
    receivers = {
      prometheus = {
        config = {
          scrape_configs = [{
            job_name        = "tracker-worker"
            scrape_interval = "30s"
            static_configs  = [{ targets = [local.metrics_addr], labels = { stack = var.name } }]
            metric_relabel_configs = [{
              source_labels = ["__name__", "state"]
              regex         = "${local.waiting_metric};pending|${local.workers_metric};"
              action        = "keep"
            }]
          }]
        }
      }
    }
    processors = {
      metricstransform = {
        transforms = [{
          include    = local.waiting_metric
          action     = "update"
          operations = [{ action = "aggregate_labels", label_set = ["stack"], aggregation_type = "sum" }]
        }]
      }
    }
    exporters = {
      awsemf = {
        region                  = data.aws_region.here.region
        namespace               = "ResourceTracker"
        log_group_name          = aws_cloudwatch_log_group.this["metrics"].name
        log_stream_name         = "workers"
        dimension_rollup_option = "NoDimensionRollup"
        metric_declarations = [{
          dimensions            = [["stack"]]
          metric_name_selectors = ["^${local.waiting_metric}$", "^${local.workers_metric}$"]
        }]
      }
    }
    service = { pipelines = { metrics = { receivers = ["prometheus"], processors = ["metricstransform"], exporters = ["awsemf"] } } }
  }
}

resource "aws_ecs_service" "worker" {
  name                               = "${var.name}-worker"
  cluster                            = aws_ecs_cluster.this.id
  task_definition                    = aws_ecs_task_definition.worker.arn
  desired_count                      = var.workers.min
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  propagate_tags                     = "SERVICE"
  wait_for_steady_state              = true
  tags                               = var.tags

  capacity_provider_strategy {
    capacity_provider = var.workers.spot ? "FARGATE_SPOT" : "FARGATE"
    weight            = 1
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    assign_public_ip = var.assign_public_ip
    security_groups  = [aws_security_group.this["worker"].id]
    subnets          = var.task_subnet_ids
  }

  depends_on = [
    aws_ecs_cluster_capacity_providers.this,
    aws_iam_role_policy.execution,
    aws_vpc_security_group_ingress_rule.inside,
  ]

  lifecycle {
    ignore_changes = [desired_count] # the scaling's
  }
}

# As many workers as the queue asks for. The backlog of each is held at backlog_per_worker.
resource "aws_appautoscaling_target" "worker" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${aws_ecs_cluster.this.name}/${aws_ecs_service.worker.name}"
  min_capacity       = var.workers.min
  max_capacity       = var.workers.max
  tags               = var.tags
}

resource "aws_appautoscaling_policy" "backlog" {
  name               = "${var.name}-backlog"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.worker.service_namespace
  scalable_dimension = aws_appautoscaling_target.worker.scalable_dimension
  resource_id        = aws_appautoscaling_target.worker.resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = var.workers.backlog_per_worker
    scale_out_cooldown = 60
    scale_in_cooldown  = 300 # a scan is through in minutes

    customized_metric_specification {
      metrics {
        id          = "waiting"
        return_data = false
        metric_stat {
          stat = "Maximum"
          metric {
            namespace   = "ResourceTracker"
            metric_name = local.waiting_metric
            dimensions {
              name  = "stack"
              value = var.name
            }
          }
        }
      }
      metrics {
        id          = "workers"
        return_data = false
        metric_stat {
          stat = "Maximum"
          metric {
            namespace   = "ResourceTracker"
            metric_name = local.workers_metric
            dimensions {
              name  = "stack"
              value = var.name
            }
          }
        }
      }
      metrics {
        id          = "each"
        expression  = "waiting / workers"
        label       = "tasks that wait for each worker"
        return_data = true
      }
    }
  }
}

resource "aws_appautoscaling_policy" "cpu" {
  name               = "${var.name}-cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.worker.service_namespace
  scalable_dimension = aws_appautoscaling_target.worker.scalable_dimension
  resource_id        = aws_appautoscaling_target.worker.resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = 70
    scale_out_cooldown = 60
    scale_in_cooldown  = 300

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}
