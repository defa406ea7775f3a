{{/* The pod of a component. Call with (list $ component). */}}
{{- define "assay.pod" -}}
{{- $root := index . 0 }}
{{- $component := index . 1 }}
{{- $values := $root.Values }}
{{- $isRollout := eq $component.name "rollout" }}
{{- $own := printf "%s-secrets" (include "assay.fullname" $root) }}
{{- $secrets := (include "assay.secretsOf" (list $root (include "assay.secretUsers" $component | splitList ",")) | fromJson).secrets }}
{{- $secretVolume := include "assay.secretVolume" (dict "secrets" $secrets "own" $own) | trim }}
{{- $usesFile := and (not $isRollout) (not (include "assay.usesPostgres" $root)) }}
{{- with $values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
serviceAccountName: {{ include "assay.serviceAccountName" $component }}
automountServiceAccountToken: {{ include "assay.usesKubernetes" (list $root $component) | default "false" }}
enableServiceLinks: false
{{- with $component.podSecurityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
terminationGracePeriodSeconds: {{ int $component.terminationGracePeriodSeconds }}
{{- $initContainers := $component.initContainers | default list }}
{{- if and (eq $values.migration.mode "initContainer") (not $isRollout) (not $usesFile) }}
{{- $initContainers = append $initContainers (include "assay.migrationContainer" (dict "root" $root "own" $own "component" $component) | fromYaml) }}
{{- end }}
{{- with $initContainers }}
initContainers:
  {{- toYaml . | nindent 2 }}
{{- end }}
containers:
  - name: assay
    image: {{ include "assay.image" $root | quote }}
    imagePullPolicy: {{ $values.image.pullPolicy }}
    args:
      - {{ $isRollout | ternary "rollout" "serve" }}
      {{- if not $isRollout }}
      - --roles={{ join "," $component.roles }}
      {{- end }}
      {{- with $component.extraArgs }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    env:
      - name: ASSAY_CONFIG
        value: /etc/assay/settings.yaml
      {{- with include "assay.secretEnvironment" (dict "secrets" $secrets "own" $own) | trim }}
      {{- . | nindent 6 }}
      {{- end }}
      {{- with $component.extraEnv }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    {{- with $component.envFrom }}
    envFrom:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    ports:
      - name: http
        containerPort: {{ $values.web.port }}
        protocol: TCP
      - name: probes
        containerPort: {{ $values.web.probesPort }}
        protocol: TCP
    {{- range $probe, $path := dict "startupProbe" "livez" "livenessProbe" "livez" "readinessProbe" "readyz" }}
    {{ $probe }}:
      httpGet:
        path: /{{ $path }}
        port: probes
      {{- toYaml (get $component.probes (trimSuffix "Probe" $probe)) | nindent 6 }}
    {{- end }}
    {{- with $component.lifecycle }}
    lifecycle:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with $component.resources }}
    resources:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with $component.securityContext }}
    securityContext:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    terminationMessagePolicy: FallbackToLogsOnError
    volumeMounts:
      - name: settings
        mountPath: /etc/assay/settings.yaml
        subPath: settings.yaml
        readOnly: true
      {{- if not $isRollout }}
      - name: plans
        mountPath: /etc/assay/plans
        readOnly: true
      {{- end }}
      {{- if $secretVolume }}
      - name: secrets
        mountPath: /etc/assay/secrets
        readOnly: true
      {{- end }}
      {{- if $usesFile }}
      - name: state
        mountPath: /var/lib/assay
      {{- end }}
      - name: tmp
        mountPath: /tmp
      {{- with $component.extraVolumeMounts }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
  {{- with $component.sidecars }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
volumes:
  - name: settings
    configMap:
      name: {{ include "assay.fullname" $root }}-{{ $isRollout | ternary "rollout-settings" "settings" }}
  {{- if not $isRollout }}
  - name: plans
    projected:
      sources:
        - configMap:
            name: {{ include "assay.fullname" $root }}-plans
        {{- range $values.plans.existingConfigMaps }}
        - configMap:
            name: {{ . }}
        {{- end }}
  {{- end }}
  {{- with $secretVolume }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- if $usesFile }}
  - name: state
    {{- if $values.persistence.enabled }}
    persistentVolumeClaim:
      claimName: {{ $values.persistence.existingClaim | default (printf "%s-state" (include "assay.fullname" $root)) }}
    {{- else }}
    emptyDir: {}
    {{- end }}
  {{- end }}
  - name: tmp
    emptyDir: {}
  {{- with $component.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- range $key := list "nodeSelector" "tolerations" "affinity" "dnsConfig" "priorityClassName" "runtimeClassName" }}
{{- with get $component $key }}
{{ $key }}:{{ kindIs "string" . | ternary (printf " %v" .) (toYaml . | nindent 2) }}
{{- end }}
{{- end }}
{{- with $component.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- range . }}
  {{- $constraint := deepCopy . }}
  {{- if not (hasKey $constraint "labelSelector") }}
  {{- $labels := include "assay.selectorLabels" $root | fromYaml }}
  {{- $_ := set $labels "app.kubernetes.io/component" $component.name }}
  {{- $_ := set $constraint "labelSelector" (dict "matchLabels" $labels) }}
  {{- end }}
  {{- $constraint = merge $constraint (dict "maxSkew" 1 "whenUnsatisfiable" "ScheduleAnyway") }}
  {{- list $constraint | toYaml | nindent 2 }}
  {{- end }}
{{- end }}
{{- end }}

{{/* `assay migrate` in a container. Call with (dict "root" $ "own" secret "component" …). */}}
{{- define "assay.migrationContainer" -}}
{{- $secrets := (include "assay.secretsOf" (list .root (list "migrate")) | fromJson).secrets -}}
name: migrate
image: {{ include "assay.image" .root | quote }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
args: [migrate]
env:
  {{- with dig "database" "url" "" .root.Values.settings }}
  - name: DATABASE_URL
    value: {{ . | quote }}
  {{- end }}
  {{- with dig "database" "urlFile" "" .root.Values.settings }}
  - name: ASSAY_DATABASE_URL_FILE
    value: {{ . | quote }}
  {{- end }}
  {{- with dig "database" "passwordFile" "" .root.Values.settings }}
  - name: ASSAY_DATABASE_PASSWORD_FILE
    value: {{ . | quote }}
  {{- end }}
  {{- with include "assay.secretEnvironment" (dict "secrets" $secrets "own" .own) | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- with .component.extraEnv }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .component.envFrom }}
envFrom:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.migration.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .component.securityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
terminationMessagePolicy: FallbackToLogsOnError
volumeMounts:
  {{- if include "assay.secretVolume" (dict "secrets" $secrets "own" .own) | trim }}
  - name: secrets
    mountPath: /etc/assay/secrets
    readOnly: true
  {{- end }}
  - name: tmp
    mountPath: /tmp
  {{- with .component.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
