{{/* What a program is told. files/settings.json says which settings it reads. Each takes (list $ "api") or (list $ "worker"). */}}

{{/* Helm reads numbers of files as floating ones, which would print as 3.3554432e+07. */}}
{{- define "tracker.text" -}}
{{- if kindIs "float64" . -}}{{ printf "%.0f" . }}{{- else -}}{{ . }}{{- end -}}
{{- end -}}

{{/* A setting as a text, from (list $ "program" "NAME"): the program's own wins. Empty is unset, to the programs too. */}}
{{- define "tracker.setting" -}}
{{- $ := index . 0 -}}
{{- $own := (get $.Values (index . 1)).settings -}}
{{- $name := index . 2 -}}
{{- if hasKey $own $name -}}
{{- include "tracker.text" (get $own $name) -}}
{{- else if hasKey $.Values.settings $name -}}
{{- include "tracker.text" (get $.Values.settings $name) -}}
{{- end -}}
{{- end -}}

{{- define "tracker.settings" -}}
{{- $ := index . 0 -}}
{{- $program := index . 1 -}}
{{- range $name := get ($.Files.Get "files/settings.json" | fromJson).settings $program }}
{{- with include "tracker.setting" (list $ $program $name) }}
{{ $name }}: {{ . | quote }}
{{- end }}
{{- end }}
{{- if $.Values.database.migration.enabled }}
DATABASE_MIGRATE: "false"
{{- end }}
{{- if eq $program "api" }}
HOST: 0.0.0.0
PORT: "5000"
{{- else }}
METRICS_ADDR: 0.0.0.0:9090
{{- end }}
{{- end -}}

{{/* How long a program may take to end: what it gives itself, and five seconds; the API goes on to answer before. */}}
{{- define "tracker.grace" -}}
{{- $ := index . 0 -}}
{{- $program := get $.Values (index . 1) -}}
{{- $grace := include "tracker.setting" (list $ (index . 1) "SHUTDOWN_GRACE_SECONDS") | default ($.Files.Get "files/settings.json" | fromJson).grace -}}
{{- add (int $grace) 5 (int ($program.preStopSeconds | default 0)) -}}
{{- end -}}

{{/* Whether the chart makes the program's Secret. */}}
{{- define "tracker.ownSecret" -}}
{{- $ := index . 0 -}}
{{- if not (or (get $.Values (index . 1)).existingSecret $.Values.existingSecret) }}true{{ end -}}
{{- end -}}

{{- define "tracker.secretName" -}}
{{- $ := index . 0 -}}
{{- (get $.Values (index . 1)).existingSecret | default $.Values.existingSecret | default (printf "%s-%s" (include "tracker.fullname" $) (index . 1)) -}}
{{- end -}}

{{- define "tracker.secrets" -}}
{{- $ := index . 0 -}}
{{- range $name, $value := merge (dict) (get $.Values (index . 1)).secrets $.Values.secrets }}
{{ $name }}: {{ $value | quote }}
{{- end }}
{{- end -}}

{{- define "tracker.redisSecret" -}}
{{- if .Values.redis.password -}}
{{- include "tracker.fullname" . }}-redis
{{- else -}}
{{- .Values.redis.existingSecret | default .Values.existingSecret -}}
{{- end -}}
{{- end -}}

{{/* The variables of a container: each secret by its name, so that a Secret that both programs share gives each only its own. */}}
{{- define "tracker.env" -}}
{{- $ := index . 0 -}}
{{- $program := index . 1 -}}
{{- $secret := include "tracker.secretName" . -}}
{{- $needed := list "CREDENTIALS_IDENTITY" "REDIS_URL" -}}
{{- if $.Values.redis.bundled -}}
- name: REDIS_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ include "tracker.redisSecret" $ }}, key: REDIS_PASSWORD}}
- name: REDIS_URL
  value: redis://default:$(REDIS_PASSWORD)@{{ include "tracker.fullname" $ }}-redis:6379/0
{{- end }}
{{- range $name := get ($.Files.Get "files/settings.json" | fromJson).secrets $program }}
{{- if not (and $.Values.redis.bundled (eq $name "REDIS_URL")) }}
- name: {{ $name }}
  valueFrom: {secretKeyRef: {name: {{ $secret }}, key: {{ $name }}{{ if not (has $name $needed) }}, optional: true{{ end }}}}
{{- end }}
{{- end }}
{{- with (get $.Values $program).env }}
{{ toYaml . }}
{{- end }}
{{- end -}}
