"""The survey: probes on lines across the grain, and cores with their layers."""

import datetime
import math

from .geometry import Frame, Noise, contains
from .plan import at

PROBE_STEP_M = 100.0
ROD_LENGTH_M = 7.0

# Campaign by survey year: first day, days of work, method.
CAMPAIGNS = {2012: ((2012, 7, 2), 70), 2019: ((2019, 6, 17), 75), 2021: ((2021, 6, 7), 85)}


def to_five_cm(depth):
    """A depth as it is read off the rod: whole steps of 5 cm."""
    return round(max(0.0, depth) * 20) / 20


def probes(surface, fields, rng):
    """Rows of one deposit: dicts with x, y and the layer's properties."""
    deposit = surface.deposit
    if not deposit.line_spacing_m:
        return []
    frame = Frame(*at(*deposit.centre), deposit.grain)
    us, vs = zip(*(frame.uv(x, y) for x, y in surface.polygon[0]))
    own = [f for f in fields if f.deposit is deposit]
    bend, hills = Noise(deposit.seed * 10 + 8), Noise(501)
    first_day, days = CAMPAIGNS[deposit.year]
    start = datetime.date(*first_day)
    spacing = deposit.line_spacing_m
    step = PROBE_STEP_M if spacing < 1000 else 200.0
    lines = []
    u = min(us) + spacing * 0.45
    number = 1
    while u < max(us):
        lines.append((u, str(number), None))
        if spacing < 1000:
            lines.append((u + spacing / 2, f"{number}a", own))
        u += spacing
        number += 1
    result = []
    for order, (line_u, name, only) in enumerate(lines):
        day = start + datetime.timedelta(days=round(days * order / len(lines)))
        gpr = deposit.year == 2021 and order % 7 == 4
        offset = rng.uniform(0, step)
        count = int((max(vs) - min(vs) + 2 * step) / step)
        line = []
        for n in range(count):
            v = min(vs) - step + offset + n * step
            x, y = frame.xy(line_u + 70 * bend.at(v / 2200, line_u / 900) + rng.gauss(0, 5), v + rng.gauss(0, 7))
            inside = contains(surface.polygon, x, y)
            if inside and only is not None:
                inside = any(f.tile[0] - 60 < line_u < f.tile[1] + 60 and f.tile[2] - 60 < v < f.tile[3] + 60 for f in only)
                if not inside:
                    line.append(None)
                    continue
            line.append((x, y, inside))
        kept = []
        gap = 0
        for n, point in enumerate(line):
            if point is None:
                continue
            x, y, inside = point
            if not inside:
                neighbours = [line[m] for m in (n - 1, n + 1) if 0 <= m < len(line) and line[m]]
                beyond = any(p[2] for p in neighbours) and only is None
                if not (beyond and rng.random() < 0.4):
                    continue
            elif gap:
                gap -= 1
                continue
            elif rng.random() < 0.006:
                gap = rng.choice((1, 1, 2, 3))
                continue
            kept.append((x, y, inside))
        for x, y, inside in kept:
            true = surface.thickness(x, y)
            edge = surface.edge_distance.at(x, y)
            depth = true + rng.gauss(0, 0.04 + 0.02 * true)
            refusal, censored, method = "mineral_bottom", False, "gpr" if gpr else "probe"
            if not inside:
                depth = min(0.2, abs(rng.gauss(0, 0.08)))
            elif edge < 30:
                depth = min(depth, 0.6)
            if inside and not gpr and true > 0.6 and rng.random() < 0.032:
                depth, refusal, censored = true * rng.uniform(0.35, 0.85), "wood", True
            elif not gpr and deposit.year != 2021 and depth > ROD_LENGTH_M:
                depth, refusal, censored = ROD_LENGTH_M, "rod_length", True
            elif not gpr and depth > 4 and rng.random() < 0.06:
                method = "auger"
            elif gpr:
                depth *= 1.03
            if not gpr and refusal == "mineral_bottom" and rng.random() < 0.012:
                refusal = "unknown"
            result.append({
                "x": x, "y": y, "depth_m": to_five_cm(depth), "refusal": refusal, "censored": censored, "method": method,
                "date": day.isoformat(), "drained": drained_at(surface, own, x, y),
                "survey_line": f"{deposit.code}-{name}",
                "surface_elevation_m": round(121.5 + 7 * hills.fractal(x / 9000, y / 9000, 2) + 0.35 * true + rng.gauss(0, 0.08), 2),
                "deposit": deposit, "true": true, "inside": inside,
            })
    return result


def drained_at(surface, fields, x, y):
    """Drained ground: in the fields that were ever prepared, and rewetted ones no longer."""
    return any(f.status in ("prepared", "in_production", "worked_out") and contains(f.polygon, x, y) for f in fields)


def saturated_dry_density(moisture, ash):
    """Dry matter in a cubic metre of peat whose pores are full of water, kg/m3 (solids 1.5 organic, 2.6 t/m3 mineral)."""
    solids = 1 / ((1 - ash) / 1.5 + ash / 2.6)
    return 1000 * (1 - moisture) / ((1 - moisture) / solids + moisture)


def von_post(decomposition):
    """The von Post class whose usual decomposition is nearest."""
    middle = (0.03, 0.08, 0.15, 0.20, 0.28, 0.38, 0.48, 0.58, 0.68, 0.80)
    return min(range(10), key=lambda k: abs(middle[k] - decomposition)) + 1


def types_down(peat_type, depth, rng):
    """The peat type at a share of the depth from the surface, as a function."""
    if peat_type == "raised":
        fen, transitional = rng.uniform(0.12, 0.28), rng.uniform(0.1, 0.25)
    elif peat_type == "transitional":
        fen, transitional = rng.uniform(0.3, 0.5), rng.uniform(0.4, 0.6)
    else:
        fen, transitional = rng.uniform(0.8, 1.0), rng.uniform(0.0, 0.2)
    if depth < 1.3:
        fen += 0.15

    def peat_at(share):
        if share > 1 - fen:
            return "fen"
        return "transitional" if share > 1 - fen - transitional else "raised"
    return peat_at


def layers(peat_type, depth, rng, drained):
    """3 to 8 layers from the surface to the mineral bottom."""
    samples = max(3, math.floor(depth / 0.25 + 1e-9))  # the lowest takes what is over
    wanted = min(8, max(3, round(depth / 0.5 + rng.uniform(-0.5, 1.0))), samples)
    limits = [0.0] + [0.25 * cut for cut in sorted(rng.sample(range(1, samples), wanted - 1))] + [depth]
    peat_at = types_down(peat_type, depth, rng)
    shift = rng.gauss(0, 0.03)
    result = []
    for top, bottom in zip(limits, limits[1:]):
        share = (top + bottom) / 2 / depth
        kind = peat_at(share)
        base = {"raised": 0.17, "transitional": 0.24, "fen": 0.27}[kind]
        decomposition = min(0.6, max(0.08, base + 0.22 * share + shift + rng.gauss(0, 0.02)))
        if kind == "raised":
            ash = 0.022 + 0.022 * share + abs(rng.gauss(0, 0.005))
        elif kind == "transitional":
            ash = 0.04 + 0.025 * share + abs(rng.gauss(0, 0.007))
        else:
            ash = 0.065 + 0.05 * share ** 2 + abs(rng.gauss(0, 0.012))
        ash = min({"raised": 0.06, "transitional": 0.09, "fen": 0.15}[kind], ash)
        density = 40 + 175 * decomposition + 140 * (ash - 0.03) + (7 if drained and share < 0.4 else 0) + rng.gauss(0, 3)
        density = min(130.0, max(60.0, density))
        # The moisture at which peat of this density is about 94 % saturated, from the saturated density turned round.
        solids = 1000 / ((1 - ash) / 1.5 + ash / 2.6)
        full = density / 0.94
        moisture = (1 - full / solids) / (1 - full / solids + full / 1000)
        moisture = round(min(0.93, max(0.86, moisture + rng.gauss(0, 0.002))), 3)
        ash = round(ash, 3)
        density = math.floor(10 * min(density, 0.985 * saturated_dry_density(moisture, ash))) / 10
        heat = (21.6 + 3.0 * (decomposition - 0.2)) * (1 - ash) / 0.97 - 0.25 + rng.gauss(0, 0.12)
        result.append({
            "from_m": top, "to_m": bottom, "peat_type": kind, "decomposition": round(decomposition, 2),
            "von_post": von_post(decomposition), "moisture": moisture, "ash": ash, "dry_density_kg_m3": density,
            "net_calorific_value_dry_mj_kg": round(min(22.0, max(19.5, heat)), 2),
        })
    return result


def cores(surface, rows, rng):
    """Cores of one deposit, well apart, at probes that reached the bottom."""
    deposit = surface.deposit
    wanted = max(2, round(deposit.area_ha / 215)) if rows else 0
    candidates = [r for r in rows if r["inside"] and r["refusal"] == "mineral_bottom" and r["depth_m"] >= 1.0
                  and abs(r["depth_m"] - r["true"]) < 0.15]
    rng.shuffle(candidates)
    chosen = []
    gap = math.sqrt(deposit.area_ha * 1e4 / max(1, wanted)) * 0.8
    while len(chosen) < wanted and gap > 150:
        for row in candidates:
            if len(chosen) < wanted and all(math.hypot(row["x"] - c["x"], row["y"] - c["y"]) > gap for c in chosen):
                chosen.append(row)
        gap *= 0.8
    chosen.sort(key=lambda r: (r["survey_line"], r["y"]))
    return [{"x": r["x"], "y": r["y"], "date": r["date"], "deposit": deposit,
             "layers": layers(deposit.peat_type, r["depth_m"], rng, r["drained"])} for r in chosen]
