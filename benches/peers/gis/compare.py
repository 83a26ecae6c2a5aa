"""Called by run.sh: `compare.py FOLDER [SERVER ...]`. Prints a table in Markdown. First the answers are compared: as many features matched and
returned by all; a server that answers otherwise is named and its cell left out."""

import contextlib
import json
import math
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

from servers import LAYER, Martin, MapServer, Ours, OursAgain, PostGis, Pygeoapi, Tipg, get

HERE = Path(__file__).parent
SECONDS, CONNECTIONS = os.environ.get("BENCH_SECONDS", "5"), 4
ZOOMS = [4, 6, 8, 10, 12, 14]
CENTRE = (41.0, 56.0)
BOX = "bbox=40.5,55.5,41.5,56.5"
WRK = """
local paths, at = {}, 0
for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
local tag = os.getenv("TAG")
if tag and tag ~= "" then wrk.headers["If-None-Match"] = tag end
request = function() at = at % #paths + 1; return wrk.format(nil, paths[at]) end
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests":%d,"us":%d,"bytes":%d,"p50":%d,"p99":%d,"errors":%d}',
    summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(99), errors.status + errors.connect + errors.read + errors.timeout + errors.write))
end
"""


def loaded(work, server, urls, tag=""):
    """wrk at full speed over some addresses in turn."""
    (work / "load.lua").write_text(WRK)
    (work / "load.txt").write_text("".join(url[len(server.address) :] + "\n" for url in urls))
    environment = os.environ | {"PATHS": str(work / "load.txt"), "TAG": tag}
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--timeout", "60s", "-s", work / "load.lua", server.address]
    out = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    got = json.loads(out[out.index('{"requests"') :].splitlines()[0])
    seconds = got["us"] / 1e6
    return {"rate": got["requests"] / seconds, "p50": got["p50"] / 1e3, "p99": got["p99"] / 1e3, "mb": got["bytes"] / 1e6 / seconds, "errors": got["errors"]}


def tile_of(longitude, latitude, zoom):
    return int((longitude + 180) / 360 * 2**zoom), int((1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * 2**zoom)


def counted(url):
    """Matched and returned features, where the server says."""
    status, _, body = get(url)
    if status != 200:
        return f"status {status}"
    document = json.loads(body)
    features = document.get("features")
    return (document.get("numberMatched"), len(features)) if features is not None else ("one", document["type"])


def same(count, expected):
    """Whether two answers hold as much; a server that does not say what matched is taken by what it returned."""
    if isinstance(count, str):
        return False
    return count == expected or (None in (count[0], expected[0]) and count[1] == expected[1])


def questions(server):
    """What is asked: name, address."""
    return {
        "items limit=10": server.items("limit=10"),
        "items limit=1000": server.items("limit=1000"),
        "items limit=10, box": server.items(f"limit=10&{BOX}"),
        "items limit=1000, box": server.items(f"limit=1000&{BOX}"),
        "item by id": server.item(100),
        "one code": server.filter() and server.items(server.filter()),
        "last page, limit=10": server.items(server.at_end(10)),
    }


def cold(server, zoom):
    """Tiles that nobody asked for yet, one after another: the middle time in ms. Each zoom has others."""
    column, row = tile_of(*CENTRE, zoom)
    reach = 0 if zoom < 6 else 1 if zoom < 8 else 4
    times = []
    for across in range(-reach, reach + 1):
        for down in range(-reach, reach + 1):
            began = time.monotonic()
            status, _, _ = get(server.tile(zoom, column + across, row + down))
            if status in (200, 204):
                times.append(time.monotonic() - began)
    return 1000 * sorted(times)[len(times) // 2] if times else None


def measure(work, server, expected):
    print(f"# {server.name}: answers after {server.seconds_to_start:.2f} s", file=sys.stderr)
    result = {"start": server.seconds_to_start, "at rest": server.memory()}
    if server.has_items:
        for name, url in questions(server).items():
            if url is None:
                continue
            count = counted(url)
            if not same(count, expected.get(name, count)):
                print(f"  {server.name}: {name}: {count}, expected {expected.get(name)}: left out", file=sys.stderr)
                continue
            if count[0] is None:
                print(f"  {server.name}: {name}: does not count what matches", file=sys.stderr)
            else:
                expected.setdefault(name, count)
            result[name] = loaded(work, server, [url])
        tag = get(server.items("limit=1000"))[1].get("ETag") or get(server.items("limit=1000"))[1].get("etag")
        if tag:
            result["304, limit=1000"] = loaded(work, server, [server.items("limit=1000")], tag)
    if isinstance(server, Ours):
        cql = server.items("limit=10&filter=" + quote("kind = 'lake' AND code LIKE 'W-0001%'"))
        if get(cql)[0] == 200:
            result["CQL2: two comparisons"] = loaded(work, server, [cql])
    if server.has_tiles and get(server.tile(0, 0, 0))[0] in (200, 204):
        for zoom in ZOOMS:
            first = cold(server, zoom)
            if first is not None:
                result[f"tile z{zoom}, first time"] = {"ms": first}
                result[f"tile z{zoom}, again"] = loaded(work, server, [server.tile(zoom, *tile_of(*CENTRE, zoom))])
    result["under load"] = server.memory()
    return result


def table(results):
    names = list(dict.fromkeys(name for result in results.values() for name, value in result.items() if isinstance(value, dict)))
    lines = [f"| request | {' | '.join(results)} | peatplan / fastest peer |", f"| --- |{' --- |' * (len(results) + 1)}"]
    for name in names:
        cells, rates = [], {}
        for server, result in results.items():
            got = result.get(name)
            if got is None:
                cells.append("–")
            elif "ms" in got:
                cells.append(f"{got['ms']:.1f} ms")
                rates[server] = 1 / got["ms"]
            else:
                cells.append(f"{got['rate']:,.0f} /s, p50 {got['p50']:.2f}, p99 {got['p99']:.1f} ms, {got['mb']:.0f} MB/s" + (f", {got['errors']} ERRORS" if got["errors"] else ""))
                rates[server] = got["rate"]
        ours = rates.pop(Ours.name, None)
        ratio = f"{ours / max(rates.values()):,.1f}" if ours and rates and max(rates.values()) else "–"
        lines.append(f"| {name} | {' | '.join(cells)} | {ratio} |")
    for name, write in [("start", lambda value: f"{value:.2f} s"), ("at rest", lambda value: f"{value / 2**20:.0f} MiB"), ("under load", lambda value: f"{value / 2**20:.0f} MiB")]:
        lines.append(f"| {name} | {' | '.join(write(result[name]) for result in results.values())} | – |")
    return "\n".join(lines)


def main():
    work = Path(sys.argv[1]).resolve()
    wanted = sys.argv[2:] or ["ours", "mapserver", "pygeoapi", "tipg", "martin"]
    if not (work / "probes.csv").exists():
        subprocess.run([sys.executable, HERE / "generate.py", work], check=True)
    if not (work / "polygons.gpkg").exists():
        subprocess.run(["ogr2ogr", "-f", "GPKG", work / "polygons.gpkg", work / "polygons.geojson", "-nln", LAYER, "-lco", "FID=fid", "-t_srs", "EPSG:4326"], check=True)
        subprocess.run(["ogrinfo", "-q", work / "polygons.gpkg", "-sql", f"CREATE INDEX by_code ON {LAYER} (code)"], check=True, capture_output=True)
    results, expected, left_out = {}, {}, []
    with contextlib.ExitStack() as stack:
        database = stack.enter_context(PostGis(work)) if {"tipg", "martin"} & set(wanted) else None
        makers = {"ours": lambda: Ours(work), "mapserver": lambda: MapServer(work), "pygeoapi": lambda: Pygeoapi(work), "tipg": lambda: Tipg(work, database), "martin": lambda: Martin(work, database)}
        for word in wanted:
            try:
                with makers[word]() as server:
                    results[server.name] = measure(work, server, expected)
                    if word == "ours":
                        print(f"a million probes, items limit=1000: {loaded(work, server, [OursAgain.items(server, 'limit=1000')])}", file=sys.stderr)
            except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
                left_out.append(f"{word}: {error}")
    print(f"50,000 polygons of 12 to 96 vertices (and, with peatplan, a million probes in the same project), {CONNECTIONS} connections, {SECONDS} s each, {os.cpu_count()} cores shared with the load.\n")
    print(table(results))
    for one in left_out:
        print(f"\nLeft out: {one}")
    if left_out and not results:
        sys.exit(1)


main()
