#!/usr/bin/env bash
# A project of a million probes in a hundred deposits, all of it invented and flagged so, and what it takes to import it and
# to serve it: seconds until the first answer, and memory against the file's size.
#
#   benches/large_project.sh [FOLDER] [PROBES]
set -euo pipefail
cd "$(dirname "$0")/.."
peatplan=${PEATPLAN_BIN:-target/release/peatplan}
folder=${1:-data/large}
probes=${2:-1000000}
project=$folder/large.gpkg
mkdir -p "$folder"

if [ ! -f "$project" ]; then
  # A hundred round deposits in a square of ten by ten, 0.12° by 0.07° each, with outlines of 240 corners.
  awk 'BEGIN {
    print "{\"type\":\"FeatureCollection\",\"features\":["
    for (d = 0; d < 100; d++) {
      printf "%s{\"type\":\"Feature\",\"properties\":{\"code\":\"L%d\",\"name\":\"Invented deposit %d\",\"synthetic\":true},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[", d ? "," : "", d, d
      for (c = 0; c <= 240; c++) {
        a = (c % 240) * 6.283185307179586 / 240
        printf "%s[%.7f,%.7f]", c ? "," : "", 38.0 + 0.14 * (d % 10) + 0.06 * cos(a), 55.0 + 0.08 * int(d / 10) + 0.035 * sin(a)
      }
      print "]]}}"
    }
    print "]}"
  }' >"$folder/deposits.geojson"
  # Probes on lines, a few thousand to a deposit; depth falls towards the edge. The seed makes the file the same each time.
  awk -v probes="$probes" 'BEGIN {
    srand(20260101)
    split("mineral_bottom,mineral_bottom,mineral_bottom,wood,rod_length", stops, ",")
    print "code,lon,lat,depth_m,refusal,censored,method,date,drained,survey_line,surface_elevation_m,source,synthetic"
    for (p = 0; p < probes; p++) {
      d = p % 100; r = sqrt(rand()); a = rand() * 6.283185307179586; stop = stops[1 + int(rand() * 5)]
      printf "P%d,%.7f,%.7f,%.2f,%s,%s,probe,%d-%02d-%02d,%s,L%d-%d,%.2f,invented for a measurement,true\n", p,
        38.0 + 0.14 * (d % 10) + 0.06 * r * cos(a), 55.0 + 0.08 * int(d / 10) + 0.035 * r * sin(a), 0.1 + 6 * (1 - r * r) * (0.7 + 0.3 * rand()),
        stop, stop == "rod_length" ? "true" : "false", 1960 + int(rand() * 60), 1 + int(rand() * 12), 1 + int(rand() * 28),
        rand() < 0.3 ? "true" : "false", d, int(r * 40), 110 + 20 * rand()
    }
  }' >"$folder/probes.csv"
  rm -f "$project".part*
  "$peatplan" import deposits "$folder/deposits.geojson" --project "$project.part" >/dev/null
  start=$(date +%s%N)
  "$peatplan" import probes "$folder/probes.csv" --project "$project.part" | tail -3
  awk -v ns=$(($(date +%s%N) - start)) 'BEGIN { printf "import: %.1f s\n", ns / 1e9 }'
  mv "$project.part" "$project"
fi

size=$(stat -c %s "$project")
log=$(mktemp)
start=$(date +%s%N)
"$peatplan" serve --project "$project" --listen 127.0.0.1:0 >"$log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true; rm -f "$log"' EXIT
until address=$(grep -om1 'http://[0-9.:]*' "$log"); do sleep 0.01; done
until curl -fsS "$address/ogc/collections/probes/items?limit=1" >/dev/null 2>&1; do sleep 0.01; done
awk -v ns=$(($(date +%s%N) - start)) 'BEGIN { printf "first answer after %.2f s\n", ns / 1e9 }'
sleep 3
awk -v size="$size" '/^VmHWM|^VmRSS/ { printf "%s %.0f MB, %.2f of the file (%.0f MB)\n", $1, $2 / 1024, $2 * 1024 / size, size / 1048576 }' "/proc/$server/status"
