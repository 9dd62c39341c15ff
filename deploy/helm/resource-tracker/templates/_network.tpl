{{/* Rules of network policies that several programs share. */}}

{{- define "tracker.toDNS" -}}
- to: {{- toYaml .Values.networkPolicy.dns | nindent 4 }}
  ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]
{{- end -}}

{{- define "tracker.toRedis" -}}
{{- if .Values.redis.bundled -}}
- to:
    {{- include "tracker.peer" (list . "redis") | nindent 4 }}
  ports: [{port: 6379, protocol: TCP}]
{{- else -}}
- to: {{- toYaml .Values.networkPolicy.redis.to | nindent 4 }}
  ports:
    {{- range .Values.networkPolicy.redis.ports }}
    - {port: {{ . }}, protocol: TCP}
    {{- end }}
{{- end -}}
{{- end -}}

{{/* The way to the history's database, where there is one. */}}
{{- define "tracker.toDatabase" -}}
{{- with .Values.networkPolicy.database -}}
{{- if .to -}}
- to: {{- toYaml .to | nindent 4 }}
  ports:
    {{- range .ports }}
    - {port: {{ . }}, protocol: TCP}
    {{- end }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The pods of a component, from (list $ "component"). */}}
{{- define "tracker.peer" -}}
- podSelector:
    matchLabels: {{- include "tracker.selector" . | nindent 6 }}
{{- end -}}
