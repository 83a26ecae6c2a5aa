"""Land where extraction is limited: an invented park and its zone, water strips, settlements, roads, a fire break."""

from .deposits import organic_polygon
from .geometry import (Frame, Grid, bounds, contour_loops, densified, largest_polygon, line_length, simplified_ring,
                       to_lonlat)
from .plan import PARK, PROTECTIVE_ZONE_M, at


def park_polygon(obstacles):
    """The outline of the invented national park: no settlement in it; peat and rivers do not matter to it."""
    return organic_polygon(at(*PARK["centre"]), PARK["area_ha"], PARK["grain"], PARK["elongation"], PARK["seed"],
                           obstacles.of_settlements, roughness=0.3, cell=160.0, vertices=260, holes=0)


def zone_around(polygon, width):
    """A ring of the given width around a polygon: the outer line and the polygon itself as its hole."""
    box = bounds(polygon[0])
    margin = width + 400
    grid = Grid((box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin), 120.0)
    inside = grid.inside(polygon)
    distance = grid.distance_to(densified(polygon[0] + polygon[0][:1], 40.0))
    grid.values = [width if i else width - d for d, i in zip(distance, inside)]
    outer = largest_polygon(contour_loops(grid, 0.0), 1e12, 0)[0]
    return [simplified_ring(outer, 12.0), polygon[0][::-1]]


def water_strip(length_m):
    """Width of the water protection strip by the length of the river."""
    return 50 if length_m < 10e3 else 100 if length_m < 50e3 else 200


def settlement_strip(population):
    """Width of the strip around the middle of a settlement."""
    return 4500 if population > 50000 else 1500 if population > 2000 else 1000


def rows(park, stream_lines, settlements, ways, deposits_by_code):
    """(geometry type, coordinates in degrees, properties) of all constraints."""
    def polygon(rings):
        result = []
        for ring in rings:
            ring = [to_lonlat(*p) for p in ring]
            result.append([list(p) for p in ring + ring[:1]])
        return result

    result = [
        ("Polygon", polygon(park), {
            "name": "Demonstration national park (invented)", "name_ru": "Демонстрационный национальный парк (вымышлен)",
            "kind": "protected_area", "legal_basis": "invented; stands for a national park by Federal Law 33-FZ",
            "effect": "exclude"}),
        ("Polygon", polygon(zone_around(park, PROTECTIVE_ZONE_M)), {
            "name": "Protective zone of the demonstration park (invented)",
            "name_ru": "Охранная зона демонстрационного парка (вымышлена)",
            "kind": "protective_zone", "legal_basis": "invented; stands for a protective zone by Federal Law 33-FZ",
            "effect": "exclude"}),
    ]
    for stream, line in stream_lines.values():
        result.append(("LineString", [list(to_lonlat(*p)) for p in line], {
            "name": f"Water protection strip of the {stream.name}", "name_ru": f"Водоохранная зона: {stream.name_ru}",
            "kind": "water_protection", "legal_basis": "Water Code, article 65: width by length of the river",
            "effect": "buffer", "buffer_m": water_strip(line_length(line))}))
    for settlement in settlements:
        if not (40.2 < settlement["lonlat"][0] < 41.2 and 55.3 < settlement["lonlat"][1] < 55.85):
            continue
        result.append(("Point", list(settlement["lonlat"]), {
            "name": f"Strip around {settlement['name']}", "name_ru": f"Полоса у населённого пункта {settlement['name_ru']}",
            "kind": "settlement", "legal_basis": "invented width, by population",
            "effect": "buffer", "buffer_m": settlement_strip(settlement["population"])}))
    for road_class, name, name_ru in (("primary", "North road", "Северная дорога"), ("primary", "South road", "Южная дорога")):
        pieces = [[list(p) for p in w.line] for w in ways if w.name == name and w.road_class == road_class]
        result.append(("MultiLineString", pieces, {
            "name": f"Strip of the {name}", "name_ru": f"Придорожная полоса: {name_ru}", "kind": "road",
            "legal_basis": "Federal Law 257-FZ, article 26: roadside strip", "effect": "buffer", "buffer_m": 75}))
    planned = [at(10.6, 12.2), at(15.0, 13.0), at(19.5, 14.3), at(23.5, 14.2), at(29.5, 15.0)]
    result.append(("LineString", [list(to_lonlat(*p)) for p in planned], {
        "name": "Strip kept for a planned road", "name_ru": "Полоса под проектируемую дорогу", "kind": "road",
        "legal_basis": "invented; stands for a land-use plan", "effect": "buffer", "buffer_m": 100}))
    first = deposits_by_code["D1"]
    frame = Frame(*at(*first.centre), first.grain)
    result.append(("LineString", [list(to_lonlat(*frame.xy(1150.0, v))) for v in (-5200, -2600, 0, 2600, 5200)], {
        "name": "Main fire break of Dalnekronshnepovoye", "name_ru": "Главный противопожарный разрыв Дальнекроншнепового",
        "kind": "fire_break", "legal_basis": "invented; stands for fire rules of peat enterprises",
        "effect": "buffer", "buffer_m": 50}))
    for number, (_, _, properties) in enumerate(result, 1):
        properties["code"] = f"L-{number:02d}"
    return result
