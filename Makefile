# The front door. `make run` and `make test` set up everything they need on a fresh Debian 12 or Ubuntu machine
# with Rust; the other targets expect that one of them has run.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

LISTEN ?= 127.0.0.1:8080
PROJECT ?= data/demo.gpkg
PEATPLAN := target/release/peatplan
# Node.js from here, where scripts/setup.sh had to put one.
export PATH := $(CURDIR)/.tools/node_modules/node/bin:$(PATH)
RUST_SOURCES := $(shell find src geodata/schema geodata/reference -type f 2>/dev/null) Cargo.toml Cargo.lock
MAP_SOURCES := $(shell find static -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)

.PHONY: help setup setup-tests run map demo test test-rust test-map test-browser check bless bench bench-peers bench-gis-peers conformance conformance-quick audit docker clean

help: ## Shows the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

setup: ## Installs the system packages that are missing
	@scripts/setup.sh

setup-tests: ## Installs what the tests need, too
	@scripts/setup.sh tests

run: setup demo map ## Builds everything, makes the demo project and serves it at http://127.0.0.1:8080
	$(PEATPLAN) serve --project $(PROJECT) --listen $(LISTEN)

$(PEATPLAN): $(RUST_SOURCES)
	cargo build --release --locked
	@touch $@

demo: $(PEATPLAN) data/demo.gpkg ## Makes data/demo.gpkg and data/tydal.gpkg from geodata/demo

data/demo.gpkg: $(shell find geodata/demo -type f -not -name '*.py' 2>/dev/null) scripts/demo.sh | $(PEATPLAN)
	scripts/demo.sh

static/node_modules: static/package.json static/package-lock.json
	cd static && npm ci --no-audit --no-fund
	@touch $@

map: static/dist/index.html ## Builds the map into static/dist

static/dist/index.html: static/node_modules $(MAP_SOURCES)
	cd static && npm run build
	@touch $@

test: setup-tests test-rust test-map test-browser ## Runs every test, the browser tests included

test-rust:
	cargo test --locked

test-map: static/node_modules
	cd static && npm test

test-browser: demo map
	scripts/test-browser.sh

check: setup-tests static/node_modules ## Format, lints, types, and that the invented data are what their generator makes
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	cd static && npm run check
	python3 geodata/demo/generate.py --check

bless: ## Renews the recorded answers; read the difference before you commit it
	INSTA_UPDATE=always cargo test --locked --test it

bench: $(PEATPLAN) data/demo.gpkg ## Measures the hot paths
	cargo bench --locked --bench paths --bench planning
	benches/large_supply.sh

bench-peers: $(PEATPLAN) data/demo.gpkg ## The same work by other programs, with the ratios
	benches/peers/run.sh

bench-gis-peers: $(PEATPLAN) ## The same answers by other map servers, with the ratios
	benches/peers/gis/run.sh

conformance: demo ## Other people's programs judge a running service; the first time installs them
	scripts/conformance.sh

# Those that every change must pass: quick, and without QGIS, which is large.
conformance-quick: demo
	ALLOW_NOT_JUDGED=yes SOAK_SECONDS=30 FUZZ_SECONDS=60 scripts/conformance.sh suites api_document fuzz gdal_old gdal_new owslib_client tiles qgis_requests soak

audit: ## Licences and known weaknesses of the dependencies (needs cargo-deny)
	@command -v cargo-deny >/dev/null || cargo install --locked cargo-deny
	cargo deny check

docker: ## Builds the image
	docker build -t peatplan .

clean: ## Removes what was built and the demo projects
	rm -rf .tools target static/dist static/node_modules data/demo.gpkg* data/tydal.gpkg*
