variable "name" {
  type        = string
  default     = "resource-tracker-roles"
  description = "Name of the stack or stack set."
}

variable "trusted_principal_arn" {
  type        = string
  description = "ARN of the role that the tracker runs as: the output worker_role_arn of the module."
}

variable "external_id" {
  type        = string
  default     = ""
  sensitive   = true
  description = "What the tracker sends to enter the roles of this account."

  validation {
    condition     = (var.external_id == "") == (length(var.organizational_unit_ids) > 0)
    error_message = "One account needs an external ID, and an organisation none."
  }
}

variable "organization_id" {
  type        = string
  default     = ""
  description = "ID of the organisation, such as o-a1b2c3d4e5. Nobody else enters the roles."

  validation {
    condition     = (var.organization_id == "") == (length(var.organizational_unit_ids) == 0)
    error_message = "organization_id and organizational_unit_ids go together."
  }
}

variable "organizational_unit_ids" {
  type        = list(string)
  default     = []
  description = "Units whose accounts get the role, such as ou-ab12-cdefghij, or the root. Empty, this account has the roles."
}

variable "role_name" {
  type        = string
  default     = "resource-tracker-scan"
  description = "Name of the role for scans. Of an organisation, ORGANIZATION_ROLE is the same."
}

variable "create_action_role" {
  type        = bool
  default     = false
  description = "Whether there is a second role, which changes resources. Registered accounts have it, and organisations do not."
}

variable "action_role_name" {
  type        = string
  default     = "resource-tracker-action"
  description = "Name of the second role."
}

variable "tags" {
  type        = map(string)
  default     = {}
  description = "Tags of everything."
}

output "role_arn" {
  description = "Role for scans of this account, where there is one."
  value       = one(aws_cloudformation_stack.roles[*].outputs["RoleArn"])
}
