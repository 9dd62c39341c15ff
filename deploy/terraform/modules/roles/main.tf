# The roles of accounts that are scanned: a stack of deploy/iam/scan-role.yaml in this account,
# or a stack set of it in the accounts of an organisation. The template is the one source of the
# permissions.

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

locals {
  template = file("${path.module}/../../../iam/scan-role.yaml")
  whole    = length(var.organizational_unit_ids) > 0
}

resource "aws_cloudformation_stack" "roles" {
  count = local.whole ? 0 : 1

  name          = var.name
  template_body = local.template
  capabilities  = ["CAPABILITY_NAMED_IAM"]
  tags          = var.tags

  parameters = {
    TrustedPrincipalArn = var.trusted_principal_arn
    ExternalId          = var.external_id
    RoleName            = var.role_name
    CreateActionRole    = tostring(var.create_action_role)
    ActionRoleName      = var.action_role_name
  }
}

resource "aws_cloudformation_stack_set" "roles" {
  count = local.whole ? 1 : 0

  name             = var.name
  description      = "Role that AWS Resource Tracker assumes"
  permission_model = "SERVICE_MANAGED"
  capabilities     = ["CAPABILITY_NAMED_IAM"]
  template_body    = local.template
  tags             = var.tags

  parameters = {
    TrustedPrincipalArn = var.trusted_principal_arn
    OrganizationId      = var.organization_id
    RoleName            = var.role_name
  }

  auto_deployment {
    enabled                          = true
    retain_stacks_on_account_removal = false
  }

  managed_execution {
    active = true
  }

  lifecycle {
    ignore_changes = [administration_role_arn] # AWS's, where it manages the permissions
  }
}

# IAM is global: one region of each account.
resource "aws_cloudformation_stack_set_instance" "roles" {
  count = local.whole ? 1 : 0

  stack_set_name            = aws_cloudformation_stack_set.roles[0].name
  stack_set_instance_region = data.aws_region.here.region

  deployment_targets {
    organizational_unit_ids = var.organizational_unit_ids
  }

  operation_preferences {
    failure_tolerance_percentage = 10
    max_concurrent_percentage    = 25
  }
}
