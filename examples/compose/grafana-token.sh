#!/bin/sh
# Makes a service account for Assay in Grafana, if there is none, and a new token for it.
set -eu

# The password goes in by a file, so that it does not show in the list of processes.
request() {
    printf 'user = "admin:%s"\n' "$(cat "$PASSWORD_FILE")" |
        curl --fail --silent --show-error --retry 5 --retry-connrefused --config - \
            --header 'Content-Type: application/json' "$@"
}
number() { sed -n 's/.*"id":\([0-9][0-9]*\).*/\1/p' | head -n 1; }

id=$(request "$GRAFANA_URL/api/serviceaccounts/search?query=assay" | tr '{' '\n' | grep '"name":"assay"' | number) || true
[ -n "$id" ] || id=$(request --data '{"name": "assay", "role": "Editor"}' "$GRAFANA_URL/api/serviceaccounts" | number)
request --data "{\"name\": \"assay-$(date +%s)\"}" "$GRAFANA_URL/api/serviceaccounts/$id/tokens" |
    sed -n 's/.*"key":"\([^"]*\)".*/\1/p' > "$TOKEN_FILE"
[ -s "$TOKEN_FILE" ]
