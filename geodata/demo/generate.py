#!/usr/bin/env python3
"""Makes the invented peat area around Gus-Khrustalny for the demonstration.

    python3 generate.py            writes the files into invented/ and prints a summary
    python3 generate.py --check    makes them in memory, names those that differ from invented/, and exits with 1 if any

Python 3.9 or newer, standard library only; the same bytes every time. Reads real/districts.geojson, real/settlements.geojson
and real/waters.geojson, because invented peat must not lie under a real town.
"""

import random
import sys
from pathlib import Path

sys.dont_write_bytecode = True

from generator import constraints, deposits, energy, fields, files, network, plan, reserves, streams, survey  # noqa: E402
from generator.geometry import contains, polygon_area  # noqa: E402

HERE = Path(__file__).resolve().parent


def made():
    """({file name: text}, summary): the whole demonstration."""
    settlements = files.settlements(HERE / "real" / "settlements.geojson")
    towns = files.town_rings(HERE / "real" / "districts.geojson", "Гусь-Хрустальный")
    waters = files.lines(HERE / "real" / "waters.geojson")
    brooks = streams.streams()

    obstacles = deposits.Obstacles([s["xy"] for s in settlements], towns, waters, brooks)
    surfaces = []
    for deposit in plan.DEPOSITS:
        polygon = deposits.outline(deposit, obstacles)
        obstacles.add_neighbour(polygon[0])
        surfaces.append(deposits.Surface(deposit, polygon))
    park = constraints.park_polygon(obstacles)

    working = fields.fields(surfaces, park, random.Random(41))
    for field in working:
        next(s for s in surfaces if s.deposit is field.deposit).cut(field)
    deposits.scale_to_total(surfaces, working)

    rng = random.Random(42)
    probes = [row for s in surfaces for row in survey.probes(s, working, rng)]
    cores = [core for s in surfaces for core in survey.cores(s, [r for r in probes if r["deposit"] is s.deposit], rng)]
    stated = reserves.statements(surfaces, random.Random(49))
    ways = network.network(surfaces, brooks, working)
    limits = constraints.rows(park, brooks, settlements, ways, {d.code: d for d in plan.DEPOSITS})

    texts = {
        "deposits.geojson": files.geojson(files.deposit_rows(surfaces)),
        "fields.geojson": files.geojson(files.field_rows(working)),
        "probes.csv": files.probes_csv(probes),
        "cores.csv": files.cores_csv(cores),
        "reserve-statements.csv": files.table(stated),
        "constraints.geojson": files.geojson(limits),
        "consumers.geojson": files.geojson(energy.consumers()),
        "plants.geojson": files.geojson(energy.plants()),
        "scenarios.geojson": files.geojson(energy.scenarios()),
        "haul-network.geojson": files.geojson(files.network_rows(ways)),
    }
    return texts, summary(surfaces, park, working, probes, cores, ways)


def summary(surfaces, park, working, probes, cores, ways):
    """What was made, as lines of text."""
    lines = ["deposit                    area ha  mean m  max m  million m3  in park %  vertices  holes  fields  field ha  probes  cores"]
    volume = area = park_area = 0.0
    for s in surfaces:
        values = s.inner_values()
        in_park = sum(1 for k, i in enumerate(s.inside) if i and contains(park, *s.grid.node(k))) / len(values)
        own = [f for f in working if f.deposit is s.deposit]
        ha = polygon_area(s.polygon) / 1e4
        lines.append(
            f"{s.deposit.code} {s.deposit.name:<22} {ha:8.0f} {s.volume() / ha / 1e4:7.2f} {max(values):6.2f} {s.volume() / 1e6:11.2f}"
            f" {100 * in_park:10.1f} {sum(map(len, s.polygon)):9d} {len(s.polygon) - 1:6d} {len(own):7d} {sum(f.gross_ha for f in own):9.0f}"
            f" {sum(1 for r in probes if r['deposit'] is s.deposit):7d} {sum(1 for c in cores if c['deposit'] is s.deposit):6d}")
        volume, area, park_area = volume + s.volume(), area + ha, park_area + in_park * ha
    lines.append(f"together                  {area:8.0f} {volume / area / 1e4:7.2f}        {volume / 1e6:11.2f} {100 * park_area / area:10.1f}"
                 f"                   {len(working):7d} {sum(f.gross_ha for f in working):9.0f} {len(probes):7d} {len(cores):6d}")
    states = {}
    for f in working:
        states[f.status] = states.get(f.status, 0.0) + f.gross_ha
    lines.append("fields, ha: " + ", ".join(f"{k} {states[k]:.0f}" for k in sorted(states)))
    kinds = {}
    for r in probes:
        kinds[r["refusal"]] = kinds.get(r["refusal"], 0) + 1
    lines.append("refusals: " + ", ".join(f"{k} {kinds[k]}" for k in sorted(kinds)))
    roads = {}
    for w in ways:
        roads[w.road_class] = roads.get(w.road_class, 0.0) + network.length_km(w)
    lines.append("network, km: " + ", ".join(f"{k} {roads[k]:.0f}" for k in sorted(roads)) + f"; together {sum(roads.values()):.0f}")
    return "\n".join(lines)


def main():
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(__doc__)
    texts, report = made()
    print(report)
    target = HERE / "invented"
    if sys.argv[1:] == ["--check"]:
        differing = [name for name in sorted(texts)
                     if not (target / name).is_file() or (target / name).read_bytes() != texts[name].encode("utf-8")]
        for name in differing:
            print(f"differs: invented/{name}")
        sys.exit(1 if differing else 0)
    target.mkdir(exist_ok=True)
    for name, text in texts.items():
        (target / name).write_bytes(text.encode("utf-8"))


if __name__ == "__main__":
    main()
