#!/bin/sh
# Releases a version that is as good as the stable one, one that is broken, and one that is a little slower, and shows the
# verdicts.
set -eu

release() {
    version=$1
    shift
    revision=$(assay-demo release --shop-url "$SHOP_URL" --release-version "$version" --weight 25 "$@")
    assay emit --application shop --environment demo --release-version "$version" --revision "$revision" --weight 25 \
        --id "compose-$revision"
    assay wait --event "compose-$revision" --timeout 10m || true
}

# Prometheus needs a few scrapes of the shop before there is anything to compare with.
sleep "${PAUSE:-30}"
now=$(date +%s)
release "1.$now.0"
# The controller ends the first release, before the second begins.
sleep "${PAUSE:-30}"
release "1.$now.1" --broken
sleep "${PAUSE:-30}"
release "1.$now.2" --slower
