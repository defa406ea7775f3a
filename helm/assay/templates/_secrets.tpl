{{/* Secrets: which there are, how they reach a process, and from where. */}}

{{/* Whether a secret comes from anywhere. Call with one entry of `secrets`. */}}
{{- define "assay.secretGiven" -}}
{{- if or (get . "existingSecret") (get . "existingConfigMap") (get . "value") }}true{{ end }}
{{- end }}

{{/* `variable` names the file where there is a `file`, and holds the secret itself otherwise. `users` are roles of
     `assay serve`, `serve` for all of them, `rollout` and `migrate`. */}}
{{- define "assay.secretTable" -}}
- {name: kafkaSaslUsername, variable: ASSAY_KAFKA_SASL_USERNAME, users: [serve, rollout]}
- {name: kafkaSaslPassword, variable: ASSAY_KAFKA_SASL_PASSWORD_FILE, file: kafka-password, users: [serve, rollout]}
- {name: kafkaCa, variable: ASSAY_KAFKA_SSL_CA_LOCATION, file: kafka-ca.crt, users: [serve, rollout]}
- {name: kafkaCertificate, variable: ASSAY_KAFKA_SSL_CERTIFICATE_LOCATION, file: kafka-tls.crt, users: [serve, rollout]}
- {name: kafkaKey, variable: ASSAY_KAFKA_SSL_KEY_LOCATION, file: kafka-tls.key, users: [serve, rollout]}
- {name: kafkaKeyPassword, variable: ASSAY_KAFKA_SSL_KEY_PASSWORD, users: [serve, rollout]}
- {name: databaseUrl, variable: ASSAY_DATABASE_URL_FILE, file: database-url, users: [serve, migrate]}
- {name: databasePassword, variable: ASSAY_DATABASE_PASSWORD_FILE, file: database-password, users: [serve, migrate]}
- {name: databaseCa, variable: PGSSLROOTCERT, file: database-ca.crt, users: [serve, migrate]}
- {name: databaseCertificate, variable: PGSSLCERT, file: database-tls.crt, users: [serve, migrate]}
- {name: databaseKey, variable: PGSSLKEY, file: database-tls.key, users: [serve, migrate]}
- {name: prometheusBearerToken, variable: ASSAY_PROMETHEUS_BEARER_TOKEN_FILE, file: prometheus-token, users: [engine]}
- {name: prometheusPassword, variable: ASSAY_PROMETHEUS_PASSWORD_FILE, file: prometheus-password, users: [engine]}
- {name: prometheusHeaders, variable: ASSAY_PROMETHEUS_HEADERS_FILE, file: prometheus-headers, users: [engine]}
- {name: prometheusCa, variable: ASSAY_PROMETHEUS_CA_FILE, file: prometheus-ca.crt, users: [engine]}
- {name: prometheusCertificate, variable: ASSAY_PROMETHEUS_CERTIFICATE_FILE, file: prometheus-tls.crt, users: [engine]}
- {name: prometheusKey, variable: ASSAY_PROMETHEUS_KEY_FILE, file: prometheus-tls.key, users: [engine]}
- {name: grafanaToken, variable: ASSAY_GRAFANA_TOKEN_FILE, file: grafana-token, users: [relay]}
- {name: grafanaCa, variable: ASSAY_GRAFANA_CA_FILE, file: grafana-ca.crt, users: [relay]}
- {name: grafanaCertificate, variable: ASSAY_GRAFANA_CERTIFICATE_FILE, file: grafana-tls.crt, users: [relay]}
- {name: grafanaKey, variable: ASSAY_GRAFANA_KEY_FILE, file: grafana-tls.key, users: [relay]}
- {name: webhookBearerToken, variable: ASSAY_WEBHOOK_BEARER_TOKEN_FILE, file: webhook-token, users: [relay]}
- {name: webhookCa, variable: ASSAY_WEBHOOK_CA_FILE, file: webhook-ca.crt, users: [relay]}
- {name: webhookCertificate, variable: ASSAY_WEBHOOK_CERTIFICATE_FILE, file: webhook-tls.crt, users: [relay]}
- {name: webhookKey, variable: ASSAY_WEBHOOK_KEY_FILE, file: webhook-tls.key, users: [relay]}
- {name: webToken, variable: ASSAY_WEB_TOKEN_FILE, file: web-token, users: [web]}
- {name: webTokens, variable: ASSAY_WEB_TOKENS_FILE, file: web-tokens.yaml, users: [web]}
- {name: webOidcKeys, variable: ASSAY_WEB_OIDC_KEYS_FILE, file: web-oidc-keys.json, users: [web]}
- {name: verdictsSigningKey, variable: ASSAY_VERDICTS_SIGNING_KEY_FILE, file: verdicts-signing.pem, users: [serve]}
- {name: rolloutVerificationKeys, variable: ASSAY_ROLLOUT_VERIFICATION_KEYS_FILE, file: rollout-verification.pem, users: [rollout]}
- {name: assayToken, variable: ASSAY_TOKEN_FILE, file: assay-token, users: [rollout]}
- {name: assayCa, variable: ASSAY_CA_FILE, file: assay-ca.crt, users: [rollout]}
- {name: assayCertificate, variable: ASSAY_CERTIFICATE_FILE, file: assay-tls.crt, users: [rollout]}
- {name: assayKey, variable: ASSAY_KEY_FILE, file: assay-tls.key, users: [rollout]}
- {name: rolloutWebhookToken, variable: ASSAY_ROLLOUT_WEBHOOK_TOKEN_FILE, file: rollout-webhook-token, users: [rollout]}
- {name: rolloutWebhookCa, variable: ASSAY_ROLLOUT_WEBHOOK_CA_FILE, file: rollout-webhook-ca.crt, users: [rollout]}
- {name: rolloutWebhookCertificate, variable: ASSAY_ROLLOUT_WEBHOOK_CERTIFICATE_FILE, file: rollout-webhook-tls.crt, users: [rollout]}
- {name: rolloutWebhookKey, variable: ASSAY_ROLLOUT_WEBHOOK_KEY_FILE, file: rollout-webhook-tls.key, users: [rollout]}
- {name: kubernetesToken, variable: ASSAY_KUBERNETES_TOKEN_FILE, file: kubernetes-token, users: [rollout]}
- {name: kubernetesCa, variable: ASSAY_KUBERNETES_CA_FILE, file: kubernetes-ca.crt, users: [rollout]}
- {name: kubernetesCertificate, variable: ASSAY_KUBERNETES_CERTIFICATE_FILE, file: kubernetes-tls.crt, users: [rollout]}
- {name: kubernetesKey, variable: ASSAY_KUBERNETES_KEY_FILE, file: kubernetes-tls.key, users: [rollout]}
{{- end }}

{{/* Whether the chart makes the token of the HTTP API: none is given, and it is asked for. */}}
{{- define "assay.makesWebToken" -}}
{{- if and (include "assay.runsWeb" .) (not (include "assay.secretGiven" .Values.secrets.webToken)) (not (dig "web" "allowWithoutToken" false .Values.settings)) (not (dig "web" "tokenFile" "" .Values.settings)) }}true{{ end }}
{{- end }}

{{/* The Secret and key of the token of the HTTP API, as JSON; empty where there is none. */}}
{{- define "assay.webTokenEntry" -}}
{{- $name := include "assay.fullname" . }}
{{- $given := .Values.secrets.webToken }}
{{- if include "assay.makesWebToken" . }}
{{- dict "existingSecret" (printf "%s-web-token" $name) "key" "token" | toJson }}
{{- else if $given.value }}
{{- dict "existingSecret" (printf "%s-secrets" $name) "key" "webToken" | toJson }}
{{- else if $given.existingSecret }}
{{- dict "existingSecret" $given.existingSecret "key" $given.key | toJson }}
{{- end }}
{{- end }}

{{/* An entry of `secrets`. What is not given is the token of the HTTP API where that is meant. Call with (list $ name). */}}
{{- define "assay.secretEntry" -}}
{{- $root := index . 0 }}
{{- $name := index . 1 }}
{{- $entry := get $root.Values.secrets $name | default dict }}
{{- if not (include "assay.secretGiven" $entry) }}
{{- $own := printf "^https?://%s(\\.%s(\\.svc(\\.[a-z0-9.-]+)?)?)?(:[0-9]+)?(/|$)" (include "assay.fullname" $root) $root.Release.Namespace }}
{{- $callsItself := and (eq (dig "rollout" "source" "" $root.Values.settings) "http") (regexMatch $own (dig "assay" "url" "" $root.Values.settings)) (include "assay.runsWeb" $root) }}
{{- if or (and (eq $name "webToken") (include "assay.makesWebToken" $root)) (and (eq $name "assayToken") $callsItself) }}
{{- $entry = include "assay.webTokenEntry" $root | default "{}" | fromJson }}
{{- end }}
{{- end }}
{{- $entry | toJson }}
{{- end }}

{{/* The given secrets of some users, each with its source, as JSON `{"secrets": […]}`. Call with (list $ users). */}}
{{- define "assay.secretsOf" -}}
{{- $root := index . 0 }}
{{- $users := index . 1 }}
{{- $found := list }}
{{- range include "assay.secretTable" $root | fromYamlArray }}
{{- $entry := include "assay.secretEntry" (list $root .name) | fromJson }}
{{- $isUsed := false }}
{{- range .users }}{{ if has . $users }}{{ $isUsed = true }}{{ end }}{{ end }}
{{- if and $isUsed $entry (include "assay.secretGiven" ($entry | default dict)) }}
{{- $found = append $found (merge (dict "entry" $entry) .) }}
{{- end }}
{{- end }}
{{- dict "secrets" $found | toJson }}
{{- end }}

{{/* Who a component is among the users of secrets. */}}
{{- define "assay.secretUsers" -}}
{{- if eq .name "rollout" }}rollout{{ else }}{{ prepend .roles "serve" | join "," }}{{ end }}
{{- end }}

{{/* The Secret and key that a secret lies in. Call with (list secret name-of-the-chart's-own). */}}
{{- define "assay.secretReference" -}}
{{- $secret := index . 0 }}
{{- if get $secret.entry "value" -}}
name: {{ index . 1 }}
key: {{ $secret.name }}
{{- else -}}
name: {{ $secret.entry.existingSecret }}
key: {{ $secret.entry.key }}
{{- end }}
{{- end }}

{{/* Variables for secrets. Call with (dict "secrets" … "own" name). */}}
{{- define "assay.secretEnvironment" -}}
{{- $own := .own }}
{{- range .secrets }}
{{- if .file }}
- name: {{ .variable }}
  value: /etc/assay/secrets/{{ .file }}
{{- if eq .name "databaseCa" }}
- name: PGSSLMODE
  value: verify-full
{{- end }}
{{- else }}
- name: {{ .variable }}
  valueFrom:
    secretKeyRef:
      {{- include "assay.secretReference" (list . $own) | nindent 6 }}
{{- end }}
{{- end }}
{{- end }}

{{/* One volume with the files of all secrets. Not mounted by `subPath`, so that replaced ones arrive. */}}
{{- define "assay.secretVolume" -}}
{{- $own := .own }}
{{- $sources := list }}
{{- range .secrets }}
{{- if .file }}
{{- if get .entry "existingConfigMap" }}
{{- $sources = append $sources (dict "configMap" (dict "name" .entry.existingConfigMap "items" (list (dict "key" .entry.key "path" .file)))) }}
{{- else }}
{{- $reference := include "assay.secretReference" (list . $own) | fromYaml }}
{{- $sources = append $sources (dict "secret" (dict "name" $reference.name "items" (list (dict "key" $reference.key "path" .file)))) }}
{{- end }}
{{- end }}
{{- end }}
{{- if $sources }}
- name: secrets
  projected:
    # 0440: for the group that the files belong to.
    defaultMode: 288
    sources:
      {{- toYaml $sources | nindent 6 }}
{{- end }}
{{- end }}
