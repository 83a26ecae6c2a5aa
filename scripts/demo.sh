#!/usr/bin/env bash
# Makes the demo projects data/demo.gpkg and data/tydal.gpkg from geodata/demo. Each is made beside its place and
# moved there when it is whole.
set -euo pipefail
cd "$(dirname "$0")/.."
peatplan=${PEATPLAN_BIN:-target/release/peatplan}
data=${1:-data}
mkdir -p "$data"
work=$(mktemp -d "$data/.demo.XXXXXX")
finish() {
  local status=$?
  if [ $status -ne 0 ]; then cat "$work"/*.log >&2 || true; fi
  rm -rf "$work"
}
trap finish EXIT

make_demo() {
  local project=$work/demo.gpkg demo=geodata/demo
  "$peatplan" project --project "$project" --title "Gus-Khrustalny" --title-ru "Гусь-Хрустальный" --working-crs EPSG:32637 >/dev/null
  import() { "$peatplan" import "$1" "$demo/$2" --project "$project"; }
  import districts real/districts.geojson
  import settlements real/settlements.geojson
  import waters real/waters.geojson
  import deposits invented/deposits.geojson
  import fields invented/fields.geojson
  import probes invented/probes.csv
  import cores invented/cores.csv
  import reserve-statements invented/reserve-statements.csv
  import constraints invented/constraints.geojson
  import consumers invented/consumers.geojson
  import plants invented/plants.geojson
  import scenarios invented/scenarios.geojson
  import haul-network invented/haul-network.geojson
}

make_tydal() {
  local project=$work/tydal.gpkg tydal=geodata/demo/tydal
  local source="source=NINA, Kyrkjeeide et al. 2023, doi 10.1080/17583004.2023.2267018"
  "$peatplan" project --project "$project" --title "Tydal" --title-ru "Тюдал" --working-crs EPSG:25833 >/dev/null
  "$peatplan" import deposits "$tydal/test_shapefile.shp" --project "$project" --set name=Tydal "$source"
  "$peatplan" import probes "$tydal/test_depths_samples.csv" --project "$project" --crs EPSG:25832 \
    --map depth=torvdybde_cm --unit depth=cm --set method=probe "$source"
}

for project in demo tydal; do
  "make_$project" >"$work/$project.log" 2>&1
  # The last command has closed the file, so that nothing of it is left in a log beside it.
  rm -f "$data/$project.gpkg" "$data/$project.gpkg-wal" "$data/$project.gpkg-shm"
  mv "$work/$project.gpkg" "$data/$project.gpkg"
  cp "$work/$project.log" "$data/$project.log"
  echo "made $data/$project.gpkg"
done
