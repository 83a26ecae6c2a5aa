#!/usr/bin/env bash
# Installs the system packages that peatplan builds, runs and tests with, where they are missing (Debian 12,
# Ubuntu 22.04 and later). Rust itself is expected: https://rustup.rs
set -euo pipefail

packages=(
  build-essential pkg-config libclang-dev   # bindings to the system's libraries
  libgdal-dev libproj-dev proj-data libsqlite3-dev
  gdal-bin zip unzip python3                # tests ask other programs for their opinion
  curl ca-certificates
)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done

# Node.js from the distribution, unless a newer one is there.
node_major() { node --version 2>/dev/null | sed 's/^v//; s/\..*//' || echo 0; }
if [ "$(node_major || echo 0)" -lt 18 ] 2>/dev/null || ! command -v npm >/dev/null; then missing+=(nodejs npm); fi

# Debian names the browser chromium; Ubuntu's package of that name only points to a snap.
if ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null && ! command -v google-chrome >/dev/null; then
  if [ "${PEATPLAN_WITHOUT_BROWSER:-}" != 1 ]; then missing+=(chromium); fi
fi

if [ ${#missing[@]} -gt 0 ]; then
  echo "installing: ${missing[*]}"
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
  export DEBIAN_FRONTEND=noninteractive
  "${as_root[@]}" apt-get update -q
  "${as_root[@]}" apt-get install -y -q --no-install-recommends "${missing[@]}"
fi

if ! command -v cargo >/dev/null; then
  echo "Rust is missing: install it from https://rustup.rs and try again" >&2
  exit 1
fi
major=$(node_major)
if [ "${major:-0}" -lt 20 ]; then
  echo "Node.js 20 or later is needed to build the map; this is $(node --version 2>/dev/null || echo none)" >&2
  exit 1
fi
