"""openapi-spec-validator on the service's own description, check-jsonschema on the schemas it gives of its layers and on a page against them."""

import json
import subprocess
import sys
from pathlib import Path

from checks import Checks
from service import Service, ask

BIN = Path(sys.executable).parent


def validator_says(*command):
    run = subprocess.run([BIN / command[0], *command[1:]], capture_output=True, text=True)
    return run.returncode == 0, (run.stdout + run.stderr)[:1500]


def references(value):
    """Every `$ref` of a document."""
    if isinstance(value, dict):
        yield from ([value["$ref"]] if isinstance(value.get("$ref"), str) else [])
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


def main():
    checks = Checks("api document")
    with Service() as service:
        answer = ask(f"{service.ogc}/api", Accept="application/vnd.oai.openapi+json;version=3.0")
        checks.equal("the description is answered", answer.status, 200)
        document = answer.json()
        checks.that("it is OpenAPI 3.0", document["openapi"].startswith("3.0."), document["openapi"])
        file = service.folder / "api.json"
        file.write_bytes(answer.body)
        checks.that("openapi-spec-validator accepts it", *validator_says("openapi-spec-validator", "--errors=all", file))
        outside = sorted({reference for reference in references(document) if not reference.startswith("#/")})
        checks.equal("it needs no other document", outside, [])
        limit = document.get("components", {}).get("parameters", {}).get("limit", {}).get("schema", {})
        checks.that("QGIS finds default and maximum of the page size in components/parameters/limit", {"default", "maximum"} <= limit.keys(), limit)
        operations = [one for path in document["paths"].values() for one in path.values() if isinstance(one, dict) and "responses" in one]
        names = [operation.get("operationId") for operation in operations]
        checks.that(f"each of {len(names)} operations has a name of its own", None not in names and len(set(names)) == len(names))

        for collection in ask(f"{service.ogc}/collections", Accept="application/json").json()["collections"]:
            name = collection["id"]
            link = next((link["href"] for link in collection["links"] if link["rel"] == "describedby"), None)
            if not checks.that(f"{name}: a link describedby", link is not None):
                continue
            schema = service.folder / f"{name}.schema.json"
            schema.write_bytes(ask(link, Accept="application/schema+json").body)
            checks.that(f"{name}: check-jsonschema accepts its schema", *validator_says("check-jsonschema", "--check-metaschema", schema))
            features = ask(f"{service.ogc}/collections/{name}/items?limit=50", Accept="application/geo+json").json()["features"]
            files = []
            for place, feature in enumerate(features):
                files.append(service.folder / f"{name}.{place}.json")
                files[-1].write_text(json.dumps(feature))
            if files:
                checks.that(f"{name}: {len(files)} features keep to it", *validator_says("check-jsonschema", "--schemafile", schema, *files))
    checks.close(at_least=20)


main()
