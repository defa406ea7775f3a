#!/bin/sh
# Tells Assay about a release and waits for its verdict with nothing but curl and jq.
#
#   ASSAY_URL=https://assay.example.com ASSAY_TOKEN=… release.sh APPLICATION ENVIRONMENT VERSION EVENT-ID
#
# Prints the verdict's reason. Exit codes as those of `assay wait`: 0 pass, 1 fail, 2 no answer about the release,
# 3 no verdict.
set -u
application=$1 environment=$2 version=$3 id=$4
# By a file, so that the token does not show in the list of processes.
ask() {
    printf 'header = "Authorization: Bearer %s"\n' "${ASSAY_TOKEN:-}" | curl -fsS --config - "$@"
}
deadline=$(($(date +%s) + ${WAIT_SECONDS:-1800}))

event=$(
    jq -cn --arg application "$application" --arg environment "$environment" --arg version "$version" --arg id "$id" \
        '{specversion: "1.0", id: $id, source: "/curl", type: "dev.assay.deploy.v1", data: {$application, $environment, $version}}'
)
receipt=$(
    ask --retry 3 --retry-delay 2 --retry-connrefused --max-time 60 -H 'Content-Type: application/cloudevents+json' \
        --data "$event" "$ASSAY_URL/v1/events"
) || exit 3
session=$(printf %s "$receipt" | jq -r .session)

# The session is there a moment after its event; an Assay that is restarted is waited for.
while [ "$(date +%s)" -lt "$deadline" ]; do
    answer=$(ask --max-time 15 "$ASSAY_URL/v1/sessions/$session" 2>/dev/null) || answer='{}'
    case $(printf %s "$answer" | jq -r '.session | select(.phase == "finished") | "\(.status) \(.result)"') in
        "completed pass") code=0 ;;
        "completed fail") code=1 ;;
        "") sleep 2; continue ;;
        *) code=2 ;;
    esac
    printf %s "$answer" | jq -r '.session | "\(.application) \(.version): \(.result): \(.reason)"'
    exit "$code"
done
echo "no verdict on session $session in time" >&2
exit 3
