# The service in a VPC that exists, with a name and a certificate, and the role with which it
# scans its own account.

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.25"
    }
  }
}

provider "aws" {
  region = "eu-central-1"
}

variable "vpc_id" { type = string }
variable "private_subnet_ids" { type = list(string) }
variable "public_subnet_ids" { type = list(string) }
variable "certificate_arn" { type = string }
variable "zone_id" { type = string }
variable "external_id" {
  type      = string
  sensitive = true
}
variable "credentials_recipient" { type = string }
variable "credentials_identity_arn" { type = string }
variable "operator_keys_arn" { type = string }

locals {
  domain = "tracker.example.com"
}

data "aws_caller_identity" "here" {}

module "tracker" {
  source = "../.."

  image                    = "ghcr.io/consolesensei/resource-tracker:VERSION"
  vpc_id                   = var.vpc_id
  task_subnet_ids          = var.private_subnet_ids
  load_balancer_subnet_ids = var.public_subnet_ids
  load_balancer_internal   = false
  client_cidrs             = ["203.0.113.0/24"]
  certificate_arn          = var.certificate_arn

  credentials_recipient    = var.credentials_recipient
  credentials_identity_arn = var.credentials_identity_arn
  secret_arns              = { OPERATOR_API_KEYS = var.operator_keys_arn }
  assumable_role_arns      = ["arn:aws:iam::${data.aws_caller_identity.here.account_id}:role/resource-tracker-scan"]

  workers = { min = 2, max = 10, spot = true }

  history = { multi_az = true }

  settings = {
    ALLOW_SERVER_CREDENTIALS = "true"
    PUBLIC_URL               = "https://${local.domain}"
    ACTIONS_REQUIRE_APPROVAL = "true"
  }
}

module "roles" {
  source = "../../modules/roles"

  trusted_principal_arn = module.tracker.worker_role_arn
  external_id           = var.external_id
}

resource "aws_route53_record" "tracker" {
  zone_id = var.zone_id
  name    = local.domain
  type    = "A"

  alias {
    name                   = module.tracker.load_balancer.name
    zone_id                = module.tracker.load_balancer.zone_id
    evaluate_target_health = true
  }
}

output "url" {
  value = "https://${local.domain}"
}
