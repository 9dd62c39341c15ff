{{/* What no schema can say: faults that several values have together, each with the way out. */}}

{{- define "tracker.checks" -}}
{{- include "tracker.checkSecrets" . -}}
{{- include "tracker.checkNetwork" . -}}
{{- if and (eq .Values.worker.autoscaling.by "queues") (not .Values.worker.autoscaling.queues.prometheus) -}}
  {{- fail "worker.autoscaling.queues.prometheus is needed: the address of the Prometheus that KEDA asks" -}}
{{- end -}}
{{- if and .Values.monitoring.scrape.enabled (not .Values.monitoring.scrape.existingSecret) (not .Values.api.secrets.OPERATOR_API_KEYS) -}}
  {{- fail "metrics of the API need an operator's key: set monitoring.scrape.existingSecret, a Secret with username and password, or api.secrets.OPERATOR_API_KEYS" -}}
{{- end -}}
{{- if .Values.database.migration.enabled -}}
  {{- if include "tracker.ownSecret" (list . "api") | and (not .Values.database.migration.existingSecret) -}}
    {{- fail "database.migration runs before the chart makes its Secrets: set database.migration.existingSecret, or existingSecret, with the key DATABASE_URL" -}}
  {{- end -}}
  {{- range $settings := list .Values.settings .Values.api.settings .Values.worker.settings -}}
    {{- if hasKey $settings "DATABASE_MIGRATE" -}}
      {{- fail "database.migration decides DATABASE_MIGRATE: take it out of the settings" -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- if and .Values.api.ingress.enabled (not .Values.api.ingress.hosts) -}}
  {{- fail "api.ingress.hosts is needed: the names at which the API is reached" -}}
{{- end -}}
{{- if and .Values.api.httpRoute.enabled (not .Values.api.httpRoute.parentRefs) -}}
  {{- fail "api.httpRoute.parentRefs is needed: the Gateway that the route belongs to" -}}
{{- end -}}
{{- end -}}

{{- define "tracker.checkSecrets" -}}
{{- $api := merge (dict) .Values.api.secrets .Values.secrets -}}
{{- $worker := merge (dict) .Values.worker.secrets .Values.secrets -}}
{{- $settings := merge (dict) .Values.api.settings .Values.settings -}}
{{- if include "tracker.ownSecret" (list . "api") -}}
  {{- if not $settings.CREDENTIALS_RECIPIENT -}}
    {{- fail "settings.CREDENTIALS_RECIPIENT is needed: `api keygen` makes it; or name a Secret that has it in existingSecret" -}}
  {{- end -}}
  {{- if not (or $api.VALID_API_KEYS $api.OPERATOR_API_KEYS $api.SECRET_KEY $settings.OIDC_ISSUER) -}}
    {{- fail "nobody could call the API: set existingSecret, or api.secrets.VALID_API_KEYS, OPERATOR_API_KEYS or SECRET_KEY, or settings.OIDC_ISSUER" -}}
  {{- end -}}
  {{- if not (or .Values.redis.bundled $api.REDIS_URL) -}}
    {{- fail "redis.bundled is false: set existingSecret, or secrets.REDIS_URL" -}}
  {{- end -}}
{{- else if or .Values.secrets .Values.api.secrets -}}
  {{- fail "an existingSecret and secrets of the API exclude each other: put them into that Secret" -}}
{{- end -}}
{{- if include "tracker.ownSecret" (list . "worker") -}}
  {{- if not $worker.CREDENTIALS_IDENTITY -}}
    {{- fail "worker.secrets.CREDENTIALS_IDENTITY is needed: `api keygen` makes it; or name a Secret that has it in existingSecret" -}}
  {{- end -}}
  {{- if not (or .Values.redis.bundled $worker.REDIS_URL) -}}
    {{- fail "redis.bundled is false: set existingSecret, or secrets.REDIS_URL" -}}
  {{- end -}}
{{- else if or .Values.secrets .Values.worker.secrets -}}
  {{- fail "an existingSecret and secrets of the workers exclude each other: put them into that Secret" -}}
{{- end -}}
{{- if .Values.redis.bundled -}}
  {{- if not (include "tracker.redisSecret" .) -}}
    {{- fail "the bundled Redis needs a password: set redis.password, or name a Secret with the key REDIS_PASSWORD in existingSecret" -}}
  {{- end -}}
  {{- if or $api.REDIS_URL $worker.REDIS_URL -}}
    {{- fail "REDIS_URL leads to a Redis of your own: set redis.bundled to false" -}}
  {{- end -}}
{{- end -}}
{{- end -}}

{{- define "tracker.checkNetwork" -}}
{{- $settings := merge (dict) .Values.api.settings .Values.settings -}}
{{- with .Values.networkPolicy -}}
{{- if .enabled -}}
  {{- if and (or $.Values.api.ingress.enabled $.Values.api.httpRoute.enabled) (not .api.from) -}}
    {{- fail "networkPolicy.api.from is needed: the namespace of what serves the Ingress or the HTTPRoute" -}}
  {{- end -}}
  {{- if and $.Values.monitoring.scrape.enabled (not .metrics.from) -}}
    {{- fail "networkPolicy.metrics.from is needed: the namespace of Prometheus" -}}
  {{- end -}}
  {{- if and (not $.Values.redis.bundled) (not .redis.to) -}}
    {{- fail "networkPolicy.redis.to is needed: the network of your Redis" -}}
  {{- end -}}
  {{- if and (or $.Values.database.migration.enabled $.Values.secrets.DATABASE_URL $.Values.api.secrets.DATABASE_URL $.Values.worker.secrets.DATABASE_URL) (not .database.to) -}}
    {{- fail "networkPolicy.database.to is needed: the network of the history's PostgreSQL" -}}
  {{- end -}}
  {{- if and $settings.OIDC_ISSUER (not .api.egress) -}}
    {{- fail "networkPolicy.api.egress is needed: the API asks settings.OIDC_ISSUER who people are" -}}
  {{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
