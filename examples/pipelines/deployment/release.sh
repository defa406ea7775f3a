#!/bin/sh
# Releases a plain Deployment, has it compared with the hour before its release, and takes it back when it is worse.
#
#   ASSAY_URL=https://assay.example.com ASSAY_TOKEN=… release.sh VERSION
set -eu
version=$1
event="checkout-production-$(kubectl get deployment/checkout -o jsonpath='{.metadata.uid}')-$version-$(date +%s)"

kubectl set image deployment/checkout "checkout=registry.example.com/checkout:$version"
kubectl rollout status deployment/checkout --timeout 10m
revision=$(kubectl get deployment/checkout -o jsonpath='{.metadata.generation}')

assay emit --application checkout --environment production --release-version "$version" --revision "$revision" \
    --before 1h --experiment app=checkout --plan checkout-before-after --id "$event"
code=0
assay wait --event "$event" --timeout 90m || code=$?
case $code in
    0) echo "$version stays" ;;
    1)
        # Never takes back what another pipeline has released since.
        if [ "$(kubectl get deployment/checkout -o jsonpath='{.metadata.generation}')" = "$revision" ]; then
            kubectl rollout undo deployment/checkout
        fi
        ;;
    # Marginal, inconclusive, or no verdict says nothing against the release: it stays, and a person looks at it.
    *) echo "no answer about $version: it stays, look at it" >&2 ;;
esac
exit "$code"
