"""The plan of the invented area: what lies where, how big, what it is called. Everything that was decided by hand.

Places are kilometres east and north of the middle of the town.
"""

from dataclasses import dataclass

from .geometry import to_utm

SOURCE = "invented for demonstration"
ORIGIN = to_utm(40.65, 55.61)
TOTAL_VOLUME_M3 = 502.5e6  # the town's development strategy speaks of about 500 million m3; probes find a little less


def at(east_km, north_km):
    """A place of the plan in metres (EPSG:32637)."""
    return ORIGIN[0] + 1000 * east_km, ORIGIN[1] + 1000 * north_km


@dataclass(frozen=True)
class Deposit:
    """What is wished of a deposit; its outline and surface follow from it and from the seed."""
    code: str
    name: str
    name_ru: str
    centre: tuple
    area_ha: float
    grain: float            # direction of the old valleys, degrees anticlockwise from east
    elongation: float
    mean_depth_m: float
    max_depth_m: float
    peat_type: str
    stage: str
    year: int
    fund: str
    drained_year: int
    line_spacing_m: float   # 0 = no probes
    fields: int
    statuses: str           # status of the fields from the nearest to the hub outwards: i p u w r
    tile: tuple             # length along the grain and depth of a field, m
    hub: tuple              # where work began
    seed: int


DEPOSITS = (
    Deposit("D1", "Dalnekronshnepovoye", "Дальнекроншнеповое", (15.5, -4.6), 6000, -33, 2.0, 2.95, 7.6, "raised",
            "detailed", 2019, "developed", 1974, 450, 17, "iiwpippipppwppppu", (1500, 1000), (12.0, -3.5), 11),
    Deposit("D2", "Pyostrobekasovoye", "Пёстробекасовое", (-8.5, -11.0), 4500, 24, 1.9, 2.7, 7.0, "transitional",
            "detailed", 2019, "developed", 1981, 450, 12, "iippwpipppup", (1400, 850), (-7.0, -8.5), 12),
    Deposit("D3", "Belopushitsevoye", "Белопушицевое", (23.3, 11.9), 3600, 18, 2.1, 2.55, 6.6, "raised",
            "preliminary", 2021, "developed", 1988, 500, 11, "ipppirppppu", (1300, 800), (19.8, 11.1), 13),
    Deposit("D4", "Tikhozhuravlinnoye", "Тихожуравлинное", (6.5, -20.5), 2600, -14, 1.9, 2.35, 6.2, "fen",
            "preliminary", 2012, "protected", 1983, 500, 6, "rwrupu", (1100, 700), (5.0, -20.0), 14),
    Deposit("D5", "Krasnobagulnikovoye", "Краснобагульниковое", (-14.2, 9.2), 1700, 50, 1.8, 2.1, 5.8, "transitional",
            "detailed", 2021, "developed", 1992, 400, 5, "ipppu", (1200, 750), (-13.0, 8.5), 15),
    Deposit("D6", "Sinemoroshkovoye", "Синеморошковое", (21.5, -19.0), 1000, -40, 1.7, 1.95, 5.4, "raised",
            "preliminary", 2012, "reserve", 0, 400, 3, "ppu", (1000, 650), (21.0, -18.5), 16),
    Deposit("D7", "Krivogogolevoye", "Кривогоголевое", (7.0, 20.8), 600, 66, 1.7, 1.75, 5.1, "fen",
            "reconnaissance", 2012, "reserve", 0, 1300, 1, "u", (800, 500), (7.0, 20.8), 17),
    Deposit("D8", "Malorosyankovoye", "Малоросянковое", (-19.5, -21.5), 310, 20, 1.6, 1.6, 5.0, "fen",
            "prognostic", 1987, "reserve", 0, 0, 0, "", (800, 500), (-19.5, -21.5), 18),
)

STATUS = {"i": "in_production", "p": "prepared", "u": "undeveloped", "w": "worked_out", "r": "rewetted"}


@dataclass(frozen=True)
class Stream:
    """A watercourse from its spring down. `joins` is the code of the stream it flows into."""
    code: str
    name: str
    name_ru: str
    joins: str
    course: tuple
    banks: bool             # a levee keeps peat away from it


STREAMS = (
    Stream("W1", "Pestovka Glinyanaya", "Пестовка Глиняная", "", (
        (35, 4.5), (27, 3.4), (20, 4.6), (13, 4.4), (8.5, 2.2), (6.4, -2.5), (4.2, -7), (3.4, -13), (2.2, -18.2), (0.3, -23), (-2.5, -27), (-5, -33)), True),
    Stream("W2", "Tikhaya Zholna", "Тихая Жолна", "W1", (
        (-8, 24), (-9.5, 17), (-8.7, 11), (-9.6, 4), (-9.4, -2.6), (-5.4, -7.2), (-1.5, -7.6), (4.2, -7)), True),
    Stream("W3", "Pushitsa", "Пушица", "W1", (
        (28, 15.5), (24, 12.6), (19, 11.2), (15, 9.6), (10.5, 8.4), (9.2, 5), (8.5, 2.2)), False),
    Stream("W4", "Kulichka", "Куличка", "W1", ((13, -4.4), (10, -3.4), (7.5, -3.6), (6.4, -2.5)), False),
    Stream("W5", "Sukhaya Zholna", "Сухая Жолна", "W1", (
        (29, -15.5), (24, -14.2), (18, -13.6), (12, -13.2), (7, -12.8), (3.4, -13)), True),
    Stream("W6", "Bekasikha", "Бекасиха", "W1", ((-5.5, -11.5), (-2, -10.4), (1, -10.6), (3.8, -10)), False),
    Stream("W7", "Gogolyok", "Гоголёк", "W3", ((6.5, 22), (8, 18.5), (9.5, 14), (10.5, 8.4)), False),
    Stream("W8", "Zhuravlinka Malaya", "Журавлинка Малая", "W1", ((8, -20.6), (5, -19.6), (3.4, -19.4), (2.2, -18.2)), False),
    Stream("W9", "Bagulka", "Багулька", "W2", ((-14, 8.6), (-13.2, 6.4), (-12.2, 4.6), (-9.6, 4)), False),
)

# The invented national park: centre, area (ha), direction, elongation.
PARK = {"centre": (0.0, -17.9), "area_ha": 27500, "grain": -10, "elongation": 1.7, "seed": 34}
PROTECTIVE_ZONE_M = 1500

TERMINAL = (2.6, -2.9)      # the narrow-gauge yard at the edge of the town
TOWN = (0.2, 0.1)

# Settlements, by their real places: the roads lead there.
PLACES = {
    "Kurlovo": (-10.6, -19.6), "Gusevskiy": (-5.7, 5.6), "Ivanishchi": (-14.6, 17.9), "Mezinovskiy": (-18.1, -12.2),
    "Vorovskogo": (29.1, 13.4), "Anopino": (0.8, 9.9), "Zolotkovo": (28.9, -8.4), "Erleks": (-16.7, -1.3),
}

# Roads in the order they were built: class, name, Russian name, places in turn.
ROADS = (
    ("primary", "North road", "Северная дорога", ((2.5, 26), "Anopino", TOWN)),
    ("primary", "South road", "Южная дорога", (TOWN, "Kurlovo", (-12, -27))),
    ("secondary", "Glass road", "Стекольная дорога", (TOWN, "Gusevskiy", "Ivanishchi")),
    ("secondary", "East road", "Восточная дорога", (TOWN, "Vorovskogo")),
    ("secondary", "Zolotkovo road", "Золотковская дорога", (TOWN, "Zolotkovo")),
    ("tertiary", "Yard street", "Складская улица", (TOWN, TERMINAL, (-1.7, -1.4), (-2.5, 0.7), TOWN)),
    ("tertiary", "Heron street", "Улица Цапли", (TOWN, (-0.9, 2.0), (2.0, 1.4))),
    ("tertiary", "Lane's End road", "Кулижная дорога", (TOWN, (7.6, -0.4))),
    ("tertiary", "West road", "Западная дорога", ("Gusevskiy", "Erleks", "Mezinovskiy")),
    ("tertiary", "Forest road", "Лесная дорога", ("Mezinovskiy", "Kurlovo")),
    ("tertiary", "Crane road", "Журавлиная дорога", ("Kurlovo", (0.5, -23.6), (9.5, -16.6))),
    ("tertiary", "Curlew road", "Кроншнеповая дорога", ("Zolotkovo", (18.5, -15.2), (9.5, -16.6))),
    ("unclassified", "Goldeneye road", "Гоголевая дорога", ("Anopino", (5.0, 17.2))),
    ("tertiary", "Ring road", "Кольцевая дорога", ("Vorovskogo", "Zolotkovo")),
)
