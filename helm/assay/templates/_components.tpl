{{/* Components: the Deployments of `assay serve`, and the rollout controller. */}}

{{/* A component with the defaults filled in, as JSON. Call with (list $ name). */}}
{{- define "assay.component" -}}
{{- $root := index . 0 }}
{{- $name := index . 1 }}
{{- $own := eq $name "rollout" | ternary $root.Values.rollout (get $root.Values.components $name) }}
{{- $component := mergeOverwrite (deepCopy $root.Values.defaults) (deepCopy $own) }}
{{- $_ := set $component "name" $name }}
{{- $_ := set $component "fullname" (include "assay.componentName" (list $root $name)) }}
{{- $_ := set $component "roles" (get $own "roles" | default list) }}
{{- if eq $name "rollout" }}
{{- /* Its load is the verdicts of a topic: a second pod is for availability, more are of no use. */}}
{{- $_ := set $component.autoscaling "type" "none" }}
{{- end }}
{{- toJson $component }}
{{- end }}

{{/* The names of the enabled components of `assay serve`, with commas. */}}
{{- define "assay.componentNames" -}}
{{- $names := list }}
{{- range $name, $component := .Values.components }}
{{- if not (eq (get $component "enabled" | toString) "false") }}
{{- $names = append $names $name }}
{{- end }}
{{- end }}
{{- join "," $names }}
{{- end }}

{{/* The same and `rollout`, where it is enabled. */}}
{{- define "assay.allNames" -}}
{{- $names := include "assay.componentNames" . | splitList "," | compact }}
{{- if .Values.rollout.enabled }}
{{- $names = append $names "rollout" }}
{{- end }}
{{- join "," $names }}
{{- end }}

{{/* The name of a component's objects. Call with (list $ name). */}}
{{- define "assay.componentName" -}}
{{- $full := include "assay.fullname" (index . 0) }}
{{- eq (index . 1) "all" | ternary $full (printf "%s-%s" $full (index . 1)) }}
{{- end }}

{{- define "assay.serviceAccountName" -}}
{{- .serviceAccount.name | default (.serviceAccount.create | ternary .fullname "default") }}
{{- end }}

{{/* The pod's own token is only mounted where the Kubernetes API of this cluster is used. Call with (list $ component). */}}
{{- define "assay.usesKubernetes" -}}
{{- $root := index . 0 }}
{{- $settings := $root.Values.settings }}
{{- if and (eq (index . 1).name "rollout") (eq (dig "rollout" "actuator" "webhook" $settings) "argo-rollout") (not (dig "kubernetes" "url" "" $settings)) -}}
true
{{- end }}
{{- end }}

{{- define "assay.usesPostgres" -}}
{{- $settings := .Values.settings }}
{{- if or (dig "database" "url" "" $settings) (dig "database" "urlFile" "" $settings) (include "assay.secretGiven" .Values.secrets.databaseUrl) -}}
true
{{- end }}
{{- end }}

{{- define "assay.runsWeb" -}}
{{- range include "assay.componentNames" . | splitList "," | compact }}
{{- if has "web" (get $.Values.components .).roles }}true{{ end }}
{{- end }}
{{- end }}

{{/* What the schema cannot tell. */}}
{{- define "assay.check" -}}
{{- if eq (int .Values.web.port) (int .Values.web.probesPort) }}
{{- fail "web.probesPort: it must be another port than web.port" }}
{{- end }}
{{- $names := include "assay.componentNames" . | splitList "," | compact }}
{{- if not (or $names .Values.rollout.enabled) }}
{{- fail "nothing would run: enable one of `components`, or `rollout.enabled`" }}
{{- end }}
{{- $roles := list }}
{{- range $names }}
{{- $roles = concat $roles (get $.Values.components .).roles | uniq }}
{{- end }}
{{- if and $names (not .Values.allowMissingRoles) }}
{{- range list "intake" "engine" "relay" "web" }}
{{- if not (has . $roles) }}
{{- fail (printf "components: no component has the role %s; give it to one, or set allowMissingRoles when another release on the same store has it" .) }}
{{- end }}
{{- end }}
{{- end }}
{{- $accounts := list }}
{{- $delay := dig "shutdown" "delay" "0s" .Values.settings }}
{{- $grace := dig "shutdown" "grace" "30s" .Values.settings }}
{{- $needed := add (include "assay.seconds" $delay | int) (include "assay.seconds" $grace | int) 5 | int }}
{{- range include "assay.allNames" . | splitList "," | compact }}
{{- $path := eq . "rollout" | ternary "rollout" (printf "components.%s" .) }}
{{- $component := include "assay.component" (list $ .) | fromJson }}
{{- if lt (int $component.terminationGracePeriodSeconds) $needed }}
{{- fail (printf "%s.terminationGracePeriodSeconds: %d s are too few: settings.shutdown.delay (%s), settings.shutdown.grace (%s) and 5 s make %d s" $path (int $component.terminationGracePeriodSeconds) $delay $grace $needed) }}
{{- end }}
{{- if and (ne . "rollout") (eq (dig "type" "" $component.strategy) "RollingUpdate") (not (include "assay.usesPostgres" $)) }}
{{- fail (printf "%s.strategy: without Postgres two pods would share a SQLite file; leave it out, or say Recreate" $path) }}
{{- end }}
{{- if $component.serviceAccount.create }}
{{- if has (include "assay.serviceAccountName" $component) $accounts }}
{{- fail (printf "%s.serviceAccount.name: %s is made for another component already" $path $component.serviceAccount.name) }}
{{- end }}
{{- $accounts = append $accounts (include "assay.serviceAccountName" $component) }}
{{- end }}
{{- $scaling := $component.autoscaling }}
{{- if ne $scaling.type "none" }}
{{- if gt (int $scaling.minReplicas) (int $scaling.maxReplicas) }}
{{- fail (printf "%s.autoscaling.minReplicas: %d is more than maxReplicas, %d" $path (int $scaling.minReplicas) (int $scaling.maxReplicas)) }}
{{- end }}
{{- if and (eq $scaling.type "hpa") $scaling.targetCPUUtilizationPercentage (not (dig "requests" "cpu" "" $component.resources)) }}
{{- fail (printf "%s.resources.requests.cpu: autoscaling on the CPU needs it" $path) }}
{{- end }}
{{- if and (eq $scaling.type "hpa") (not $scaling.targetCPUUtilizationPercentage) (not $scaling.metrics) }}
{{- fail (printf "%s.autoscaling.metrics: an autoscaler needs a metric, or targetCPUUtilizationPercentage" $path) }}
{{- end }}
{{- if and (eq $scaling.type "keda") (not ($scaling.keda.serverAddress | default (dig "prometheus" "url" "" $.Values.settings))) }}
{{- fail (printf "%s.autoscaling.keda.serverAddress: name the Prometheus with the metrics of Assay" $path) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
