"""A decoder of vector tiles and a reader of PMTiles that are not ours: every tile of every layer is read, and what it holds is where it should be."""

import gzip
import json
import math

import mapbox_vector_tile
import shapely
from pmtiles.reader import MemorySource, Reader, all_tiles

from checks import Checks
from service import Service, ask

MVT = "application/vnd.mapbox-vector-tile"
EXTENT_DEFAULT = 4096


def tile_at(longitude, latitude, zoom):
    column = int((longitude + 180.0) / 360.0 * 2**zoom)
    row = int((1.0 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2.0 * 2**zoom)
    return column, row


def lon_lat(column, row, zoom, x, y, extent):
    """The place of a position of a tile whose y counts downwards."""
    longitude = (column + x / extent) / 2**zoom * 360.0 - 180.0
    latitude = math.degrees(math.atan(math.sinh(math.pi * (1.0 - 2.0 * (row + y / extent) / 2**zoom))))
    return longitude, latitude


def decoded(body):
    if body[:2] == b"\x1f\x8b":
        body = gzip.decompress(body)
    return mapbox_vector_tile.decode(body, default_options={"y_coord_down": True})


def first_position(geometry):
    position = geometry["coordinates"]
    while not isinstance(position[0], (int, float)):
        position = position[0]
    return position


def main():
    checks = Checks("tiles")
    with Service() as service:
        landing = ask(service.ogc, Accept="application/json").json()["links"]
        checks.that("the landing page leads to the tilesets", any(link["rel"].endswith("/tilesets-vector") for link in landing))
        for collection in ask(f"{service.ogc}/collections", Accept="application/json").json()["collections"]:
            layer = collection["id"]
            features = ask(f"{service.ogc}/collections/{layer}/items?limit=20", Accept="application/geo+json").json()["features"]
            placed = [one for one in features if one["geometry"]]
            if not placed:
                continue
            expected = shapely.from_geojson(json.dumps(placed[0]["geometry"]))
            longitude, latitude = first_position(placed[0]["geometry"])
            seen = 0
            for zoom in (4, 8, 10, 12, 14):
                column, row = tile_at(longitude, latitude, zoom)
                answer = ask(f"{service.ogc}/collections/{layer}/tiles/WebMercatorQuad/{zoom}/{row}/{column}", Accept=MVT)
                if not checks.that(f"{layer} {zoom}/{row}/{column}: is answered", answer.status == 200 and answer.headers["content-type"].startswith(MVT),
                                   f"{answer.status} {answer.headers.get('content-type')} {answer.body[:200]}"):
                    break
                tile = checks.run(f"{layer} {zoom}/{row}/{column}: is decoded", lambda answer=answer: decoded(answer.body))
                if not isinstance(tile, dict):
                    continue
                checks.equal(f"{layer} {zoom}: its layer has the collection's name", list(tile), [layer])
                extent = tile[layer].get("extent", EXTENT_DEFAULT)
                mine = [one for one in tile[layer]["features"] if one.get("id") == placed[0]["id"]]
                if not mine:
                    continue
                seen += 1
                x, y = first_position(mine[0]["geometry"])
                spot = shapely.Point(lon_lat(column, row, zoom, x, y, extent))
                reach = 3.0 * 360.0 / 2**zoom / extent + 0.05 * 360.0 / 2**zoom
                checks.that(f"{layer} {zoom}: feature {placed[0]['id']} lies where it should", spot.distance(expected) < reach, f"{spot} is {spot.distance(expected)} off")
                shapes = [shapely.from_geojson(json.dumps(one["geometry"])) for one in tile[layer]["features"]]
                bad = [shapely.is_valid_reason(shape) for shape in shapes if not shape.is_valid]
                checks.equal(f"{layer} {zoom}: every shape is valid", bad, [])
                checks.that(f"{layer} {zoom}: values came along", all(one["properties"] for one in tile[layer]["features"]))
            checks.that(f"{layer}: feature {placed[0]['id']} was in a tile", seen > 0)
        empty = ask(f"{service.ogc}/collections/deposits/tiles/WebMercatorQuad/10/0/0", Accept=MVT)
        checks.that("a tile without features", empty.status in (200, 204, 404), empty.status)
        column, row = tile_at(40.8, 55.6, 9)
        whole = ask(f"{service.ogc}/tiles/WebMercatorQuad/9/{row}/{column}", Accept=MVT)
        if checks.equal("a tile of the whole data set", whole.status, 200):
            checks.that("holds several layers", len(decoded(whole.body)) > 2, list(decoded(whole.body)))
        for system in [one["id"] for one in ask(f"{service.ogc}/tileMatrixSets", Accept="application/json").json().get("tileMatrixSets", [])]:
            checks.equal(f"{system}: is described", ask(f"{service.ogc}/tileMatrixSets/{system}", Accept="application/json").status, 200)
        archive(checks, service)
    checks.close(at_least=100)


def archive(checks, service):
    """The tileset as PMTiles, by the link of that type."""
    tilesets = ask(f"{service.ogc}/tiles", Accept="application/json").json()["tilesets"]
    links = [link for tileset in tilesets for link in tileset["links"]]
    found = next((link["href"] for link in links if "pmtiles" in link.get("type", "") + link["href"]), None)
    if not checks.that("a link to the export as PMTiles", found is not None):
        return
    answer = ask(found)
    if not checks.equal("it is answered", answer.status, 200):
        return
    source = MemorySource(answer.body)
    reader = Reader(source)
    header = checks.run("its header is read", reader.header)
    checks.run("its metadata are read", reader.metadata)
    checks.that("it holds vector tiles", header and header["tile_type"].name == "MVT", header)
    count = 0
    for (zoom, column, row), body in all_tiles(source):
        count += 1
        if count % 7 == 1:
            tile = decoded(body)
            checks.that(f"PMTiles {zoom}/{column}/{row}: has features", tile and all(layer["features"] for layer in tile.values()))
        if count > 700:
            break
    checks.that("it holds tiles", count > 0, count)


main()
