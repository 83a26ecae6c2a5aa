"""QGIS itself: its OAPIF provider loads layers, counts, asks by rectangle, filters, and edits where its version can. Run by the Python that has
QGIS (Debian: python3-qgis). Versions before 3.32 neither send CQL2 nor edit; they filter by themselves, and that part is said to be left out."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (  # noqa: E402: QGIS reads the environment when it is loaded
    Qgis,
    QgsApplication,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsPointXY,
    QgsRectangle,
    QgsVectorDataProvider,
    QgsVectorLayer,
)

from checks import Checks  # noqa: E402
from recorder import Recorder  # noqa: E402
from service import Service, ask  # noqa: E402

SENDS_CQL2 = 33200
EDITED = "settlements"


def main():
    checks = Checks(f"QGIS {Qgis.QGIS_VERSION}")
    QgsApplication.setPrefixPath(os.environ.get("QGIS_PREFIX_PATH", "/usr"), True)
    application = QgsApplication([], False)
    application.initQgis()
    with Service() as service, Recorder(service.address) as recorder:
        for collection in ask(f"{service.ogc}/collections", Accept="application/json").json()["collections"]:
            name = collection["id"]
            mark = recorder.mark
            layer = QgsVectorLayer(f"url='{recorder.ogc}' typename='{name}'", name, "OAPIF")
            if not checks.that(f"{name}: the layer is valid", layer.isValid(), layer.error().message()):
                continue
            expected = ask(f"{service.ogc}/collections/{name}/items?limit=10000", Accept="application/geo+json").json()
            checks.equal(f"{name}: its count", layer.featureCount(), expected["numberMatched"])
            features = list(layer.getFeatures())
            checks.equal(f"{name}: its rows", len(features), expected["numberMatched"])
            fields = [field.name() for field in layer.fields()]
            if "code" in fields and all(one["properties"].get("code") for one in expected["features"]):
                checks.equal(f"{name}: its codes", sorted(one["code"] for one in features), sorted(one["properties"]["code"] for one in expected["features"]))
            checks.that(f"{name}: no request was refused", all(one.status < 400 or one.method == "OPTIONS" for one in recorder.since(mark)), recorder.since(mark))
            pages = [one for one in recorder.since(mark) if "/items?" in one.target]
            checks.that(f"{name}: in {len(pages)} requests", len(pages) <= 4 + expected["numberMatched"] // 1000, pages)

        mark = recorder.mark
        probes = QgsVectorLayer(f"url='{recorder.ogc}' typename='probes' restrictToRequestBBOX='1'", "probes", "OAPIF")
        got = list(probes.getFeatures(QgsFeatureRequest().setFilterRect(QgsRectangle(40.7, 55.5, 40.9, 55.6))))
        expected = ask(f"{service.ogc}/collections/probes/items?limit=1&bbox=40.7,55.5,40.9,55.6").json()["numberMatched"]
        checks.equal("a rectangle: its rows", len(got), expected)
        checks.that("asked of the server", any("bbox=" in one.target for one in recorder.since(mark)), recorder.since(mark))

        mark = recorder.mark
        deposits = QgsVectorLayer(f"url='{recorder.ogc}' typename='deposits'", "deposits", "OAPIF")
        checks.that("a filter is taken", deposits.setSubsetString("\"code\" IN ('D1', 'D2')"))
        checks.equal("a filter: its rows", sorted(one["code"] for one in deposits.getFeatures()), ["D1", "D2"])
        if Qgis.QGIS_VERSION_INT >= SENDS_CQL2:
            checks.that("sent to the server", any("filter=" in one.target and one.status == 200 for one in recorder.since(mark)), recorder.since(mark))
            edit(checks, service, recorder)
        else:
            print("  left out: this version of QGIS neither sends CQL2 nor edits over OGC API Features")
        del probes, deposits
    checks.close(at_least=40)


def edit(checks, service, recorder):
    """A feature is made, its value and place are changed, and it is deleted, each read back from the server."""
    layer = QgsVectorLayer(f"url='{recorder.ogc}' typename='{EDITED}'", EDITED, "OAPIF")
    able = layer.dataProvider().capabilities()
    for word in ("AddFeatures", "ChangeAttributeValues", "ChangeGeometries", "DeleteFeatures"):
        checks.that(f"QGIS finds that it may: {word}", bool(able & getattr(QgsVectorDataProvider, word)))
    feature = QgsFeature(layer.fields())
    feature.setAttribute("name", "Nowhere")
    feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(40.5, 55.6)))
    layer.startEditing()
    layer.addFeature(feature)
    checks.that("a new feature is saved", layer.commitChanges(), layer.commitErrors())
    found = ask(f"{service.ogc}/collections/{EDITED}/items?name=Nowhere").json()["features"]
    if not checks.equal("and is there once", len(found), 1):
        return
    address = f"{service.ogc}/collections/{EDITED}/items/{found[0]['id']}"
    mine = next(one for one in layer.getFeatures() if one["name"] == "Nowhere")
    layer.startEditing()
    layer.changeAttributeValue(mine.id(), layer.fields().indexOf("population"), 7)
    checks.that("a changed value is saved", layer.commitChanges(), layer.commitErrors())
    checks.equal("and is there", ask(address).json()["properties"]["population"], 7)
    layer.startEditing()
    layer.changeGeometry(mine.id(), QgsGeometry.fromPointXY(QgsPointXY(40.7, 55.7)))
    checks.that("a changed place is saved", layer.commitChanges(), layer.commitErrors())
    checks.equal("and is there", ask(address).json()["geometry"]["coordinates"], [40.7, 55.7])
    layer.startEditing()
    layer.deleteFeature(mine.id())
    checks.that("a deletion is saved", layer.commitChanges(), layer.commitErrors())
    checks.equal("and it is gone", ask(address).status, 404)


main()
