"""The official test suites of OGC (CITE): Features 1.9, Tiles 1.2, Processes 1.3. Usage: suites.py [features] [tiles] [processes]

Each suite's jars come from SUITES_HOME/{suite}/ where that is set, otherwise from Maven Central into .tools/conformance/suites. The suites
always exit with 0, so their report is judged: any failure fails, and so does a run of fewer tests than there must be.
"""

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from checks import Checks
from service import ROOT, Service, ask

HERE = Path(__file__).parent
NOT_TO_BE_HAD = 75
# Suite: artifact, version, package, fewest tests that must have run (passed or failed), on the demo project.
SUITES = {
    "features": ("ets-ogcapi-features10", "1.9", "ogcapifeatures10", 1000),
    "tiles": ("ets-ogcapi-tiles10", "1.2", "ogcapitiles10", 15),
    "processes": ("ets-ogcapi-processes10", "1.3", "ogcapiprocesses10", 50),
}
# Failures that are the suite's own, by the test's name and a word of its message: why. They are printed and counted apart.
UNSOUND = {
    ("verifyFeatureCrsParameterTransformWithoutCrsParameter", '"geometryInDefaultCrs" is null'):
        "ends in a NullPointerException of its own where the first feature has no geometry, which RFC 7946 section 3.2 allows (reserve-statements)",
}


def unsound(name, message):
    """Why a failure is the suite's own; none where it is ours."""
    return next((why for (test, words), why in UNSOUND.items() if test == name and words in message), None)


def jars(suite):
    """The folder of a suite's jars, fetched at first; none where Maven Central does not have them."""
    given = os.environ.get("SUITES_HOME")
    folder = Path(given) / suite if given else ROOT / ".tools/conformance/suites" / suite
    if any(folder.glob("ets-*.jar")):
        return folder
    if given:
        print(f"  no jar of the suite in {folder}")
        return None
    artifact, version, _, _ = SUITES[suite]
    fetched = subprocess.run(
        ["mvn", "-B", "-q", "-f", HERE / "suites.pom.xml", f"-Dsuite.artifact={artifact}", f"-Dsuite.version={version}",
         "dependency:copy-dependencies", f"-DoutputDirectory={folder}"], capture_output=True, text=True,
    )
    if fetched.returncode:
        reason = next((line for line in fetched.stdout.splitlines() if "ERROR" in line), fetched.stderr)
        print(f"  {reason.strip()[:400]}")
        return None
    return folder


def tile_range(ogc):
    """A template of tiles and a range of them that holds features: the tiles of zoom 10 around the middle of the deposits."""
    import math

    extent = ask(f"{ogc}/collections/deposits?f=json").json()["extent"]["spatial"]["bbox"][0]
    west, south, east, north = extent if len(extent) == 4 else (extent[0], extent[1], extent[3], extent[4])
    feature = ask(f"{ogc}/collections/deposits/items?limit=1&f=json").json()["features"][0]
    position = feature["geometry"]["coordinates"]
    while not isinstance(position[0], (int, float)):
        position = position[0]
    assert west <= position[0] <= east and south <= position[1] <= north
    zoom = 10
    column = int((position[0] + 180.0) / 360.0 * 2**zoom)
    row = int((1.0 - math.asinh(math.tan(math.radians(position[1]))) / math.pi) / 2.0 * 2**zoom)
    return {
        "tilematrixsetdefinitionuri": "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
        "urltemplatefortiles": f"{ogc}/collections/deposits/tiles/WebMercatorQuad/{{tileMatrix}}/{{tileRow}}/{{tileCol}}",
        "tilematrix": zoom, "mintilerow": row, "maxtilerow": row, "mintilecol": column, "maxtilecol": column,
    }


def arguments(suite, ogc):
    """What the suite is told, as Java's XML properties."""
    told = {"iut": ogc}
    if suite == "features":
        # With the slash: the suite joins what follows the server's address here and the name of a resource without one.
        told = {"iut": f"{ogc}/", "noofcollections": -1}
    elif suite == "tiles":
        told |= tile_range(ogc)
    else:
        told |= {"echoprocessid": "echo", "testallprocesses": "on", "processtestlimit": 50, "uselocalschema": "true"}
    properties = ElementTree.Element("properties", version="1.0")
    for key, value in told.items():
        ElementTree.SubElement(properties, "entry", key=key).text = str(value)
    # Without the document type of Java's properties: the suites' parser would fetch it from the network.
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(properties, encoding="unicode")


def judge(suite, checks):
    """Runs one suite and takes its report over, one claim a test. False where the suite is not to be had."""
    artifact, version, package, fewest = SUITES[suite]
    print(f"{artifact} {version}")
    folder = jars(suite)
    if folder is None:
        return False
    with Service() as service, tempfile.TemporaryDirectory() as work:
        told = Path(work) / "arguments.xml"
        told.write_text(arguments(suite, service.ogc))
        run = subprocess.run(
            ["java", "-Djava.net.useSystemProxies=false", "-cp", f"{folder}/*", f"org.opengis.cite.{package}.TestNGController", "-o", work, told],
            capture_output=True, text=True, cwd=work, timeout=1800,
        )
        reports = sorted(Path(work).rglob("testng-results.xml"))
        if not reports:
            checks.that(f"{artifact} wrote a report", False, run.stdout[-1500:] + run.stderr[-1500:])
            return True
        own = 0
        counts = {"PASS": 0, "FAIL": 0, "SKIP": 0}
        for method in ElementTree.parse(reports[-1]).getroot().iter("test-method"):
            status, name = method.get("status"), method.get("name")
            message = " ".join((method.findtext(".//message") or "").split())
            if method.get("is-config") == "true":
                if status == "FAIL":
                    checks.that(f"{suite}: set-up {name}", False, message)
                continue
            counts[status] += 1
            if status == "SKIP":
                print(f"  skip  {name}: {message[:300]}")
            elif status == "FAIL" and (why := unsound(name, message)):
                own += 1
                print(f"  the suite's own failure  {name}: {why}")
            else:
                given = "; ".join(" ".join((value.text or "").split())[:120] for value in method.iter("value"))
                checks.that(f"{suite}: {name}", status == "PASS", f"{message} [{given}]")
        print(f"{artifact} {version}: {counts['PASS']} passed, {counts['FAIL']} failed ({own} by the suite's own fault), {counts['SKIP']} skipped")
        ran = counts["PASS"] + counts["FAIL"]
        checks.that(f"{suite}: at least {fewest} tests were run", ran >= fewest, f"{ran} were")
    return True


def main():
    checks = Checks("suites")
    wanted = sys.argv[1:] or list(SUITES)
    absent = [suite for suite in wanted if not judge(suite, checks)]
    if absent:
        print(f"NOT JUDGED, for the suites are not to be had: {', '.join(absent)}")
        if checks.passed + checks.failed == 0:
            sys.exit(NOT_TO_BE_HAD)
        checks.failed += len(absent)
    checks.close(at_least=1)


main()
