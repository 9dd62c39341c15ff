{{/* What things are called, and how they are found again. A template that is about one component takes (list $ "component"). */}}

{{- define "tracker.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* 45 characters leave room for what is appended, up to the 63 of a name. */}}
{{- define "tracker.fullname" -}}
{{- $name := include "tracker.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 45 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 45 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 45 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What every object begins with: name, namespace and labels. A third entry is appended to the name in place of the component. */}}
{{- define "tracker.metadata" -}}
{{- $ := index . 0 -}}
name: {{ include "tracker.fullname" $ }}-{{ last . }}
namespace: {{ $.Release.Namespace }}
labels:
  {{- include "tracker.labels" (list $ (index . 1)) | nindent 2 }}
{{- end -}}

{{- define "tracker.labels" -}}
{{- $ := index . 0 -}}
{{ include "tracker.selector" . }}
app.kubernetes.io/version: {{ $.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $.Chart.Name $.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- with $.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Those of pods stay the same over versions, so that a new chart alone replaces none. */}}
{{- define "tracker.podLabels" -}}
{{ include "tracker.selector" . }}
{{- with (index . 0).Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "tracker.selector" -}}
{{- $ := index . 0 -}}
app.kubernetes.io/name: {{ include "tracker.name" $ }}
app.kubernetes.io/instance: {{ $.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "tracker.serviceAccount" -}}
{{- $ := index . 0 -}}
{{- $account := (get $.Values (index . 1)).serviceAccount -}}
{{- if $account.create -}}
{{- $account.name | default (printf "%s-%s" (include "tracker.fullname" $) (index . 1)) -}}
{{- else -}}
{{- $account.name | default "default" -}}
{{- end -}}
{{- end -}}

{{/* The image, from (list $image $override $appVersion): a digest wins over a tag, and a program's own over that of both. */}}
{{- define "tracker.image" -}}
{{- $image := index . 0 -}}
{{- $own := index . 1 -}}
{{- $digest := $own.digest | default (ternary "" $image.digest (ne $own.tag "")) -}}
{{- if $digest -}}
{{- printf "%s@%s" $image.repository $digest -}}
{{- else -}}
{{- printf "%s:%s" $image.repository ($own.tag | default $image.tag | default (index . 2)) -}}
{{- end -}}
{{- end -}}
