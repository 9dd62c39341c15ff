{{/* The Secret with an operator's key, which metrics of the API ask for. */}}
{{- define "tracker.metricsSecret" -}}
{{- .Values.monitoring.scrape.existingSecret | default (printf "%s-metrics" (include "tracker.fullname" .)) -}}
{{- end -}}
