#!/usr/bin/env bash
# GDAL's own client for OGC API Features reads every collection of a running service.
set -euo pipefail
cd "$(dirname "$0")/.."
log=$(mktemp)
target/release/peatplan serve --project "${PROJECT:-data/demo.gpkg}" --listen 127.0.0.1:0 >"$log" 2>/dev/null &
server=$!
trap 'kill $server 2>/dev/null; rm -f "$log"' EXIT
for _ in $(seq 100); do grep -q listening "$log" && break; sleep 0.1; done
address=$(sed -n 's/listening on //p' "$log")
ogrinfo -ro -so -al "OAPIF:$address/ogc" | grep -E '^(Layer name|Feature Count|Extent)'
