#!/bin/sh
# A quality gate as a pre-condition: only what SonarQube lets pass is released, and only what is released is judged.
#
#   SONAR_URL=… SONAR_TOKEN=… ASSAY_URL=… ASSAY_TOKEN=… gate.sh VERSION
#
# Exit codes: 0 promoted. 1 refused by the gate, or failed as a canary. 2, 3 no answer of one of the two: nothing promoted.
set -eu
version=$1

answer=$(
    printf 'header = "Authorization: Bearer %s"\n' "$SONAR_TOKEN" |
        curl -fsS --retry 3 --retry-delay 2 --max-time 30 --config - \
            "$SONAR_URL/api/qualitygates/project_status?projectKey=checkout&branch=main"
) || { echo "the quality gate does not answer: nothing is released" >&2; exit 3; }
gate=$(printf %s "$answer" | jq -r .projectStatus.status)
case $gate in
    OK) ;;
    ERROR) echo "the quality gate is red: nothing is released" >&2; exit 1 ;;
    *) echo "the quality gate says $gate: nothing is released" >&2; exit 2 ;;
esac

kubectl set image deployment/checkout-canary "checkout=registry.example.com/checkout:$version"
kubectl rollout status deployment/checkout-canary --timeout 10m
event="checkout-production-gate-${BUILD_ID:-0}-$(date +%s)"
assay emit --application checkout --environment production --release-version "$version" --id "$event"
code=0
assay wait --event "$event" --timeout 30m || code=$?
case $code in
    0) kubectl set image deployment/checkout "checkout=registry.example.com/checkout:$version" ;;
    1) kubectl rollout undo deployment/checkout-canary ;;
    *) echo "no answer about $version: promote or take back by hand" >&2 ;;
esac
exit "$code"
