"""Invented data for the comparison of map servers: `generate.py FOLDER [POLYGONS] [PROBES]` writes polygons.geojson and probes.csv.

50,000 polygons of 12 to 96 vertices over 10 by 8 degrees, about as large as lakes, and a million probes; the same seed gives the same files.
Every row says that it is invented.
"""

import sys
from pathlib import Path

import numpy

WEST, SOUTH, EAST, NORTH = 36.0, 52.0, 46.0, 60.0
SOURCE = "invented for a benchmark"


def polygons(chance, count):
    """Rings around a centre whose radius swings by a third: simple, without holes, closed."""
    for number in range(1, count + 1):
        x, y = chance.uniform(WEST, EAST), chance.uniform(SOUTH, NORTH)
        vertices = int(chance.integers(12, 97))
        radius = chance.lognormal(-5.2, 0.6)
        angle = numpy.linspace(0.0, 2.0 * numpy.pi, vertices, endpoint=False)
        swing = 1.0 + chance.uniform(0.05, 0.33) * numpy.sin(angle * chance.integers(2, 6) + chance.uniform(0, 6.28))
        ring = numpy.column_stack([x + 1.8 * radius * swing * numpy.cos(angle), y + radius * swing * numpy.sin(angle)]).round(6)
        corners = ",".join(f"[{a:.6f},{b:.6f}]" for a, b in [*ring, ring[0]])
        yield (
            f'{{"type":"Feature","geometry":{{"type":"Polygon","coordinates":[[{corners}]]}},"properties":{{"code":"W-{number:06}",'
            f'"name":"Lake {number}","name_ru":"Озеро {number}","kind":"{"lake" if number % 5 else "river"}","source":"{SOURCE}","synthetic":true}}}}'
        )


def main():
    folder = Path(sys.argv[1])
    counts = [int(argument) for argument in sys.argv[2:4]] + [50_000, 1_000_000][len(sys.argv) - 2 :]
    chance = numpy.random.default_rng(20)
    with (folder / "polygons.geojson").open("w") as file:
        file.write('{"type":"FeatureCollection","features":[\n')
        file.write(",\n".join(polygons(chance, counts[0])))
        file.write("\n]}\n")
    x, y = chance.uniform(WEST, EAST, counts[1]), chance.uniform(SOUTH, NORTH, counts[1])
    depth = numpy.clip(chance.gamma(4.0, 0.6, counts[1]), 0.05, 12.0)
    with (folder / "probes.csv").open("w") as file:
        file.write("code,lon,lat,depth_m,refusal,source,synthetic\n")
        for number in range(counts[1]):
            file.write(f"P-{number + 1:07},{x[number]:.6f},{y[number]:.6f},{depth[number]:.2f},mineral_bottom,{SOURCE},true\n")


main()
