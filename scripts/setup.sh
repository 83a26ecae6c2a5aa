#!/usr/bin/env bash
# Installs what is missing to build and run peatplan (Debian 12, Ubuntu 24.04 and later): system packages, and Node.js
# where the distribution's is too old. With the word `tests`, what the tests need, too. Rust itself is expected.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
  build-essential pkg-config libclang-dev ca-certificates
  libgdal-dev libproj-dev proj-data libsqlite3-dev
)
# Tests ask other programs for their opinion.
if [ "${1:-}" = tests ]; then packages+=(gdal-bin zip unzip python3 python3-venv curl default-jre-headless maven); fi

installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'install ok installed'; }
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }
install_packages() {
  echo "installing: $*"
  as_root apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}
# The map's tools need Node.js 20.19 or later.
node_is_new_enough() {
  command -v node >/dev/null && command -v npm >/dev/null &&
    node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
}

if ! command -v cargo >/dev/null; then
  echo "Rust is missing: install it from https://rustup.rs and try again" >&2
  exit 1
fi

missing=()
for package in "${packages[@]}"; do installed "$package" || missing+=("$package"); done
export PATH="$PWD/.tools/node_modules/node/bin:$PATH"
if ! command -v npm >/dev/null; then missing+=(nodejs npm); fi
if [ ${#missing[@]} -gt 0 ]; then install_packages "${missing[@]}"; fi

if ! node_is_new_enough; then
  # npm carries Node.js itself as a package; it stays in this folder.
  npm install --prefix .tools --no-save --no-audit --no-fund node@22
  hash -r
  node_is_new_enough || { echo "Node.js 20.19 or later is needed to build the map" >&2; exit 1; }
fi

browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
if [ "${1:-}" = tests ] && ! browser >/dev/null; then
  install_packages chromium || { echo "the browser tests need Chromium; install it and try again" >&2; exit 1; }
fi
