"""OWSLib's clients for OGC API Features and Processes: items, filters, reference systems, and features made, replaced, changed and deleted."""

import json

from owslib.ogcapi.features import Features
from owslib.ogcapi.processes import Processes

from checks import Checks
from service import Service, ask

LAYER = "settlements"
LAT_LON = "http://www.opengis.net/def/crs/EPSG/0/4326"


def place(name, population, longitude=40.5, latitude=55.6):
    return {
        "type": "Feature", "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
        "properties": {"name": name, "population": population, "source": "invented by a test", "synthetic": True},
    }


def main():
    checks = Checks("OWSLib")
    with Service() as service:
        client = checks.run("the landing page is read", lambda: Features(service.ogc))
        checks.that("the description is found", "paths" in (checks.run("the description is read", client.api) or {}))
        layers = checks.run("the feature collections are listed", client.feature_collections)
        checks.that(f"{LAYER} among them", LAYER in (layers or []), layers)
        conformance = client.conformance()["conformsTo"]
        checks.run("queryables are read", lambda: client.collection_queryables(LAYER))
        checks.run("the schema is read", lambda: client.collection_schema(LAYER))
        total = client.collection_items(LAYER, limit=1)["numberMatched"]

        names = []
        page = client.collection_items(LAYER, limit=50)
        while True:
            names += [feature["id"] for feature in page["features"]]
            following = [link["href"] for link in page["links"] if link["rel"] == "next"]
            if not following:
                break
            page = ask(following[0]).json()
        checks.that("`next` leads to every feature once", len(names) == len(set(names)) == total, f"{len(names)}, {len(set(names))}, {total}")
        checks.that("a box", 0 < client.collection_items(LAYER, bbox=[40.3, 55.9, 40.6, 56.3])["numberMatched"] < total)

        big = {"op": ">", "args": [{"property": "population"}, 50000]}
        expected = sum(1 for one in client.collection_items(LAYER, limit=1000)["features"] if (one["properties"]["population"] or 0) > 50000)
        found = checks.run("a filter in CQL2 text", lambda: client.collection_items(LAYER, filter="population > 50000", limit=1000))
        checks.equal("counts as it should", found and found.get("numberMatched"), expected)
        found = checks.run("the same in CQL2 JSON", lambda: client.collection_items(LAYER, **{"filter": json.dumps(big), "filter-lang": "cql2-json", "limit": 1000}))
        checks.equal("counts the same", found and found.get("numberMatched"), expected)

        checks.that("Part 2 is declared", any("features-2/1.0/conf/crs" in one for one in conformance))
        swapped = ask(f"{service.ogc}/collections/{LAYER}/items/1?crs={LAT_LON}")
        straight = client.collection_item(LAYER, "1")
        if checks.equal("an item in EPSG:4326", swapped.status, 200):
            checks.equal("latitude comes first", swapped.json()["geometry"]["coordinates"], straight["geometry"]["coordinates"][::-1])
            checks.equal("Content-Crs names it", swapped.headers.get("content-crs"), f"<{LAT_LON}>")

        identifier = None
        # Left to itself it sends a type of its own that is not JSON's.
        client.headers = {**(client.headers or {}), "Content-Type": "application/geo+json"}
        if checks.run("a feature is made", lambda: client.collection_item_create(LAYER, json.dumps(place("Nowhere", 7)))):
            found = ask(f"{service.ogc}/collections/{LAYER}/items?name=Nowhere").json()
            if checks.equal("it is found by name", found.get("numberMatched"), 1):
                identifier = str(found["features"][0]["id"])
        if identifier:
            checks.run("it is replaced", lambda: client.collection_item_update(LAYER, identifier, json.dumps(place("Nowhere", 8, 40.6))))
            now = client.collection_item(LAYER, identifier)
            checks.equal("as it was sent", (now["properties"]["population"], now["geometry"]["coordinates"]), (8, [40.6, 55.6]))
            checks.run("it is deleted", lambda: client.collection_item_delete(LAYER, identifier))
            checks.equal("and gone", ask(f"{service.ogc}/collections/{LAYER}/items/{identifier}").status, 404)
            checks.equal("the count is as before", client.collection_items(LAYER, limit=1)["numberMatched"], total)

        processes = checks.run("processes: the landing page is read", lambda: Processes(service.ogc))
        listed = checks.run("processes: are listed", lambda: processes.processes()) or []
        checks.that("processes: echo is among them", "echo" in [one["id"] for one in listed if isinstance(one, dict)], listed)
        for one in listed if isinstance(listed, list) else []:
            checks.run(f"processes: {one['id']} is described", lambda one=one: processes.process(one["id"]))
    checks.close(at_least=25)


main()
