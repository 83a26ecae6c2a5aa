#!/usr/bin/env bash
# The browser tests: real server, demo project, Debian's Chromium. The server that a test starts ends with it.
set -euo pipefail
cd "$(dirname "$0")/.."
export PEATPLAN_BIN=${PEATPLAN_BIN:-$PWD/target/release/peatplan}
export PEATPLAN_PROJECT=${PEATPLAN_PROJECT:-$PWD/data/demo.gpkg}
export PEATPLAN_MAP=${PEATPLAN_MAP:-$PWD/static/dist}
export CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome)}
cd static
npm run test:browser
