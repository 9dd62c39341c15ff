variable "name" {
  type        = string
  default     = "resource-tracker"
  description = "Name of the deployment, as that of the service."
}

variable "tags" {
  type        = map(string)
  default     = {}
  description = "Tags of everything."
}

variable "service" {
  type = object({
    vpc_id                  = string
    subnet_ids              = list(string)
    redis_security_group_id = string
    history                 = optional(object({ security_group_id = string }))
    secret_arns             = map(string)
    environment             = map(string)
  })
  description = "The output lambda of the service."
}

variable "image" {
  type        = string
  description = "Image of the target lambda, in an ECR of this account and region."
}

variable "architecture" {
  type        = string
  default     = "ARM64"
  description = "ARM64 or X86_64."
}

variable "memory" {
  type        = number
  default     = 512
  description = "Memory of an instance, in MB. Lambda gives CPU by memory."
}

variable "functions_max" {
  type        = number
  default     = -1
  description = "Requests that are answered at once, each by an instance of its own; an open event stream is one. With -1 the account's limit holds."
}

variable "environment_key_arn" {
  type        = string
  default     = null
  description = "Key of KMS for the function's environment, which holds the API's secrets. Null, it is the one that AWS manages for Lambda."
}

variable "domain_name" {
  type        = string
  description = "Name that people reach the API by, such as tracker.example.com."
}

variable "certificate_arn" {
  type        = string
  description = "Certificate in ACM of that name, in this region."
}

variable "log_retention_days" {
  type        = number
  default     = 30
  description = "How long logs are kept."
}

output "name" {
  description = "What domain_name has to point to, by CNAME or alias."
  value       = { name = aws_api_gateway_domain_name.this.regional_domain_name, zone_id = aws_api_gateway_domain_name.this.regional_zone_id }
}
