#!/usr/bin/env bash
# Other people's programs judge a running service: `scripts/conformance.sh [JUDGE ...]`. Each judge starts a service of its own on a copy of
# the project. PEATPLAN_BIN and PROJECT say what is judged. What the judges need is kept in .tools/conformance.
set -euo pipefail
cd "$(dirname "$0")/.."
all=(suites black_box api_document fuzz gdal_old gdal_new owslib_client tiles qgis_provider qgis_requests soak)
judges=("$@")
if [ ${#judges[@]} -eq 0 ]; then judges=("${all[@]}"); fi
tools=.tools/conformance
mkdir -p "$tools"

environment() { # name, list of requirements: a Python environment that has them, made anew when the list changes
  local folder="$tools/$1" list="tests/conformance/$2"
  if ! cmp -s "$list" "$folder/made-of" 2>/dev/null; then
    rm -rf "$folder"
    python3 -m venv "$folder" >&2 || { echo "python3 has no venv (Debian: python3-venv)" >&2; return 1; }
    "$folder/bin/pip" install --quiet --disable-pip-version-check -r "$list" >&2
    cp "$list" "$folder/made-of"
  fi
  echo "$folder/bin/python"
}
needed() { # program, Debian's package
  if command -v "$1" >/dev/null; then return; fi
  echo "installing: $2"
  if [ "$(id -u)" -eq 0 ]; then local root=(); else local root=(sudo); fi
  "${root[@]}" apt-get update -q
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$2"
}
python_of() { # judge: the Python that runs it
  case "$1" in
    suites) needed java default-jre-headless >&2; needed mvn maven >&2; echo python3 ;;
    gdal_old) needed ogrinfo gdal-bin >&2; echo python3 ;;
    qgis_requests | soak) echo python3 ;;
    qgis_provider)
      /usr/bin/python3 -c 'import qgis.core' 2>/dev/null || needed qgis-python-bindings python3-qgis >&2
      echo /usr/bin/python3 ;;
    black_box) environment ogctests requirements-ogctests.txt ;;
    *) environment python requirements.txt ;;
  esac
}

failed=() left_out=() summary=()
for judge in "${judges[@]}"; do
  python=$(python_of "$judge")
  log="$tools/$judge.log"
  began=$SECONDS
  echo "=== $judge"
  set +e
  "$python" "tests/conformance/$judge.py" 2>&1 | tee "$log" | grep -v '^  ok '
  verdict=${PIPESTATUS[0]}
  set -e
  took=$((SECONDS - began))
  case "$verdict" in
    0) word=passed ;;
    75) word='not judged' left_out+=("$judge") ;;
    *) word=FAILED failed+=("$judge") ;;
  esac
  summary+=("$(printf '%-14s %-10s %4d s   %s' "$judge" "$word" "$took" "$(grep -E '^[^ ].*: [0-9]+ passed' "$log" | tail -1)")")
done
echo "=== summary"
printf '%s\n' "${summary[@]}"
if [ ${#left_out[@]} -gt 0 ]; then echo "not judged, for what they need is not to be had here: ${left_out[*]}"; fi
if [ ${#failed[@]} -gt 0 ]; then echo "failed: ${failed[*]}"; exit 1; fi
# What was not judged is no success, unless whoever runs this says that it is known.
if [ ${#left_out[@]} -gt 0 ] && [ "${ALLOW_NOT_JUDGED:-}" != yes ]; then exit 1; fi
