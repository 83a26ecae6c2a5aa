"""The requests that QGIS 3.32 and later send, read from its source (src/providers/wfs/oapif), for where that version cannot be installed:
opening a layer, a filter, and an edit, with the headers and bodies that it sends. What it does with the answers is checked as it does it."""

import json
import urllib.parse

from checks import Checks
from service import Service, ask

API = "application/vnd.oai.openapi+json;version=3.0, application/openapi+json;version=3.0, application/json"
ITEMS = "application/geo+json, application/json"
LAYER = "settlements"
# What it looks for before it sends a filter; the last is the name of a draft, and the only one it knows for spatial filters.
FILTERS = [
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text", "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter", "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-operators",
]


def allowed(answer):
    return {word.strip() for word in answer.headers.get("allow", "").split(",")}


def main():
    checks = Checks("requests of QGIS")
    with Service() as service:
        landing = ask(service.ogc, Accept="application/json").json()["links"]
        relation = {link["rel"]: link["href"] for link in landing}
        api = ask(relation["service-desc"], Accept=API)
        checks.equal("the description is answered", api.status, 200)
        limit = api.json().get("components", {}).get("parameters", {}).get("limit", {}).get("schema", {})
        page = min(max(1000, limit.get("default", 100)), limit["maximum"]) if "maximum" in limit else 100
        checks.that("a page is 1000 features or more", page >= 1000, f"{page}: components/parameters/limit is {limit}")
        collection = ask(f"{service.ogc}/collections/{LAYER}", Accept="application/json").json()
        links = {link["rel"]: link["href"] for link in collection["links"] if link.get("type") in ("application/geo+json", "application/json", "application/schema+json")}
        declared = ask(relation["conformance"], Accept="application/json").json()["conformsTo"]
        for one in FILTERS:
            checks.that(f"declared: {one.rsplit('/', 1)[1]}", one in declared)
        queryables = links.get("http://www.opengis.net/def/rel/ogc/1.0/queryables")
        if checks.that("a link to the queryables", queryables is not None):
            properties = ask(queryables, Accept="application/schema+json, application/json").json()["properties"]
            checks.that("they have a type each, or are geometries", all("type" in one or "format" in one or "$ref" in one for one in properties.values()), properties)

        items = links["items"]
        first = ask(f"{items}?limit=10", Accept=ITEMS)
        checks.that("a first look", first.status == 200 and first.headers["content-type"] in ("application/geo+json", "application/json"), first.headers)
        total = ask(f"{items}?limit=1", Accept=ITEMS).json()["numberMatched"]
        seen, address = 0, f"{items}?limit={page}"
        while address:
            got = ask(address, Accept=ITEMS).json()
            seen += len(got["features"])
            address = next((link["href"] for link in got["links"] if link["rel"] == "next"), None)
        checks.equal("every feature by `next`", seen, total)
        last = ask(f"{items}?limit=10&offset={total + 10}", Accept=ITEMS).body
        checks.that("an empty page is known by its text", b'"features":[]' in last or b'"numberReturned":0' in last, last[:200])

        every = ask(f"{items}?limit=10000").json()["features"]
        people = [one["properties"].get("population") for one in every]
        for text, expected in [
            ("(population > 50000)", sum(1 for one in people if one is not None and one > 50000)),
            ("((population > 50000) AND (name <> 'Vladimir'))", sum(1 for one in every if (one["properties"].get("population") or 0) > 50000 and one["properties"]["name"] != "Vladimir")),
            ("(population IS NULL)", people.count(None)),
            ("(name LIKE 'V%')", sum(1 for one in every if one["properties"]["name"].startswith("V"))),
            ("(CASEI(name) LIKE CASEI('v%'))", sum(1 for one in every if one["properties"]["name"].lower().startswith("v"))),
            ("(name IN ('Vladimir','Murom'))", sum(1 for one in every if one["properties"]["name"] in ("Vladimir", "Murom"))),
            ("(NOT (name = 'Vladimir'))", sum(1 for one in every if one["properties"]["name"] != "Vladimir")),
            ("S_INTERSECTS(geometry,BBOX(40.0,55.0,41.0,56.0))", sum(1 for one in every if 40 <= one["geometry"]["coordinates"][0] <= 41 and 55 <= one["geometry"]["coordinates"][1] <= 56)),
        ]:
            answer = ask(f"{items}?limit={page}&filter={urllib.parse.quote(text)}&filter-lang=cql2-text", Accept=ITEMS)
            got = answer.json()
            checks.equal(f"filter {text}", got.get("numberMatched", got), expected)

        options = ask(items, method="OPTIONS")
        checks.that("OPTIONS of the items allows POST: else QGIS does not offer editing", "POST" in allowed(options), f"{options.status} {allowed(options)}")
        options = ask(f"{items}/unknown_id", method="OPTIONS")
        checks.that("OPTIONS of an unknown item allows PUT, PATCH, DELETE", {"PUT", "PATCH", "DELETE"} <= allowed(options), f"{options.status} {allowed(options)}")
        edit(checks, items)
        checks.equal("afterwards the count is as before", ask(f"{items}?limit=1").json()["numberMatched"], total)
    checks.close(at_least=20)


def edit(checks, items):
    """A point is made, changed and deleted, with every property sent and those not filled in null."""
    empty = dict.fromkeys(ask(f"{items}?limit=1").json()["features"][0]["properties"])
    body = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [40.5, 55.6]}, "properties": empty | {"name": "Nowhere", "synthetic": True}}
    made = ask(items, "POST", json.dumps(body).encode(), Content_Type="application/geo+json")
    location = made.headers.get("location", "")
    if not checks.that("POST makes a feature", made.status == 201 and "/items/" in location, f"{made.status} {location} {made.body[:300]}"):
        return
    identifier = location[location.rindex("/items/") + len("/items/"):]
    checks.that("its id stands at the end of Location", identifier.isdigit(), location)
    address = f"{items}/{identifier}"
    patched = ask(address, "PATCH", b'{"properties":{"population":7}}', Content_Type="application/merge-patch+json")
    checks.that("PATCH changes a value", patched.status in (200, 204), f"{patched.status} {patched.body[:300]}")
    checks.equal("which is there", ask(address).json()["properties"]["population"], 7)
    patched = ask(address, "PATCH", b'{"geometry":{"type":"Point","coordinates":[40.7,55.7]}}', Content_Type="application/merge-patch+json")
    checks.that("PATCH changes the place", patched.status in (200, 204), f"{patched.status} {patched.body[:300]}")
    now = ask(address).json()
    checks.equal("which is there, and the value with it", (now["geometry"]["coordinates"], now["properties"]["population"]), ([40.7, 55.7], 7))
    swapped = json.dumps(body | {"geometry": {"type": "Point", "coordinates": [55.8, 40.8]}}).encode()
    put = ask(address, "PUT", swapped, Content_Type="application/geo+json", Content_Crs="<http://www.opengis.net/def/crs/EPSG/0/4326>")
    checks.that("PUT replaces it, latitude first as Content-Crs says", put.status in (200, 204), f"{put.status} {put.body[:300]}")
    checks.equal("which is there", ask(address).json()["geometry"]["coordinates"], [40.8, 55.8])
    gone = ask(address, "DELETE")
    checks.that("DELETE deletes it", gone.status in (200, 204), f"{gone.status} {gone.body[:300]}")
    checks.equal("it is gone", ask(address).status, 404)


main()
