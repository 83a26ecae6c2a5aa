"""Reading the real layers and writing the invented ones: GeoJSON with one feature a line, and CSV."""

import json

from .geometry import bounds, to_lonlat, to_utm
from .network import COST_RUB_T_KM, SPEED_KM_H
from .plan import SOURCE

WINDOW = (39.9, 55.15, 41.45, 55.98)  # west, south, east, north: the land around the invented deposits


def _features(path):
    return json.loads(path.read_text(encoding="utf-8"))["features"]


def settlements(path):
    """Real settlements of the window, with their place in metres."""
    west, south, east, north = WINDOW
    result = []
    for row in _features(path):
        lon, lat = row["geometry"]["coordinates"]
        if west < lon < east and south < lat < north:
            given = row["properties"]
            result.append({"name": given["name"], "name_ru": given["name_ru"], "population": given.get("population", 0),
                           "lonlat": (lon, lat), "xy": to_utm(lon, lat)})
    return result


def town_rings(path, name_ru):
    """Outer rings of a town in metres."""
    result = []
    for row in _features(path):
        if row["properties"]["name_ru"] == name_ru:
            shape = row["geometry"]["coordinates"]
            for part in [shape] if row["geometry"]["type"] == "Polygon" else shape:
                result.append([to_utm(*p) for p in part[0][:-1]])
    return result


def lines(path):
    """Real rivers and shores near the window, in metres."""
    west, south, east, north = WINDOW
    result = []

    def walk(coordinates):
        if isinstance(coordinates[0][0], (int, float)):
            box = bounds(coordinates)
            if box[0] < east and box[2] > west and box[1] < north and box[3] > south:
                result.append([to_utm(*p) for p in coordinates])
        else:
            for part in coordinates:
                walk(part)

    for row in _features(path):
        walk(row["geometry"]["coordinates"])
    return result


def geojson(rows):
    """(type, coordinates, properties) rows as a feature collection, one feature a line."""
    features = []
    for kind, coordinates, properties in rows:
        ordered = {k: properties[k] for k in ("code", "name", "name_ru") if k in properties}
        ordered.update((k, v) for k, v in properties.items() if k not in ordered)
        ordered.update(source=SOURCE, synthetic=True)
        features.append(json.dumps({"type": "Feature", "properties": ordered,
                                    "geometry": {"type": kind, "coordinates": coordinates}},
                                   ensure_ascii=False, separators=(",", ":")))
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(features) + "\n]}\n"


def polygon_coordinates(polygon):
    """Rings in degrees, closed, the outer one anticlockwise."""
    result = []
    for ring in polygon:
        written = []
        for point in ring:
            point = list(to_lonlat(*point))
            if not written or written[-1] != point:
                written.append(point)
        result.append(written + written[:1])
    return result


def deposit_rows(surfaces):
    for s in surfaces:
        d = s.deposit
        properties = {"code": d.code, "name": d.name, "name_ru": d.name_ru, "peat_type": d.peat_type,
                      "survey_stage": d.stage, "survey_year": d.year, "fund": d.fund, "drained": bool(d.drained_year)}
        if d.drained_year:
            properties["drained_year"] = d.drained_year
        if not d.line_spacing_m:
            volume = s.volume()
            properties["stated_mean_depth_m"] = round(sum(s.inner_values()) / len(s.inner_values()), 2)
            properties["stated_volume_m3"] = int(round(volume, -5))
        yield "Polygon", polygon_coordinates(s.polygon), properties


def field_rows(fields):
    for f in fields:
        gross = round(f.gross_ha, 2)
        yield "Polygon", polygon_coordinates(f.polygon), {
            "code": f.code, "name": f"{f.deposit.name}, field {f.number}", "name_ru": f"{f.deposit.name_ru}, поле {f.number}",
            "deposit": f.deposit.code, "status": f.status, "technology": f.technology,
            "gross_area_ha": gross, "net_area_ha": round(gross * f.net_share, 2)}


def network_rows(ways):
    for number, w in enumerate(ways, 1):
        properties = {"code": f"H-{number:03d}", "name": w.name, "name_ru": w.name_ru, "class": w.road_class,
                      "speed_km_h": SPEED_KM_H[w.road_class]}
        if w.road_class in COST_RUB_T_KM:
            properties["cost_rub_t_km"] = COST_RUB_T_KM[w.road_class]
        yield "LineString", [list(p) for p in w.line], properties


def _text(value):
    if value is True or value is False:
        return "true" if value else "false"
    value = str(value)
    return '"' + value.replace('"', '""') + '"' if any(c in value for c in ',"\n') else value


def table(rows):
    """Rows of one kind as CSV."""
    rows = [dict(row, source=SOURCE, synthetic=True) for row in rows]
    lines = [",".join(rows[0])] + [",".join(_text(v) for v in row.values()) for row in rows]
    return "\n".join(lines) + "\n"


def probes_csv(probes):
    rows = []
    for number, p in enumerate(probes, 1):
        lon, lat = to_lonlat(p["x"], p["y"])
        rows.append({"code": f"Z-{number:04d}", "lon": f"{lon:.6f}", "lat": f"{lat:.6f}", "depth_m": f"{p['depth_m']:.2f}",
                     "refusal": p["refusal"], "censored": p["censored"], "method": p["method"], "date": p["date"],
                     "drained": p["drained"], "survey_line": p["survey_line"],
                     "surface_elevation_m": f"{p['surface_elevation_m']:.2f}"})
    return table(rows)


def cores_csv(cores):
    rows = []
    for number, core in enumerate(cores, 1):
        lon, lat = to_lonlat(core["x"], core["y"])
        for layer in core["layers"]:
            rows.append({
                "code": f"K-{number:03d}", "lon": f"{lon:.6f}", "lat": f"{lat:.6f}", "date": core["date"],
                "from_m": f"{layer['from_m']:.2f}", "to_m": f"{layer['to_m']:.2f}", "peat_type": layer["peat_type"],
                "decomposition": f"{layer['decomposition']:.2f}", "von_post": layer["von_post"],
                "moisture": f"{layer['moisture']:.3f}", "ash": f"{layer['ash']:.3f}",
                "dry_density_kg_m3": f"{layer['dry_density_kg_m3']:.1f}",
                "net_calorific_value_dry_mj_kg": f"{layer['net_calorific_value_dry_mj_kg']:.2f}"})
    return table(rows)
