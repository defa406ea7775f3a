{{/* Names, labels and values that several templates share. */}}

{{- define "assay.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* At most 40 characters, so that there is room for what is added; a long one ends in a hash, to stay unique. */}}
{{- define "assay.fullname" -}}
{{- $name := include "assay.name" . }}
{{- $full := .Values.fullnameOverride | default (contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name)) }}
{{- if gt (len $full) 40 }}
{{- $full = printf "%s-%s" ($full | trunc 31 | trimSuffix "-") (sha256sum $full | trunc 8) }}
{{- end }}
{{- $full | replace "." "-" }}
{{- end }}

{{- define "assay.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* What Deployments, Services and policies select pods by. It never changes in the life of a release. */}}
{{- define "assay.selectorLabels" -}}
app.kubernetes.io/name: {{ include "assay.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "assay.labels" -}}
helm.sh/chart: {{ include "assay.chart" . }}
{{ include "assay.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | replace "+" "_" | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with merge (dict) .Values.commonLabels (dict "app.kubernetes.io/part-of" "assay") | include "assay.furtherLabels" }}
{{ . }}
{{- end }}
{{- end }}

{{/* Labels of the user, without those that the chart sets itself. */}}
{{- define "assay.furtherLabels" -}}
{{- with omit . "helm.sh/chart" "app.kubernetes.io/name" "app.kubernetes.io/instance" "app.kubernetes.io/component" "app.kubernetes.io/version" "app.kubernetes.io/managed-by" }}
{{- toYaml . }}
{{- end }}
{{- end }}

{{/* The annotations of an object, on a new line: those given and the common ones. Call with (list $ annotations). */}}
{{- define "assay.annotations" -}}
{{- with merge (dict) (index . 1 | default dict) (index . 0).Values.commonAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
{{- end }}
{{- end }}

{{- define "assay.image" -}}
{{- $image := .Values.image }}
{{- if $image.digest }}{{ $image.repository }}@{{ $image.digest }}
{{- else }}{{ $image.repository }}:{{ $image.tag | default .Chart.AppVersion }}
{{- end }}
{{- end }}

{{/* Seconds of a time such as 1h30m; 500ms counts as 1. */}}
{{- define "assay.seconds" -}}
{{- $seconds := 0 }}
{{- range mustRegexFindAll "[0-9]+(ms|s|m|h|d)" . -1 }}
{{- $count := mustRegexFind "^[0-9]+" . | int }}
{{- $unit := mustRegexFind "[a-z]+$" . }}
{{- if eq $unit "ms" }}{{ $seconds = add $seconds (div (add $count 999) 1000) }}
{{- else }}{{ $seconds = add $seconds (mul $count (get (dict "s" 1 "m" 60 "h" 3600 "d" 86400) $unit)) }}
{{- end }}
{{- end }}
{{- $seconds }}
{{- end }}

{{/* A setting as text: lists with commas, whole numbers without an exponent. */}}
{{- define "assay.text" -}}
{{- if kindIs "slice" . }}{{ join "," . }}
{{- else if and (kindIs "float64" .) (eq (floor .) .) }}{{ int64 . }}
{{- else }}{{ . }}
{{- end }}
{{- end }}

{{/* Puts the settings of a tree into `into` by their dotted keys; what is empty is left out.
     Call with (dict "tree" … "prefix" "" "into" …). */}}
{{- define "assay.flatten" -}}
{{- $call := . }}
{{- range $key, $value := .tree }}
{{- if kindIs "map" $value }}
{{- include "assay.flatten" (dict "tree" $value "prefix" (printf "%s%s." $call.prefix $key) "into" $call.into) }}
{{- else if ne (include "assay.text" $value) "" }}
{{- if not (kindIs "invalid" $value) }}
{{- $_ := set $call.into (printf "%s%s" $call.prefix $key) (include "assay.text" $value) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* The port of a URL or a broker: the one it names, else that of its scheme. */}}
{{- define "assay.port" -}}
{{- $port := mustRegexFind ":[0-9]+(/|$|\\?)" (mustRegexReplaceAll "^[a-z]+://([^@/]*@)?" . "") | trimAll ":/?" }}
{{- if $port }}{{ $port }}
{{- else if hasPrefix "https:" . }}443
{{- else if hasPrefix "postgres" . }}5432
{{- else }}80
{{- end }}
{{- end }}
