#!/usr/bin/env bash
# The same work by other programs in one run on one machine, with the ratio of the times. Whole processes, start and
# reading included; three runs each, the fastest counts.
set -euo pipefail
cd "$(dirname "$0")/../.."
peatplan=${PEATPLAN_BIN:-target/release/peatplan}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fastest() { # seconds of the fastest of three runs
  local best=999999 start end took
  for _ in 1 2 3; do
    start=$(date +%s%N)
    "$@" >"$work/out" 2>&1 || { cat "$work/out" >&2; exit 1; }
    end=$(date +%s%N)
    took=$(((end - start) / 1000))
    if [ "$took" -lt "$best" ]; then best=$took; fi
  done
  echo "$best"
}
compare() { # what, ours, theirs in microseconds
  awk -v what="$1" -v ours="$2" -v theirs="$3" \
    'BEGIN { printf "%-58s ours %7.3f s   theirs %7.3f s   ratio %.2f\n", what, ours/1e6, theirs/1e6, theirs/ours }'
}

# Inverse distance, power 4, 20 nearest, 50 m cells over the probes of the largest deposit: gdal_grid fills the whole box.
# -txe and -tye give it the grid that the deposit's outline has.
read -r w s e n < <("$peatplan" export deposits "$work/d.gpkg" --project data/demo.gpkg 2>/dev/null; ogr2ogr -f GPKG "$work/u.gpkg" "$work/d.gpkg" deposits \
  -t_srs EPSG:32637 -where "code = 'D1'"; ogrinfo -so "$work/u.gpkg" deposits | sed -n 's/Extent: (\(.*\), \(.*\)) - (\(.*\), \(.*\))/\1 \2 \3 \4/p')
"$peatplan" export probes "$work/p.gpkg" --project data/demo.gpkg 2>/dev/null
ogr2ogr -f GPKG "$work/pu.gpkg" "$work/p.gpkg" probes -t_srs EPSG:32637
columns=$(awk -v a="$w" -v b="$e" 'BEGIN { print int((b - a) / 50) }')
rows=$(awk -v a="$s" -v b="$n" 'BEGIN { print int((b - a) / 50) }')
ours=$(fastest "$peatplan" estimate D1 --project data/demo.gpkg --method idw --cell-m 50 --constraints ignore)
theirs=$(fastest gdal_grid -q -zfield depth_m -a invdistnn:power=4:max_points=20:min_points=1:radius=20000 -txe "$w" "$e" -tye "$s" "$n" \
  -outsize "$columns" "$rows" -l probes "$work/pu.gpkg" "$work/grid.tif")
compare "volume of a deposit, 50 m cells (gdal_grid, grid only)" "$ours" "$theirs"

# The probes of the demo project from CSV into a GeoPackage with its spatial index.
import_ours() { rm -f "$work/o.gpkg"; "$peatplan" import probes geodata/demo/invented/probes.csv --project "$work/o.gpkg"; }
import_theirs() {
  rm -f "$work/t.gpkg"
  ogr2ogr -f GPKG "$work/t.gpkg" geodata/demo/invented/probes.csv -oo X_POSSIBLE_NAMES=lon -oo Y_POSSIBLE_NAMES=lat -oo AUTODETECT_TYPE=YES -a_srs EPSG:4326
}
compare "5,844 probes from CSV into a project (ogr2ogr, unchecked)" "$(fastest import_ours)" "$(fastest import_theirs)"

# Kriging, inverse distance and simulation by gstat, PyKrige, GSTools and GDAL, in an environment of its own below target/.
bench=$(cargo bench --locked --bench geostat_peers --no-run --message-format=json |
  sed -n 's/.*"name":"geostat_peers".*"executable":"\([^"]*\)".*/\1/p')
peers=target/peers
if [ ! -x "$peers/bin/python" ]; then python3 -m venv "$peers" || { echo "left out: python3 has no venv (Debian: python3-venv)"; exit 0; }; fi
"$peers/bin/pip" install --quiet numpy==2.4.6 || { echo "left out: numpy cannot be installed"; exit 0; }
for peer in pykrige==1.7.3 gstools==1.7.0; do "$peers/bin/pip" install --quiet "$peer" || echo "$peer cannot be installed"; done
"$peers/bin/python" benches/peers/geostat.py "$bench" "$@"
