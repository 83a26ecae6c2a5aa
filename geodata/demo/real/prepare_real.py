#!/usr/bin/env python3
"""Derives the real layers of the demonstration: districts, settlements and waters.

    python3 prepare_real.py SOURCE_FOLDER [TARGET_FOLDER]

SOURCE_FOLDER holds the files as their publishers give them:

* ``vladimir_districts.geojson``          OpenStreetMap contributors, ODbL 1.0
* ``meshchera_places.geojson``            GeoNames, CC BY 4.0
* ``ne_10m_rivers_europe.geojson``, ``ne_10m_rivers_lake_centerlines.geojson``,
  ``ne_10m_lakes_europe.geojson``, ``ne_10m_lakes.geojson``   Natural Earth, public domain

Nothing is moved, joined or simplified: coordinates are rounded to 6 decimals (about 10 cm), attributes are
renamed to those of the layers' schema, and features far from Vladimir oblast are left out. Python's standard
library is enough. Layers of different terms stay files of their own.
"""

import json
import math
import sys
from pathlib import Path

OSM = "OpenStreetMap contributors, ODbL 1.0 (github.com/timurkanaz/Russia_geojson_OSM)"
GEONAMES = "GeoNames (geonames.org), CC BY 4.0"
NATURAL_EARTH = "Natural Earth 5.1, public domain"

SETTLEMENT_MARGIN_KM = 40.0
WATER_WINDOW = (37.8, 54.5, 43.2, 57.2)  # west, south, east, north
DECIMALS = 6

DISTRICT_NAMES = {
    "Александровский район": "Aleksandrovsky District",
    "Вязниковский район": "Vyaznikovsky District",
    "Гороховецкий район": "Gorokhovetsky District",
    "Гусь-Хрустальный район": "Gus-Khrustalny District",
    "Камешковский район": "Kameshkovsky District",
    "Киржачский район": "Kirzhachsky District",
    "Ковровский район": "Kovrovsky District",
    "Кольчугинский район": "Kolchuginsky District",
    "Меленковский район": "Melenkovsky District",
    "Муромский район": "Muromsky District",
    "Петушинский район": "Petushinsky District",
    "Селивановский район": "Selivanovsky District",
    "Собинский район": "Sobinsky District",
    "Судогодский район": "Sudogodsky District",
    "Суздальский район": "Suzdalsky District",
    "Юрьев-Польский район": "Yuryev-Polsky District",
    "Владимир": "Vladimir",
    "Гусь-Хрустальный": "Gus-Khrustalny",
    "Ковров": "Kovrov",
    "округ Муром": "Murom Okrug",
    "ЗАТО Радужный": "Raduzhny",
}

# Names that no rule finds among a place's Cyrillic names.
RUSSIAN_NAMES = {
    "Likino-Dulevo": "Ликино-Дулёво",
    "Muromtsevo": "Муромцево",
    "Imeni Vorovskogo": "Имени Воровского",
    "Rostov Veliky": "Ростов Великий",
    "Ozëry": "Озёры",
    "Noginsk-9": "Ногинск-9",
    "Zhukovka": "Жуковка",
    "Zvëzdnyy Gorodok": "Звёздный Городок",
}

# Waters that Natural Earth leaves without a name stay without one here.
WATER_NAMES_RU = {"Klyazma": "Клязьма", "Oka": "Ока", "Tsna": "Цна", "Gorky Reservoir": "Горьковское водохранилище"}

RUSSIAN_LETTERS = set("абвгдеёжзийклмнопрстуфхцчшщъыьэюя -.")
ROMAN = dict(zip(
    "абвгдёжзийклмнопрстуфхцчшщъыьэюя",
    "a b v g d ë zh z i y k l m n o p r s t u f kh ts ch sh shch ” y ’ e yu ya".split(" "),
))


def romanised(cyrillic):
    """Latin spelling of a Russian word by the BGN/PCGN rules that GeoNames follows."""
    result = []
    previous = " "
    for letter in cyrillic.lower():
        if letter == "е":
            result.append("ye" if previous in " -аеёиоуыэюяйьъ" else "e")
        else:
            result.append(ROMAN.get(letter, letter))
        previous = letter
    return "".join(result)


def edit_distance(a, b):
    """Levenshtein distance of two words."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def russian_name(latin, candidates):
    """The Russian one among a place's Cyrillic names: only Russian letters, and spelt nearest to the Latin name."""
    if latin in RUSSIAN_NAMES:
        return RUSSIAN_NAMES[latin]
    russian = [c for c in candidates if set(c.lower()) <= RUSSIAN_LETTERS]
    if not russian:
        return None
    best = min(russian, key=lambda c: (edit_distance(romanised(c), latin.lower()), "ё" not in c.lower(), c))
    return best if edit_distance(romanised(best), latin.lower()) <= 2 else None


def rounded(coordinates):
    """Coordinates to 6 decimals, Z dropped, repeated neighbours taken out of lines and rings."""
    if isinstance(coordinates[0], (int, float)):
        return [round(coordinates[0], DECIMALS), round(coordinates[1], DECIMALS)]
    result = []
    for part in coordinates:
        part = rounded(part)
        if not (result and part == result[-1] and isinstance(part[0], float)):
            result.append(part)
    return result


def positions(coordinates):
    """Every position of a geometry."""
    if isinstance(coordinates[0], (int, float)):
        yield coordinates
    else:
        for part in coordinates:
            yield from positions(part)


def feature(geometry, properties):
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": geometry["type"], "coordinates": rounded(geometry["coordinates"])},
    }


def districts(source):
    result = []
    for row in source["features"]:
        name_ru = row["properties"]["district"]
        result.append(feature(row["geometry"], {
            "name": DISTRICT_NAMES[name_ru], "name_ru": name_ru, "region": "Vladimir Oblast",
            "source": OSM, "synthetic": False,
        }))
    return result


def inside(point, polygons):
    """Even-odd rule over all rings of several polygon geometries."""
    x, y = point
    odd = False
    for ring in polygons:
        for (x1, y1), (x2, y2) in zip(ring, ring[1:]):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                odd = not odd
    return odd


def settlements(source, district_rows):
    rings_by_district = []
    for row in district_rows:
        shape = row["geometry"]["coordinates"]
        parts = [shape] if row["geometry"]["type"] == "Polygon" else shape
        rings_by_district.append([ring for part in parts for ring in part])
    border = [p for rings in rings_by_district for ring in rings for p in ring[::5]]

    def near(point):
        if any(inside(point, rings) for rings in rings_by_district):
            return True
        stretch = math.cos(math.radians(point[1]))
        return any(math.hypot((x - point[0]) * stretch, y - point[1]) * 111.2 <= SETTLEMENT_MARGIN_KM
                   for x, y in border)

    result = []
    for row in source["features"]:
        given = row["properties"]
        if not near(row["geometry"]["coordinates"]):
            continue
        properties = {
            "code": str(given["geonameid"]),
            "name": given["name"].replace("’", "").replace("ë", "yo"),
            "name_ru": russian_name(given["name"], given["names_cyr"]),
            "population": given["population"] or None,
            "source": GEONAMES, "synthetic": False,
        }
        result.append(feature(row["geometry"], {k: v for k, v in properties.items() if v is not None}))
    return sorted(result, key=lambda f: (-f["properties"].get("population", 0), f["properties"]["code"]))


def waters(sources):
    west, south, east, north = WATER_WINDOW
    result = []
    for kind, source in sources:
        for row in source["features"]:
            if not any(west <= p[0] <= east and south <= p[1] <= north for p in positions(row["geometry"]["coordinates"])):
                continue
            name = row["properties"].get("name")
            properties = {"name": name, "name_ru": WATER_NAMES_RU.get(name), "kind": kind,
                          "source": NATURAL_EARTH, "synthetic": False}
            result.append(feature(row["geometry"], {k: v for k, v in properties.items() if v is not None}))
    return result


def write(path, features):
    """One feature a line, so that a change shows as a line."""
    lines = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    path.write_text('{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n", encoding="utf-8")
    print(f"{path.name}: {len(features)} features, {path.stat().st_size / 1000:.0f} kB")


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    target = Path(sys.argv[2]) if len(sys.argv) == 3 else Path(__file__).resolve().parent

    def read(name):
        return json.loads((folder / name).read_text(encoding="utf-8"))

    district_rows = districts(read("vladimir_districts.geojson"))
    write(target / "districts.geojson", district_rows)
    write(target / "settlements.geojson", settlements(read("meshchera_places.geojson"), district_rows))
    write(target / "waters.geojson", waters([
        ("river", read("ne_10m_rivers_lake_centerlines.geojson")),
        ("river", read("ne_10m_rivers_europe.geojson")),
        ("lake", read("ne_10m_lakes_europe.geojson")),
        ("lake", read("ne_10m_lakes.geojson")),
    ]))


if __name__ == "__main__":
    main()
