"""The GDAL of the distribution: its OAPIF driver lists, counts, pages, asks by box and by attribute, and reads every value as it stands."""

import json
import re
import subprocess
from urllib.parse import quote

from checks import Checks
from recorder import Recorder
from service import Service, ask


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    return done.stdout, done.stderr


def read(recorder, layer, *options):
    """What ogr2ogr makes of a layer, as GeoJSON."""
    page_size = () if "-oo" in options else ("-oo", "PAGE_SIZE=1000")
    out, errors = run("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", f"OAPIF:{recorder.ogc}", layer, *page_size, *options)
    try:
        return json.loads(out)["features"], errors
    except json.JSONDecodeError:
        return [], errors + out[:500]


def main():
    checks = Checks("GDAL of the distribution")
    print(run("ogrinfo", "--version")[0].strip())
    with Service() as service, Recorder(service.address) as recorder:
        counts = {
            collection["id"]: ask(f"{service.ogc}/collections/{collection['id']}/items?limit=1").json()["numberMatched"]
            for collection in ask(f"{service.ogc}/collections", Accept="application/json").json()["collections"]
        }
        out, errors = run("ogrinfo", "-ro", "-so", "-al", f"OAPIF:{recorder.ogc}")
        listed = dict(re.findall(r"Layer name: (\S+).*?Feature Count: (\d+)", out, re.DOTALL))
        checks.equal("ogrinfo lists every layer with its count", {name: int(count) for name, count in listed.items()}, counts)
        checks.equal("without a warning", errors.strip(), "")

        for layer, count in counts.items():
            features, errors = read(recorder, layer)
            checks.that(f"{layer}: ogr2ogr reads all {count} rows", len(features) == count and not errors.strip(), f"{len(features)}: {errors}")

        mark = recorder.mark
        features, errors = read(recorder, "probes", "-oo", "PAGE_SIZE=500")
        pages = [one for one in recorder.since(mark) if "limit=500" in one.target]
        checks.equal("PAGE_SIZE=500: the rows, each once", len({feature["properties"].get("code") for feature in features}), counts["probes"])
        checks.that("in pages of 500", len(pages) >= counts["probes"] // 500, pages)

        mark = recorder.mark
        box = ("-spat", "40.7", "55.5", "40.9", "55.6")
        features, errors = read(recorder, "probes", *box)
        expected = ask(f"{service.ogc}/collections/probes/items?limit=10000&bbox=40.7,55.5,40.9,55.6").json()
        checks.equal("-spat: the rows of the box", len(features), expected["numberMatched"])
        checks.that("asked of the server", any("bbox=" in one.target for one in recorder.since(mark)), recorder.since(mark))

        for where in [
            "code='D1'", "code IN ('D1','D2')", "survey_year >= 1975", "survey_year >= 1950 AND NOT code='D2'", "name LIKE '%o%'", "drained IS NULL",
            "code='D1' OR code='D3'", "stated_volume_m3 > 1000000",
        ]:
            mark = recorder.mark
            features, errors = read(recorder, "deposits", "-where", where)
            everything = ask(f"{service.ogc}/collections/deposits/items?limit=100&filter={quote(where)}").json()
            checks.that(f"-where \"{where}\": as many as the server counts", len(features) == everything.get("numberMatched") and not errors.strip(),
                        f"{len(features)}, server {everything.get('numberMatched', everything)}: {errors}")
            # This driver sends an equality as `property=value`, and whole filters only in a dialect of its own (`cql-text`); it does the rest itself.
            if where == "code='D1'":
                asked = [one for one in recorder.since(mark) if "/items" in one.target]
                checks.that("an equality is sent to the server", any("code=D1" in one.target or "filter=" in one.target for one in asked), asked)
            checks.that("no request was refused", all(one.status < 400 for one in recorder.since(mark)), recorder.since(mark))
    checks.close(at_least=25)


main()
