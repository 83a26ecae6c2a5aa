"""Consumers of heat and power in and around the town, and proposed plants with scenarios of them. All invented.

No heat is counted twice: the boiler houses stand outside the district heating zone and serve other quarters.
"""

import json
import math

from .geometry import Noise, to_lonlat
from .plan import at

STEAM_MPA, STEAM_C = 1.3, 191.6  # saturated steam at 1.3 MPa absolute

CONSUMERS = (
    # code, kind, name, Russian name, place km, heat MWh/a, peak MW, power MWh/a, steam, fuel
    ("C-01", "glass_works", "Sirin glass works", "Стекольный завод «Сирин»", (-1.6, -1.2), 41000, 9.5, 52000, True, "gas"),
    ("C-02", "glass_works", "Firebird crystal works", "Хрустальный завод «Жар-птица»", (0.6, 0.5), 23000, 5.6, 31000, True, "gas"),
    ("C-03", "glass_works", "Rime bottle works", "Тарный завод «Изморозь»", (2.9, -1.9), 34000, 7.8, 46000, True, "gas"),
    ("C-04", "glass_works", "Lens fibre works", "Завод стекловолокна «Линза»", (-5.1, 5.1), 16500, 4.1, 27500, True, "gas"),
    ("C-05", "boiler_house", "Boiler house Heron", "Котельная «Цапля»", (-1.0, 2.5), 96000, 38.0, 3900, True, "gas"),
    ("C-06", "boiler_house", "Boiler house Bittern", "Котельная «Выпь»", (2.2, 1.5), 71000, 29.0, 2900, True, "gas"),
    ("C-07", "boiler_house", "Boiler house Teal", "Котельная «Чирок»", (-2.3, 0.6), 44000, 18.0, 1800, False, "oil"),
    ("C-08", "boiler_house", "Boiler house Lapwing", "Котельная «Чибис»", (1.1, 10.2), 13500, 5.6, 610, False, "coal"),
    ("C-09", "boiler_house", "Boiler house Snipe", "Котельная «Бекас»", (-10.1, -19.4), 24500, 10.2, 1050, False, "oil"),
    ("C-10", "industry", "Cornflower textile mill", "Текстильная фабрика «Василёк»", (0.9, -1.6), 19000, 4.8, 14000, True, "gas"),
)

PLANTS = (
    # code, name, Russian name, place, technology, electric MW, heat MW, efficiency, hours, peat share
    ("P-1", "Swift CHP (proposed)", "ТЭЦ «Стриж» (предложена)", (-4.6, 4.6), "organic_rankine", 3.0, 12.5, 0.83, 5600, 0.8),
    ("P-2", "Merlin CHP (proposed)", "ТЭЦ «Дербник» (предложена)", (2.4, -2.6), "back_pressure_steam", 11.0, 32.0, 0.86, 6000, 1.0),
    ("P-3", "Golden Eagle CHP (proposed)", "ТЭЦ «Беркут» (предложена)", (4.9, -0.6), "extraction_steam", 42.0, 84.0, 0.84, 6400, 0.95),
)


def consumers():
    """(geometry type, coordinates, properties) of all consumers."""
    result = []
    for code, kind, name, name_ru, place, heat, peak, power, steam, fuel in CONSUMERS:
        properties = {"code": code, "name": name, "name_ru": name_ru, "kind": kind, "heat_demand_mwh_a": heat,
                      "peak_heat_mw": peak, "power_demand_mwh_a": power, "present_fuel": fuel}
        if steam:
            properties.update(steam_pressure_mpa=STEAM_MPA, steam_temperature_c=STEAM_C)
        result.append(("Point", list(to_lonlat(*at(*place))), properties))
    shape = Noise(951)
    ring = []
    for k in range(40):
        angle = 2 * math.pi * k / 40
        radius = 1.45 + 0.55 * shape.at(1.6 * math.cos(angle) + 5, 1.6 * math.sin(angle) + 5)
        ring.append(list(to_lonlat(*at(-0.1 + 1.1 * radius * math.cos(angle), 0.5 + 0.85 * radius * math.sin(angle)))))
    result.append(("Polygon", [ring + ring[:1]], {
        "code": "C-11", "name": "District heating of the central quarters", "name_ru": "Теплосеть центральных кварталов",
        "kind": "district_heating", "heat_demand_mwh_a": 248000, "peak_heat_mw": 96.0, "power_demand_mwh_a": 7400,
        "present_fuel": "gas"}))
    return result


def scenarios():
    """(geometry type, coordinates, properties) of scenarios of the second plant: what if its fuel, or the season, were another?"""
    place = list(to_lonlat(*at(*PLANTS[1][3])))
    plant = PLANTS[1][0]
    kept = [
        ("S-1", "Peat alone", "Только торф", {"plant": plant, "peat_share": 1.0, "routes": False}, None,
         "The plant burns peat alone, from the fields that are prepared"),
        ("S-2", "A fifth of wood", "Пятая часть — древесина", {"plant": plant, "peat_share": 0.8, "routes": False}, "S-1",
         "As S-1, with wood chips for a fifth of the energy"),
        ("S-3", "Every field", "Все поля", {"plant": plant, "peat_share": 1.0, "include_undeveloped": True, "routes": False}, "S-1",
         "As S-1, with the fields that are not prepared yet"),
    ]
    return [("Point", place, {
        "code": code, "name": name, "name_ru": name_ru, "process": "fuel-supply",
        "inputs": json.dumps(inputs), "note": note} | ({"parent": parent} if parent else {}))
        for code, name, name_ru, inputs, parent, note in kept]


def plants():
    """(geometry type, coordinates, properties) of the proposed plants."""
    result = []
    for code, name, name_ru, place, technology, electric, heat, efficiency, hours, share in PLANTS:
        result.append(("Point", list(to_lonlat(*at(*place))), {
            "code": code, "name": name, "name_ru": name_ru, "status": "proposed", "technology": technology,
            "electric_capacity_mw": electric, "heat_capacity_mw": heat,
            "fuel_power_mw": round((electric + heat) / efficiency, 1), "total_efficiency": efficiency,
            "full_load_hours": hours, "peat_share": share}))
    return result
