#!/usr/bin/env bash
# The same data served by peatplan and by other map servers on one machine, in one run: requests a second, latency, memory, and the ratio to the
# fastest peer. Installs what is missing (Debian's packages; Python's into target/peers-gis). `run.sh [ours] [mapserver] [pygeoapi] [tipg] [martin]`.
#
# Martin is measured where it is found as `martin`; BUILD_MARTIN=yes builds it (a long build) into target/peers-gis.
set -euo pipefail
cd "$(dirname "$0")/../../.."
work=target/peers-gis
mkdir -p "$work"
missing=()
for pair in wrk:wrk nginx:nginx-light spawn-fcgi:spawn-fcgi ogr2ogr:gdal-bin psql:postgresql-client; do
  PATH=$PATH:/usr/sbin command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
compgen -G '/usr/lib/*/mod_spatialite.so' >/dev/null || missing+=(libsqlite3-mod-spatialite)
[ -x /usr/lib/cgi-bin/mapserv ] || missing+=(cgi-mapserver)
compgen -G '/usr/share/postgresql/*/extension/postgis.control' >/dev/null || missing+=(postgresql postgis postgresql-postgis)
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" -eq 0 ]; then root=(); else root=(sudo); fi
  "${root[@]}" apt-get update -q
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
fi
if ! cmp -s benches/peers/gis/requirements.txt "$work/python/made-of" 2>/dev/null; then
  # The system's own Python: others may be built without SQLite's extensions, which pygeoapi loads.
  rm -rf "$work/python"
  /usr/bin/python3 -m venv "$work/python"
  "$work/python/bin/pip" install --quiet -r benches/peers/gis/requirements.txt
  cp benches/peers/gis/requirements.txt "$work/python/made-of"
fi
if [ "${BUILD_MARTIN:-}" = yes ] && [ ! -x "$work/bin/martin" ]; then
  # Of its sources only PostGIS: drawing on the server would want MapLibre's own build, which it clones while it compiles.
  nice -n 19 cargo install martin --version 1.14.0 --locked --no-default-features --features postgres --root "$work"
fi
export PATH="$PWD/$work/bin:$PATH:/usr/sbin" PEATPLAN_BIN="${PEATPLAN_BIN:-$PWD/target/release/peatplan}"
exec "$work/python/bin/python" benches/peers/gis/compare.py "$work" "$@"
