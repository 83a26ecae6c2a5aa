# Built in two stages: compilers stay behind, the image has the program, the map and the libraries it links.
FROM rust:1-bookworm AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends libgdal-dev libproj-dev libsqlite3-dev libclang-dev pkg-config ca-certificates \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY Cargo.toml Cargo.lock ./
COPY benches benches
COPY geodata geodata
COPY src src
COPY scripts scripts
RUN cargo build --release --locked && scripts/demo.sh data

FROM node:20-bookworm-slim AS map
WORKDIR /build/static
COPY static/package.json static/package-lock.json static/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY geodata/schema /build/geodata/schema
COPY static ./
RUN npm run build

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends libgdal32 libproj25 proj-data libsqlite3-0 curl \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data --create-home peatplan
COPY --from=build /build/target/release/peatplan /usr/local/bin/peatplan
COPY --from=build --chown=peatplan /build/data/demo.gpkg /build/data/tydal.gpkg /data/
COPY --from=map /build/static/dist /usr/share/peatplan/map
USER peatplan
WORKDIR /data
ENV PEATPLAN_MAP=/usr/share/peatplan/map PEATPLAN_PROJECT=/data/demo.gpkg PEATPLAN_LISTEN=0.0.0.0:8080
EXPOSE 8080
VOLUME /data
HEALTHCHECK --interval=30s --timeout=5s CMD curl -fsS http://127.0.0.1:8080/health/ready || exit 1
CMD ["peatplan", "serve"]
