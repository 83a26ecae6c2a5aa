"""Reads of every kind at full speed while features are made, replaced and deleted. Usage: soak.py [SECONDS], by default 180.

No answer may be an error, no page may be torn (it holds as many features as it says, each in a state that was written as a whole), and the
service may hold no more memory at the end than after its first quarter by more than a share.
"""

import http.client
import json
import os
import random
import sys
import threading
import time
from urllib.parse import quote, urlsplit

from checks import Checks
from service import Service, ask

LAYER = "settlements"
READERS, WRITERS = 4, 1
MEMORY_SHARE = 1.25
MEMORY_SLACK = 48 << 20


class Kept:
    """What all threads tell: times of answers by kind, findings, memory over time."""

    def __init__(self):
        self.lock, self.times, self.findings, self.memory, self.writes = threading.Lock(), {}, [], [], 0

    def answered(self, kind, seconds):
        with self.lock:
            self.times.setdefault(kind, []).append(seconds)

    def found(self, what):
        with self.lock:
            if len(self.findings) < 20:
                self.findings.append(what)


class Client:
    """One connection that is kept, and its questions timed."""

    def __init__(self, service, kept):
        self.where, self.kept = urlsplit(service.address), kept
        self.connection = None

    def ask(self, kind, method, target, body=None, headers=None, expected=(200,)):
        began = time.monotonic()
        for attempt in (1, 2):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection(self.where.hostname, self.where.port, timeout=60)
                self.connection.request(method, target, body, headers or {})
                answer = self.connection.getresponse()
                content = answer.read()
                break
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError) as error:
                # A kept connection may be closed between two questions; a fresh one may not.
                self.connection = None
                if attempt == 2:
                    self.kept.found(f"{kind}: {method} {target}: {error!r}")
                    return 0, {}, b""
        self.kept.answered(kind, time.monotonic() - began)
        if answer.status not in expected:
            self.kept.found(f"{kind}: {method} {target}: {answer.status} {content[:300]!r}")
        return answer.status, answer.headers, content


def invented(chance, version):
    """A feature whose every part follows from its version, so that a mixture of two versions shows."""
    return {
        "type": "Feature", "geometry": {"type": "Point", "coordinates": [round(40 + version % 1000 / 1000, 6), 55.5]},
        "properties": {"name": f"soak {version}", "name_ru": f"версия {version}", "population": version, "source": "invented by a test", "synthetic": True},
    }


def is_whole(feature):
    """Whether an invented feature is one version, and not parts of two."""
    properties = feature["properties"]
    version = properties["population"]
    return (
        properties["name"] == f"soak {version}" and properties["name_ru"] == f"версия {version}" and feature["geometry"]["coordinates"][0] == round(40 + version % 1000 / 1000, 6)
    )


def read(service, kept, ends, seed):
    chance, client = random.Random(seed), Client(service, kept)
    layers = ["settlements", "probes", "deposits", "fields", "consumers"]
    tag = {}
    kinds = ["page", "page", "box", "filter", "item", "sorted", "unchanged", "walk", "tile", "document", "form"]
    while time.monotonic() < ends:
        kind = chance.choice(kinds)
        layer = chance.choice(layers)
        items = f"/ogc/collections/{layer}/items"
        if kind in ("page", "box", "filter", "sorted"):
            target = {
                "page": f"{items}?limit={chance.choice([10, 100, 1000])}",
                "box": f"{items}?limit=100&bbox={40 + chance.random():.4f},55.2,{41.2 + chance.random():.4f},56.2",
                "filter": f"/ogc/collections/{LAYER}/items?limit=1000&filter=" + quote(f"population > {chance.randrange(60000)} AND name LIKE '%o%'"),
                "sorted": f"/ogc/collections/{LAYER}/items?limit=200&sortby=-population",
            }[kind]
            page(client, kept, kind, target, chance)
        elif kind == "walk":
            target, seen = f"/ogc/collections/{LAYER}/items?limit=50", set()
            while target:
                got = page(client, kept, kind, target, chance)
                if got is None:
                    break
                ids = [feature["id"] for feature in got["features"]]
                if seen & set(ids):
                    kept.found(f"walk: a feature twice: {sorted(seen & set(ids))[:5]}")
                seen |= set(ids)
                following = next((link["href"] for link in got["links"] if link["rel"] == "next"), None)
                target = following and "/ogc" + following.split("/ogc", 1)[1]
        elif kind == "item":
            client.ask(kind, "GET", f"/ogc/collections/{LAYER}/items/{chance.randrange(1, 150)}")
        elif kind == "unchanged":
            target = "/ogc/collections/deposits/items?limit=10"
            status, headers, _ = client.ask(kind, "GET", target, headers={"If-None-Match": tag.get(target, '""')}, expected=(200, 304))
            tag[target] = headers.get("ETag", '""') if status else '""'
        elif kind == "tile":
            client.ask(kind, "GET", f"/ogc/collections/{layer}/tiles/WebMercatorQuad/8/{chance.randrange(78, 82)}/{chance.randrange(155, 159)}", expected=(200, 204, 404))
        elif kind == "document":
            client.ask(kind, "GET", chance.choice(["/ogc", "/ogc/api", "/ogc/conformance", "/ogc/collections", f"/ogc/collections/{layer}"]), headers={"Accept": "application/json"})
        elif kind == "form":
            client.ask(kind, "GET", f"/ogc/collections/{LAYER}/items?limit=200&f={chance.choice(['csv', 'fgb', 'geojsonseq', 'jsonfg'])}", headers={"Accept-Encoding": chance.choice(["gzip", "br", "identity"])})


def page(client, kept, kind, target, chance):
    status, headers, content = client.ask(kind, "GET", target)
    if status != 200:
        return None
    try:
        got = json.loads(content)
    except ValueError:
        kept.found(f"{kind}: {target}: no JSON: {content[:80]!r} .. {content[-80:]!r}")
        return None
    if got["numberReturned"] != len(got["features"]) or got.get("numberMatched", len(got["features"])) < len(got["features"]):
        kept.found(f"{kind}: {target}: torn: {got['numberReturned']} said, {len(got['features'])} there, {got.get('numberMatched')} matched")
    torn = [feature for feature in got["features"] if str(feature["properties"].get("name") or "").startswith("soak ") and not is_whole(feature)]
    if torn:
        kept.found(f"{kind}: {target}: a feature of two versions: {json.dumps(torn[0], ensure_ascii=False)[:300]}")
    return got


def write(service, kept, ends, seed):
    """Makes, replaces and deletes; what it wrote it reads back at once."""
    chance, client, mine, version = random.Random(seed), Client(service, kept), {}, seed * 1_000_000
    items, kind = f"/ogc/collections/{LAYER}/items", {"Content-Type": "application/geo+json"}
    while time.monotonic() < ends:
        version += 1
        body = json.dumps(invented(chance, version)).encode()
        if len(mine) < 20 or chance.random() < 0.2:
            status, headers, _ = client.ask("create", "POST", items, body, kind, expected=(201,))
            if status != 201:
                continue
            identifier = headers["Location"].rsplit("/", 1)[1]
            mine[identifier] = version
        elif chance.random() < 0.7:
            identifier = chance.choice(list(mine))
            status, _, _ = client.ask("replace", "PUT", f"{items}/{identifier}", body, kind, expected=(200, 204))
            if status in (200, 204):
                mine[identifier] = version
        else:
            identifier = chance.choice(list(mine))
            client.ask("delete", "DELETE", f"{items}/{identifier}", expected=(200, 204))
            del mine[identifier]
            client.ask("read of one deleted", "GET", f"{items}/{identifier}", expected=(404,))
            continue
        kept.writes += 1
        status, _, content = client.ask("read of one written", "GET", f"{items}/{identifier}")
        if status == 200 and json.loads(content)["properties"]["population"] != mine[identifier]:
            kept.found(f"{items}/{identifier}: {mine[identifier]} was written, {content[:200]!r} is read")


def main():
    seconds = float(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("SOAK_SECONDS", "180"))
    checks, kept = Checks("soak"), Kept()
    with Service() as service:
        ends = time.monotonic() + seconds
        editable = "POST" in ask(f"{service.ogc}/collections/{LAYER}/items", method="OPTIONS").headers.get("allow", "")
        checks.that("the service can be written to", editable)
        threads = [threading.Thread(target=read, args=(service, kept, ends, seed)) for seed in range(READERS)]
        threads += [threading.Thread(target=write, args=(service, kept, ends, seed + 1)) for seed in range(WRITERS if editable else 0)]
        for thread in threads:
            thread.start()
        while time.monotonic() < ends and service.is_alive():
            kept.memory.append(service.resident_bytes())
            time.sleep(min(1.0, seconds / 60))
        for thread in threads:
            thread.join()
        checks.that("the service still runs", service.is_alive(), service.log_text()[-2000:])
        checks.that("no panic in its log", "panicked" not in service.log_text(), service.log_text()[-2000:])
    asked = sum(map(len, kept.times.values()))
    print(f"{asked} questions in {seconds:.0f} s, {asked / seconds:.0f} a second, {kept.writes} of them writes; times in ms by kind:")
    for kind, times in sorted(kept.times.items()):
        times.sort()
        share = lambda part: 1000 * times[min(len(times) - 1, int(part * len(times)))]
        print(f"  {kind:20} {len(times):7}   p50 {share(0.5):8.2f}   p99 {share(0.99):8.2f}   most {1000 * times[-1]:8.2f}")
    plateau = max(kept.memory[: max(1, len(kept.memory) // 4)])
    last = max(kept.memory[-max(1, len(kept.memory) // 10):])
    print(f"memory: {plateau / 2**20:.0f} MiB in the first quarter, {last / 2**20:.0f} MiB at the end, most {max(kept.memory) / 2**20:.0f} MiB")
    checks.equal("no error, nothing torn, nothing lost", kept.findings, [])
    checks.that(f"memory at the end is below {MEMORY_SHARE} times that of the first quarter", last <= plateau * MEMORY_SHARE + MEMORY_SLACK, f"{plateau} and {last}")
    checks.that("every kind was asked", len(kept.times) >= 12 and min(map(len, kept.times.values())) > 2, {kind: len(times) for kind, times in kept.times.items()})
    checks.close(at_least=6)


main()
