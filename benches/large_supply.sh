#!/usr/bin/env bash
# A project of 1,000 fields and a network of 10⁵ nodes, all of it invented and flagged so, and what the drag of a plant over it
# costs at the server: the supply curve and the catchment, each for 20 places.
#
#   benches/large_supply.sh [FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."
peatplan=${PEATPLAN_BIN:-target/release/peatplan}
folder=${1:-data/large}
project=$folder/supply.gpkg
mkdir -p "$folder"

if [ ! -f "$project" ]; then
  # 25 square deposits of 40 fields each, in a square of five by five; roads on every third of an arc minute or so.
  awk -v what=deposits 'BEGIN {
    print "{\"type\":\"FeatureCollection\",\"features\":["
    for (d = 0; d < 25; d++) {
      x = 40.0 + 0.1 * (d % 5); y = 55.0 + 0.06 * int(d / 5)
      printf "%s{\"type\":\"Feature\",\"properties\":{\"code\":\"L%d\",\"name\":\"Invented deposit %d\",\"stated_mean_depth_m\":2.4,\"synthetic\":true},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[%.6f,%.6f],[%.6f,%.6f],[%.6f,%.6f],[%.6f,%.6f],[%.6f,%.6f]]]}}", d ? "," : "", d, d, x, y, x + .08, y, x + .08, y + .05, x, y + .05, x, y
    }
    print "]}"
  }' >"$folder/supply-deposits.geojson"
  awk 'BEGIN {
    print "{\"type\":\"FeatureCollection\",\"features\":["
    for (f = 0; f < 1000; f++) {
      d = f % 25; k = int(f / 25); x = 40.0 + 0.1 * (d % 5) + 0.01 * (k % 8); y = 55.0 + 0.06 * int(d / 5) + 0.01 * int(k / 8)
      printf "%s{\"type\":\"Feature\",\"properties\":{\"code\":\"F%d\",\"name\":\"Invented field %d\",\"deposit\":\"L%d\",\"status\":\"in_production\",\"seasonal_yield_t_ha\":%d,\"synthetic\":true},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[%.6f,%.6f],[%.6f,%.6f],[%.6f,%.6f],[%.6f,%.6f],[%.6f,%.6f]]]}}", f ? "," : "", f, f, d, 300 + f * 37 % 200, x, y, x + .009, y, x + .009, y + .009, x, y + .009, x, y
    }
    print "]}"
  }' >"$folder/supply-fields.geojson"
  awk 'BEGIN {
    print "{\"type\":\"FeatureCollection\",\"features\":["
    for (l = 0; l < 632; l++) {
      printf "%s{\"type\":\"Feature\",\"properties\":{\"name\":\"Invented road %d\",\"class\":\"tertiary\",\"synthetic\":true},\"geometry\":{\"type\":\"LineString\",\"coordinates\":[", l ? "," : "", l
      for (v = 0; v < 316; v++) {
        i = l < 316 ? v : l - 316; j = l < 316 ? l : v
        printf "%s[%.6f,%.6f]", v ? "," : "", 39.98 + 0.0017 * i, 54.98 + 0.00105 * j
      }
      print "]}}"
    }
    print "]}"
  }' >"$folder/supply-roads.geojson"
  rm -f "$project".part*
  for layer in deposits fields; do "$peatplan" import $layer "$folder/supply-$layer.geojson" --project "$project.part" | tail -1; done
  "$peatplan" import haul-network "$folder/supply-roads.geojson" --project "$project.part" | tail -1
  mv "$project.part" "$project"
fi

log=$(mktemp)
"$peatplan" serve --project "$project" --listen 127.0.0.1:0 >"$log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true; rm -f "$log"' EXIT
until address=$(grep -om1 'http://[0-9.:]*' "$log"); do sleep 0.01; done
until curl -fsS "$address/supply?at=40.2,55.1&heat_capacity_mw=60&routes=false" >/dev/null 2>&1; do sleep 0.1; done
dragged() { # WHAT ADDRESS: the median and the slowest of 20 places
  for place in $(seq 0 19); do
    awk -v p="$place" 'BEGIN { printf "%.5f,%.5f\n", 40.02 + 0.023 * p, 55.01 + 0.013 * (p * 7 % 20) }'
  done | while read -r at; do
    curl -fsS -o /dev/null -w '%{time_total}\n' "$address/$2?at=$at&heat_capacity_mw=60${3:-}"
  done | sort -n | awk -v what="$1" '{ t[NR] = 1000 * $1 } END { printf "%s: median %.0f ms, slowest %.0f ms\n", what, t[int((NR + 1) / 2)], t[NR] }'
}
dragged "supply curve of 1,000 fields over 100,000 nodes" supply "&routes=false"
dragged "the same with its routes as lines" supply
dragged "catchment" supply/catchment
dragged "flows" supply/flows
