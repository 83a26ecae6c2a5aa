"""Outlines of the deposits and the surface of their peat thickness."""

import math
import random

from .geometry import (Frame, Grid, NearLines, Noise, bounds, contour_loops, densified, largest_polygon,
                       polygon_area, rounded_ring, simple_polygon)
from .plan import TOTAL_VOLUME_M3, at

THICKNESS_CELL_M = 50.0


class Obstacles:
    """What a bog keeps away from: settlements, the town, rivers, its neighbours."""

    def __init__(self, settlement_points, towns, waters, stream_lines):
        self.points = settlement_points
        self.towns = NearLines([ring + ring[:1] for ring in towns], 1000.0)
        self.waters = NearLines(waters, 650.0)
        self.rivers = NearLines([line for stream, line in stream_lines.values() if stream.banks], 330.0)
        self.brooks = NearLines([line for stream, line in stream_lines.values() if not stream.banks], 700.0)
        self.neighbours = []
        self._outlines = NearLines([], 900.0)

    def add_neighbour(self, ring):
        """Another bog, to keep away from."""
        self.neighbours.append(ring + ring[:1])
        self._outlines = NearLines(self.neighbours, 900.0)

    def of_settlements(self, x, y):
        """How much settlements and the town speak against the place: 8 is never, 0 is nothing."""
        total = 0.0
        for px, py in self.points:
            d = math.hypot(x - px, y - py)
            total += _wall(d, 950.0, 1500.0, 2.0)
        return total + _wall(self.towns.distance(x, y), 600.0, 1000.0, 2.0)

    def of_everything(self, x, y):
        """How much the place speaks against peat (positive) or for it (negative, along brooks)."""
        return (self.of_settlements(x, y) + _wall(self.waters.distance(x, y), 350.0, 650.0, 2.0)
                + _wall(self.rivers.distance(x, y), 45.0, 330.0, 0.7) + _wall(self._outlines.distance(x, y), 450.0, 900.0, 1.5)
                - 0.30 * (1 - self.brooks.distance(x, y) / 700.0) ** 2)


def _wall(distance, gap, reach, height):
    """8 within the gap, then from `height` down to 0 at the reach."""
    if distance >= reach:
        return 0.0
    return 8.0 if distance < gap else height * (1 - (distance - gap) / (reach - gap)) ** 2


def organic_polygon(centre, area_ha, grain, elongation, seed, pull, roughness=1.0, cell=None, vertices=None, holes=9):
    """A polygon of about the wished area that looks grown: an ellipse, warped and frayed by noise, that avoids obstacles."""
    area = area_ha * 1e4
    half_across = math.sqrt(area / math.pi / elongation)
    half_along = half_across * elongation
    reach = 1.75 * half_along
    cell = cell or (80.0 if area_ha > 2000 else 55.0 if area_ha > 800 else 35.0)
    frame = Frame(*centre, grain)
    grid = Grid((centre[0] - reach, centre[1] - reach, centre[0] + reach, centre[1] + reach), cell, -9.0)
    warp_u, warp_v, bays, fray = (Noise(seed * 10 + k) for k in range(4))
    islands = Noise(seed * 10 + 9)
    scale = half_across / 1.1
    for k in range(grid.nx * grid.ny):
        if k % grid.nx in (0, grid.nx - 1) or k // grid.nx in (0, grid.ny - 1):
            continue
        x, y = grid.node(k)
        u, v = frame.uv(x, y)
        if abs(u) > reach or abs(v) > 2.1 * half_across:
            continue
        wu = u + 0.9 * scale * warp_u.fractal(u / scale / 1.5, v / scale, 2)
        wv = v + 0.9 * scale * warp_v.fractal(u / scale / 1.5, v / scale, 2)
        value = 1.0 - math.hypot(wu / half_along, wv / half_across)
        value += roughness * 0.42 * bays.fractal(u / 2600, v / 1150, 3, 0.55)
        value += roughness * 0.2 * fray.fractal(u / 620, v / 330, 2)
        island = islands.at(u / 1150, v / 700) - 0.36
        if island > 0 and holes:
            value -= 7.0 * island
        if value > -0.9:
            grid.values[k] = value - pull(x, y)
    low, high = -0.8, 0.8
    best = None
    for _ in range(18):
        level = (low + high) / 2
        loops = contour_loops(grid, level)
        if not loops:
            high = level
            continue
        polygon = largest_polygon(loops, max(2.5e4, area * 0.0012), holes)
        found = polygon_area(polygon)
        best = polygon
        if abs(found / area - 1) < 0.004:
            break
        if found > area:
            low = level
        else:
            high = level
    return simple_polygon([rounded_ring(ring) for ring in best], vertices or round(150 + 4.2 * math.sqrt(area_ha)))


def outline(deposit, obstacles):
    """The zero boundary of a deposit, as rings in metres."""
    return organic_polygon(at(*deposit.centre), deposit.area_ha, deposit.grain, deposit.elongation, deposit.seed,
                           obstacles.of_everything)


class Surface:
    """Peat thickness on a grid, zero on and outside the outline, and the distance to the outline (negative outside)."""

    def __init__(self, deposit, polygon):
        self.deposit, self.polygon = deposit, polygon
        box = bounds(polygon[0])
        self.grid = Grid((box[0] - 500, box[1] - 500, box[2] + 500, box[3] + 500), THICKNESS_CELL_M)
        self.inside = self.grid.inside(polygon)
        edge = [p for ring in polygon for p in densified(ring + ring[:1], 15.0)]
        self.edge_distance = Grid(box, THICKNESS_CELL_M)
        self.edge_distance.__dict__.update(self.grid.__dict__)
        self.edge_distance.values = [d if i else -d for d, i in zip(self.grid.distance_to(edge), self.inside)]
        self._fill()

    def _fill(self):
        """Valleys along the grain and several basins, thinning out to the outline; stretched to the wished mean and maximum."""
        deposit, rng = self.deposit, random.Random(self.deposit.seed * 7 + 1)
        frame = Frame(*at(*deposit.centre), deposit.grain)
        half_across = math.sqrt(deposit.area_ha * 1e4 / math.pi / deposit.elongation)
        half_along = half_across * deposit.elongation
        inner = [k for k, i in enumerate(self.inside) if i]
        deep = [k for k in inner if self.edge_distance.values[k] > 0.45 * half_across] or inner
        basins = []
        for n in range(3 + round(math.sqrt(deposit.area_ha / 250))):
            u, v = frame.uv(*self.grid.node(deep[rng.randrange(len(deep))]))
            basins.append((u, v, half_along * rng.uniform(0.14, 0.3), half_across * rng.uniform(0.16, 0.34),
                           rng.uniform(0.45, 1.0)))
        valleys, hummocks = Noise(deposit.seed * 10 + 5), Noise(deposit.seed * 10 + 6)
        ramp = 0.13 * half_across + 130.0
        raw = {}
        for k in inner:
            u, v = frame.uv(*self.grid.node(k))
            value = 0.62 + 0.42 * valleys.fractal(u / 2900, v / 950, 2) + 0.14 * hummocks.fractal(u / 800, v / 350, 2)
            for bu, bv, ru, rv, strength in basins:
                q = ((u - bu) / ru) ** 2 + ((v - bv) / rv) ** 2
                if q < 9:
                    value += strength * math.exp(-q)
            raw[k] = (max(0.12, value), 1 - math.exp(-self.edge_distance.values[k] / ramp))
        low, high = 0.15, 4.0
        for _ in range(30):
            power = (low + high) / 2
            shape = {k: value ** power * edge for k, (value, edge) in raw.items()}
            ratio = max(shape.values()) / (math.fsum(shape.values()) / len(shape))
            if ratio > deposit.max_depth_m / deposit.mean_depth_m:
                high = power
            else:
                low = power
        scale = deposit.mean_depth_m * len(shape) / math.fsum(shape.values())
        for k, value in shape.items():
            self.grid.values[k] = value * scale

    def thickness(self, x, y):
        """Peat thickness in metres."""
        return max(0.0, self.grid.at(x, y))

    def volume(self):
        """Integral of the thickness in m3 (nodes times cell area)."""
        return math.fsum(self.grid.values) * self.grid.cell ** 2

    def inner_values(self):
        """Thickness at the nodes inside the outline."""
        return [v for v, i in zip(self.grid.values, self.inside) if i]

    def cut(self, field):
        """Takes away what a field has already given."""
        noise = Noise(self.deposit.seed * 10 + 7)
        mask = self.grid.inside(field.polygon)
        for k, hit in enumerate(mask):
            if not hit or not self.inside[k]:
                continue
            x, y = self.grid.node(k)
            wobble = noise.at(x / 260, y / 260)
            before = self.grid.values[k]
            if field.status == "worked_out":
                self.grid.values[k] = min(before, max(0.32, min(0.58, 0.45 + 0.2 * wobble)))
            elif field.status == "rewetted":
                self.grid.values[k] = min(before, 0.65 + 0.25 * wobble)
            elif field.status == "in_production":
                self.grid.values[k] = max(min(before, 0.9), before - 0.75 - 0.35 * wobble)


def scale_to_total(surfaces, fields):
    """Makes the thickness of untouched peat such that all deposits together hold the wished volume."""
    fixed = free = 0.0
    touched = []
    for surface in surfaces:
        mask = bytearray(len(surface.inside))
        for field in fields:
            if field.deposit is surface.deposit and field.status in ("worked_out", "rewetted"):
                mask = bytearray(a | b for a, b in zip(mask, surface.grid.inside(field.polygon)))
        touched.append(mask)
        area = surface.grid.cell ** 2
        fixed += area * math.fsum(v for v, m in zip(surface.grid.values, mask) if m)
        free += area * math.fsum(v for v, m in zip(surface.grid.values, mask) if not m)
    factor = (TOTAL_VOLUME_M3 - fixed) / free
    for surface, mask in zip(surfaces, touched):
        surface.grid.values = [round(v if m else v * factor, 4) for v, m in zip(surface.grid.values, mask)]
    return factor
