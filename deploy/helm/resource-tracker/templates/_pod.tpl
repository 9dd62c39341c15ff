{{/* What the pods of both programs have in common. Each takes (list $ "api") or (list $ "worker"). */}}

{{- define "tracker.podMetadata" -}}
{{- $ := index . 0 -}}
{{- $program := get $.Values (index . 1) -}}
labels:
  {{- include "tracker.podLabels" . | nindent 2 }}
  {{- with $program.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
annotations:
  kubectl.kubernetes.io/default-container: {{ index . 1 }}
  checksum/settings: {{ include "tracker.settings" . | sha256sum }}
  checksum/secrets: {{ list (include "tracker.secrets" .) $.Values.redis.password | toJson | sha256sum }}
  {{- with $program.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- define "tracker.podSpec" -}}
{{- $ := index . 0 -}}
{{- $selected := . -}}
{{- $program := get $.Values (index . 1) -}}
serviceAccountName: {{ include "tracker.serviceAccount" . }}
automountServiceAccountToken: false
enableServiceLinks: false
terminationGracePeriodSeconds: {{ include "tracker.grace" . }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  seccompProfile: {type: RuntimeDefault}
{{- with $.Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
topologySpreadConstraints:
  {{- if $program.topologySpreadConstraints }}
  {{- toYaml $program.topologySpreadConstraints | nindent 2 }}
  {{- else }}
  {{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ $key }}
    whenUnsatisfiable: ScheduleAnyway
    matchLabelKeys: [pod-template-hash]
    labelSelector:
      matchLabels: {{- include "tracker.selector" $selected | nindent 8 }}
  {{- end }}
  {{- end }}
{{- include "tracker.placement" $program }}
{{- with $program.volumes }}
volumes: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Where pods run, from the values of their component. */}}
{{- define "tracker.placement" -}}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "tracker.container" -}}
{{- $ := index . 0 -}}
{{- $program := get $.Values (index . 1) -}}
name: {{ index . 1 }}
image: {{ include "tracker.image" (list $.Values.image $program.image $.Chart.AppVersion) }}
imagePullPolicy: {{ $.Values.image.pullPolicy }}
command: [/usr/local/bin/{{ index . 1 }}]
{{ include "tracker.containerSecurity" $ }}
envFrom:
  - configMapRef: {name: {{ include "tracker.fullname" $ }}-{{ index . 1 }}}
env:
  {{- include "tracker.env" . | nindent 2 }}
resources: {{- toYaml $program.resources | nindent 2 }}
{{- with $program.volumeMounts }}
volumeMounts: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "tracker.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end -}}

{{/* Probes, from a dict of the port, and of the paths that say that the program lives and works. */}}
{{- define "tracker.probes" -}}
startupProbe:
  httpGet: {path: {{ .lives }}, port: {{ .port }}}
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: {path: {{ .lives }}, port: {{ .port }}}
  periodSeconds: 10
  timeoutSeconds: 5
readinessProbe:
  httpGet: {path: {{ .works }}, port: {{ .port }}}
  periodSeconds: 5
  timeoutSeconds: 5
{{- end -}}
