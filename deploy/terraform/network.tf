# Clients → load balancer → API → Redis, PostgreSQL ← workers. Nobody connects to a worker.

data "aws_subnet" "load_balancer" {
  for_each = toset(var.load_balancer_subnet_ids)
  id       = each.value
}

resource "aws_security_group" "this" {
  for_each = toset(concat(["load-balancer", "api", "worker", "redis"], keys(local.history_port)))

  name        = "${var.name}-${each.key}"
  description = "AWS Resource Tracker, ${each.key}"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-${each.key}" })
}

locals {
  # Tasks reach 443 everywhere: ECS pulls images, reads secrets and writes logs from their addresses.
  anywhere = {
    api-https      = { from = "api", port = 443, what = "ECS and OIDC_ISSUER" }
    worker-https   = { from = "worker", port = 443, what = "AWS and webhooks" }
    worker-webhook = { from = "worker", port = 8443, what = "webhooks" }
    worker-smtps   = { from = "worker", port = 465, what = "SMTP_URL" }
    worker-smtp    = { from = "worker", port = 587, what = "SMTP_URL" }
  }
  # A database of somebody else's may be anywhere.
  elsewhere = !contains(keys(var.secret_arns), "DATABASE_URL") ? {} : {
    api-database    = { from = "api", port = 5432, what = "DATABASE_URL" }
    worker-database = { from = "worker", port = 5432, what = "DATABASE_URL" }
  }
  history_port = var.history == null ? {} : { history = 5432 }
  inside = merge({
    load-balancer-api = { from = "load-balancer", to = "api", port = local.api_port }
    api-redis         = { from = "api", to = "redis", port = 6379 }
    worker-redis      = { from = "worker", to = "redis", port = 6379 }
    }, merge([for to, port in local.history_port : {
      api-history    = { from = "api", to = to, port = port }
      worker-history = { from = "worker", to = to, port = port }
  }]...))
}

resource "aws_vpc_security_group_ingress_rule" "clients" {
  for_each = toset(var.client_cidrs)

  security_group_id = aws_security_group.this["load-balancer"].id
  description       = "clients"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "anywhere" {
  for_each = merge(local.anywhere, local.elsewhere)

  security_group_id = aws_security_group.this[each.value.from].id
  description       = each.value.what
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "inside" {
  for_each = local.inside

  security_group_id            = aws_security_group.this[each.value.from].id
  description                  = each.value.to
  referenced_security_group_id = aws_security_group.this[each.value.to].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_ingress_rule" "inside" {
  for_each = local.inside

  security_group_id            = aws_security_group.this[each.value.to].id
  description                  = each.value.from
  referenced_security_group_id = aws_security_group.this[each.value.from].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}
