"""The GDAL inside pyogrio, years newer than the distribution's: the same layers, values and geometries; other formats of the service read by it."""

import json

import numpy
import pyogrio
import shapely

from checks import Checks
from recorder import Recorder
from service import Service, ask


def main():
    checks = Checks("GDAL of pyogrio")
    print("GDAL", pyogrio.__gdal_version_string__)
    with Service() as service, Recorder(service.address) as recorder:
        source = f"OAPIF:{recorder.ogc}"
        collections = ask(f"{service.ogc}/collections", Accept="application/json").json()["collections"]
        layers = checks.run("the layers are listed", lambda: pyogrio.list_layers(source))
        checks.equal("all of them", sorted(name for name, _ in layers), sorted(one["id"] for one in collections))
        for collection in collections:
            layer = collection["id"]
            got = checks.run(f"{layer}: is read", lambda layer=layer: pyogrio.raw.read(source, layer=layer))
            if not got:
                continue
            meta, ids, geometry, fields = got
            page = ask(f"{service.ogc}/collections/{layer}/items?limit=10000", Accept="application/geo+json").json()
            checks.equal(f"{layer}: every row", len(geometry if geometry is not None else fields[0]), page["numberMatched"])
            if geometry is not None and page["features"] and page["features"][0]["geometry"]:
                ours = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in page["features"]])
                theirs = shapely.from_wkb(geometry)
                same = [a.equals_exact(b, 1e-9) if a is not None and b is not None else a is b for a, b in zip(ours, theirs)]
                checks.that(f"{layer}: every geometry as it stands", all(same), f"{same.count(False)} differ")
            words = dict(zip(meta["fields"], fields))
            if "code" in words:
                checks.that(f"{layer}: every code as it stands", list(words["code"]) == [one["properties"].get("code") for one in page["features"]])

        mark = recorder.mark
        box = (40.7, 55.5, 40.9, 55.6)
        inside = checks.run("a box is read", lambda: pyogrio.raw.read(source, layer="probes", bbox=box))
        expected = ask(f"{service.ogc}/collections/probes/items?limit=1&bbox={','.join(map(str, box))}").json()["numberMatched"]
        checks.equal("the rows of the box", len(inside[2]), expected)
        checks.that("asked of the server", any("bbox=" in one.target for one in recorder.since(mark)), recorder.since(mark))
        for where in ["depth_m > 3.0", "code = 'Z-0007'", "depth_m > 3.0 AND refusal = 'mineral_bottom'", "code LIKE 'Z-00%'", "code IN ('Z-0007', 'Z-0008')", "depth_m IS NULL"]:
            mark = recorder.mark
            got = checks.run(f"where {where}: is read", lambda where=where: pyogrio.raw.read(source, layer="probes", where=where))
            every = pyogrio.raw.read(source, layer="probes")
            depth = every[3][list(every[0]["fields"]).index("depth_m")]
            if got and where == "depth_m > 3.0":
                checks.equal("as many as are so deep", len(got[2]), int(numpy.sum(numpy.nan_to_num(depth) > 3.0)))
            if where.startswith("code ="):
                asked = [one for one in recorder.since(mark) if "/items" in one.target]
                checks.that("an equality is sent to the server", any("code=Z-0007" in one.target or "filter=" in one.target for one in asked), asked[:6])
            checks.that("no request was refused", all(one.status < 400 for one in recorder.since(mark)), [one for one in recorder.since(mark) if one.status >= 400])

        offered = {link.get("type"): link["href"] for link in ask(f"{service.ogc}/collections/deposits/items?limit=100", Accept="application/geo+json").json()["links"]
                   if link["rel"] == "alternate"}
        for media, ending in [("application/flatgeobuf", "fgb"), ("application/geopackage+sqlite3", "gpkg"), ("text/csv; charset=utf-8", "csv"), ("application/geo+json-seq", "geojsons"),
                              ("application/vnd.ogc.fg+json", "json")]:
            if media not in offered:
                print(f"  not offered: {media}")
                continue
            answer = ask(offered[media], Accept=media)
            file = service.folder / f"deposits.{ending}"
            file.write_bytes(answer.body)
            checks.equal(f"{media}: is answered", answer.status, 200)
            got = checks.run(f"{media}: GDAL reads it", lambda file=file: pyogrio.raw.read(file))
            if got:
                checks.equal(f"{media}: every row", len(got[3][0]), 8)
    checks.close(at_least=50)


main()
