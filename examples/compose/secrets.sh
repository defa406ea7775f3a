#!/bin/sh
# Makes the passwords and the token of this machine's stack, once. The folder is for its owner alone; the files are read by the
# containers' own users.
set -eu
cd "$(dirname "$0")"
mkdir -p -m 700 secrets
for name in postgres-password grafana-password web-token; do
    [ -s "secrets/$name" ] || head -c 24 /dev/urandom | base64 | tr -d '\n' > "secrets/$name"
    chmod 444 "secrets/$name"
done
