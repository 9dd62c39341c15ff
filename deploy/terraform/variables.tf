variable "name" {
  type        = string
  default     = "resource-tracker"
  description = "Name of the deployment. Everything in it is named after it."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}$", var.name))
    error_message = "Small letters, digits and hyphens, 31 at most."
  }
}

variable "tags" {
  type        = map(string)
  default     = {}
  description = "Tags of everything."
}

# What runs

variable "image" {
  type        = string
  description = "Image of the programs, such as ghcr.io/consolesensei/resource-tracker:VERSION."
}

variable "ecr_repository_arn" {
  type        = string
  default     = null
  description = "ARN of the repository, where the image is in ECR. Null, the image is public."
}

variable "architecture" {
  type        = string
  default     = "ARM64"
  description = "ARM64 or X86_64."

  validation {
    condition     = contains(["ARM64", "X86_64"], var.architecture)
    error_message = "ARM64 or X86_64."
  }
}

variable "collector_image" {
  type        = string
  default     = "public.ecr.aws/aws-observability/aws-otel-collector:v0.48.0"
  description = "AWS Distro for OpenTelemetry, which tells CloudWatch how long the queues are."
}

# Network

variable "vpc_id" {
  type        = string
  description = "VPC of tasks, Redis and the load balancer."
}

variable "task_subnet_ids" {
  type        = list(string)
  description = "Subnets of tasks and Redis, in two zones or more. Tasks reach AWS and the registry of the image from there."
}

variable "assign_public_ip" {
  type        = bool
  default     = false
  description = "True where these subnets are public, and have no NAT gateway."
}

variable "load_balancer_subnet_ids" {
  type        = list(string)
  default     = []
  description = "Subnets of the load balancer, in two zones or more; public ones for an internet-facing one. Empty, the API is not on Fargate: modules/lambda has it."
}

variable "load_balancer_internal" {
  type        = bool
  default     = true
  description = "False for a load balancer that faces the internet."
}

variable "client_cidrs" {
  type        = list(string)
  default     = []
  description = "Networks that may reach the load balancer, such as 10.0.0.0/8."
}

variable "certificate_arn" {
  type        = string
  default     = null
  description = "Certificate in ACM of the name that people reach the API by."

  validation {
    condition     = var.certificate_arn != null || length(var.load_balancer_subnet_ids) == 0
    error_message = "The load balancer needs a certificate."
  }
}

# Sizes

variable "api" {
  type = object({
    tasks  = optional(number, 2)
    cpu    = optional(number, 256)
    memory = optional(number, 512)
  })
  default     = {}
  description = "How many APIs, and of which size."
}

variable "workers" {
  type = object({
    min                = optional(number, 2)
    max                = optional(number, 8)
    cpu                = optional(number, 512)
    memory             = optional(number, 1024)
    spot               = optional(bool, false)
    backlog_per_worker = optional(number, 32)
  })
  default     = {}
  description = "How many workers, of which size, and above how many waiting tasks for each there are more. Spot costs less: what an interrupted worker did is taken up by another."
}

variable "cache" {
  type = object({
    node_type     = optional(string, "cache.t4g.small")
    nodes         = optional(number, 3)
    snapshot_name = optional(string)
    snapshot_days = optional(number, 7)
  })
  default     = {}
  description = "Redis. 3 nodes are a primary and two replicas in other zones; 1 is for trying out, and loses all data with its node. snapshot_name is a snapshot to begin with: another name replaces Redis and its data."

  validation {
    condition     = contains([1, 3], var.cache.nodes)
    error_message = "1 or 3 nodes."
  }
}

variable "history" {
  type = object({
    class            = optional(string, "db.t4g.small")
    storage_gib      = optional(number, 20)
    storage_max_gib  = optional(number, 200)
    multi_az         = optional(bool, false)
    backup_days      = optional(number, 7)
    snapshot         = optional(string)
    deletion_protect = optional(bool, true)
  })
  default     = null
  description = "A PostgreSQL on RDS that keeps the history of scans. Null keeps none, or that of DATABASE_URL in secret_arns."

  validation {
    condition     = var.history == null || !contains(keys(var.secret_arns), "DATABASE_URL")
    error_message = "DATABASE_URL in secret_arns names a database already."
  }
}

# Settings and secrets

variable "credentials_recipient" {
  type        = string
  description = "CREDENTIALS_RECIPIENT, the public half of what `api keygen` has made."
}

variable "credentials_identity_arn" {
  type        = string
  description = "ARN of the secret of Secrets Manager with CREDENTIALS_IDENTITY, the secret half."
}

variable "secret_arns" {
  type        = map(string)
  default     = {}
  description = "Settings that are secrets, such as OPERATOR_API_KEYS, each with the ARN of its secret of Secrets Manager."

  validation {
    condition     = alltrue([for name in keys(var.secret_arns) : contains(local.secret_settings, name)])
    error_message = "Secrets are: ${join(", ", local.secret_settings)}."
  }
}

variable "settings" {
  type        = map(string)
  default     = {}
  description = "Other settings, such as SCAN_TIMEOUT_SECONDS: `api settings` describes them. Each goes to the programs that read it."

  validation {
    condition     = alltrue([for name in keys(var.settings) : contains(local.plain_settings, name)])
    error_message = "Settings are: ${join(", ", local.plain_settings)}."
  }
}

variable "shutdown_grace_seconds" {
  type        = number
  default     = 25
  description = "SHUTDOWN_GRACE_SECONDS. ECS waits five seconds longer before it kills a program, and two minutes at most."

  validation {
    condition     = var.shutdown_grace_seconds >= 1 && var.shutdown_grace_seconds <= 115
    error_message = "1 to 115 seconds."
  }
}

variable "log_retention_days" {
  type        = number
  default     = 30
  description = "How long logs are kept."
}

# What workers may enter

variable "assumable_role_arns" {
  type        = list(string)
  default     = []
  description = "Roles that workers may assume, such as arn:aws:iam::111122223333:role/resource-tracker-scan."
}

variable "worker_policy_arns" {
  type        = list(string)
  default     = []
  description = "Managed policies of the workers' own role, for scans of the account that they run in."
}
