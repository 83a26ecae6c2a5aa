"""Roads and the narrow-gauge line: cheapest ways over a jittered triangular lattice, then smoothed.

A lattice of triangles has no crossing edges, and a later road pays less on an earlier one: so roads meet in common
vertices, as they do on the ground.
"""

import heapq
import math
from dataclasses import dataclass

from .geometry import NearLines, Noise, bounds, contains, densified, simplified, to_lonlat
from .plan import PLACES, ROADS, TERMINAL, at

STEP_M = 420.0
LANE_GAP_M = 500.0  # fields of a row that lie no farther apart share a lane
CLASSES = ("primary", "secondary", "tertiary", "unclassified", "track")
SPEED_KM_H = {"primary": 60, "secondary": 50, "tertiary": 40, "unclassified": 30, "track": 15, "narrow_gauge": 20}
COST_RUB_T_KM = {"narrow_gauge": 4.5}


@dataclass
class Way:
    """One stretch between two junctions."""
    road_class: str
    name: str
    name_ru: str
    line: list


class Lattice:
    """Nodes of triangles, pushed about a little, with a price of the ground at each."""

    def __init__(self, box, surfaces, stream_lines, field_list):
        self.x0, self.y0 = box[0], box[1]
        self.nx = int((box[2] - box[0]) / STEP_M) + 1
        self.ny = int((box[3] - box[1]) / (STEP_M * 0.866)) + 1
        jitter_x, jitter_y, ground = Noise(801), Noise(802), Noise(803)
        self.place, self.price, self.deposit = [], [], []
        reach = [(s, bounds(s.polygon[0])) for s in surfaces]
        field_boxes = [(f, bounds(f.polygon[0])) for f in field_list]
        rivers = NearLines([line for stream, line in stream_lines.values() if stream.banks], 280.0)
        for j in range(self.ny):
            for i in range(self.nx):
                x = self.x0 + (i + 0.5 * (j % 2)) * STEP_M
                y = self.y0 + j * STEP_M * 0.866
                wx, wy = x, y  # bends of kilometres, then a push of each node
                x += 520 * jitter_x.at(wx / 2900, wy / 2900) + 150 * jitter_x.at(i * 0.9, j * 0.9)
                y += 520 * jitter_y.at(wx / 2900, wy / 2900) + 150 * jitter_y.at(i * 0.9, j * 0.9)
                price = 1.0 + 1.1 * abs(ground.fractal(x / 2600, y / 2600, 2))
                owner = None
                for surface, box_ in reach:
                    if box_[0] - 400 < x < box_[2] + 400 and box_[1] - 400 < y < box_[3] + 400:
                        inwards = surface.edge_distance.at(x, y)
                        if inwards > 0:
                            owner = surface.deposit
                        elif owner is None and -330 < inwards < 0:
                            owner = "margin"
                if owner not in (None, "margin"):
                    for field, fb in field_boxes:
                        if fb[0] < x < fb[2] and fb[1] < y < fb[3] and contains(field.polygon, x, y):
                            price += 5
                if rivers.distance(x, y) < 280:
                    price += 1.6
                self.place.append((x, y))
                self.price.append(price)
                self.deposit.append(owner)

    def neighbours(self, k):
        i, j = k % self.nx, k // self.nx
        shift = j % 2
        for di, dj in ((1, 0), (-1, 0), (shift - 1, 1), (shift, 1), (shift - 1, -1), (shift, -1)):
            if 0 <= i + di < self.nx and 0 <= j + dj < self.ny:
                yield (j + dj) * self.nx + i + di

    def nearest(self, x, y, allowed=lambda k: True):
        j0 = round((y - self.y0) / (STEP_M * 0.866))
        i0 = round((x - self.x0) / STEP_M)
        candidates = [j * self.nx + i for j in range(max(0, j0 - 4), min(self.ny, j0 + 5))
                      for i in range(max(0, i0 - 4), min(self.nx, i0 + 5))]
        candidates = [k for k in candidates if allowed(k)]
        return min(candidates, key=lambda k: (self.place[k][0] - x) ** 2 + (self.place[k][1] - y) ** 2)

    def around(self, x, y, reach):
        """Nodes within reach of a place, each with its distance."""
        j0, i0 = round((y - self.y0) / (STEP_M * 0.866)), round((x - self.x0) / STEP_M)
        n = math.ceil((reach + 500) / (STEP_M * 0.866))
        for j in range(max(0, j0 - n), min(self.ny, j0 + n + 1)):
            for i in range(max(0, i0 - n), min(self.nx, i0 + n + 1)):
                px, py = self.place[j * self.nx + i]
                if math.hypot(px - x, py - y) <= reach:
                    yield j * self.nx + i, math.hypot(px - x, py - y)

    def way(self, starts, goals, cost):
        """Cheapest chain of nodes from one of {start: what it costs to get there} to any goal (Dijkstra)."""
        queue = sorted((price, k) for k, price in starts.items())
        before, best = {k: None for k in starts}, dict(starts)
        done = set()
        while queue:
            so_far, k = heapq.heappop(queue)
            if k in done:
                continue
            done.add(k)
            if k in goals:
                chain = []
                while k is not None:
                    chain.append(k)
                    k = before[k]
                return chain[::-1]
            x, y = self.place[k]
            for other in self.neighbours(k):
                price = cost(k, other)
                if other in done or price is None:
                    continue
                total = so_far + price * math.hypot(self.place[other][0] - x, self.place[other][1] - y)
                if total < best.get(other, 1e30):
                    best[other], before[other] = total, k
                    heapq.heappush(queue, (total, other))
        raise ValueError("no way")


def smoothed(line, passes=4):
    """A line drawn by a hand instead of a lattice: corners averaged away, ends kept."""
    line = densified(line, 130.0)
    for _ in range(passes):
        line = [line[0]] + [((a[0] + 2 * b[0] + c[0]) / 4, (a[1] + 2 * b[1] + c[1]) / 4)
                            for a, b, c in zip(line, line[1:], line[2:])] + [line[-1]]
        line = [line[0]] + [((a[0] + 2 * b[0] + c[0]) / 4, (a[1] + 2 * b[1] + c[1]) / 4)
                            for a, b, c in zip(line, line[1:], line[2:])] + [line[-1]]
    return simplified(line, 6.0)


class Builder:
    """Edges of the lattice that are roads, each with the best class that runs on it."""

    def __init__(self, lattice):
        self.lattice = lattice
        self.edges = {}   # (a, b) with a < b: (class number, name, name_ru)
        self.nodes = set()
        self.links = {}   # lattice node: [lane ends that join it]

    def cost(self, avoid):
        def price(a, b):
            key = (a, b) if a < b else (b, a)
            if key in self.edges:
                return 0.45
            owner = self.lattice.deposit[b]
            if avoid and owner is not None:
                return None if owner != "margin" else 6.0
            if owner == "margin":
                return 1.3
            extra = 0.35 if owner is not None else 0.0
            return (self.lattice.price[a] + self.lattice.price[b]) / 2 + extra
        return price

    def build(self, chain, road_class, name, name_ru):
        for a, b in zip(chain, chain[1:]):
            key = (a, b) if a < b else (b, a)
            rank = CLASSES.index(road_class)
            if key not in self.edges or self.edges[key][0] > rank:
                self.edges[key] = (rank, name, name_ru)
        self.nodes.update(chain)

    def ways(self, forced):
        """Chains between junctions, places and changes of class, smoothed."""
        around = {}
        for a, b in self.edges:
            around.setdefault(a, []).append(b)
            around.setdefault(b, []).append(a)

        def kind(a, b):
            return self.edges[(a, b) if a < b else (b, a)]

        ends = {k for k, others in around.items()
                if len(others) != 2 or k in forced or k in self.links or kind(k, others[0]) != kind(k, others[1])}
        result, used, joined = [], set(), set()
        for k in sorted(ends):
            for first in sorted(around[k]):
                if (k, first) in used:
                    continue
                chain = [k, first]
                while chain[-1] not in ends:
                    a, b = around[chain[-1]]
                    chain.append(b if a == chain[-2] else a)
                used.add((chain[-1], chain[-2]))
                used.add((k, first))
                rank, name, name_ru = kind(k, first)
                line = [self.lattice.place[n] for n in chain]
                # A road that ends where a lane begins is one line with it: no corner at the node between them.
                if len(around[k]) == 1 and len(self.links.get(k, ())) == 1:
                    line.insert(0, self.links[k][0])
                    joined.add(k)
                if len(around[chain[-1]]) == 1 and len(self.links.get(chain[-1], ())) == 1:
                    line.append(self.links[chain[-1]][0])
                    joined.add(chain[-1])
                result.append(Way(CLASSES[rank], name, name_ru, smoothed(line)))
        for k in sorted(set(self.links) - joined):
            result += [Way("track", "Lane link", "Подъезд", [self.lattice.place[k], end]) for end in self.links[k]]
        return result


def lanes(field_list):
    """The straight lanes between the fields of a block, as lists of points: one per deposit and row."""
    rows = {}
    for field in field_list:
        rows.setdefault((field.deposit.code, round(field.lane)), []).append(field)
    result = []
    for key in sorted(rows):
        members = rows[key]
        spans = []
        for f in members:
            us = [f.frame.uv(*p)[0] for p in f.polygon[0]]
            spans.append((min(us) - 20, max(us) + 20))
        spans.sort()
        merged = [list(spans[0])]
        for u0, u1 in spans[1:]:
            if u0 <= merged[-1][1] + LANE_GAP_M:
                merged[-1][1] = max(u1, merged[-1][1])
            else:
                merged.append([u0, u1])
        for u0, u1 in merged:
            n = max(1, round((u1 - u0) / 350))
            points = [members[0].frame.xy(u0 + (u1 - u0) * k / n, members[0].lane) for k in range(n + 1)]
            result.append((members[0].deposit, points))
    return result


def crossing(a, b, c, d):
    """The point where two segments cross inside both, or None."""
    dx1, dy1, dx2, dy2 = b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]
    det = dx1 * dy2 - dy1 * dx2
    if abs(det) < 1e-9:
        return None
    t = ((c[0] - a[0]) * dy2 - (c[1] - a[1]) * dx2) / det
    s = ((c[0] - a[0]) * dy1 - (c[1] - a[1]) * dx1) / det
    if not (-1e-9 <= t <= 1 + 1e-9 and -1e-9 <= s <= 1 + 1e-9):
        return None
    return a[0] + t * dx1, a[1] + t * dy1


def noded(ways):
    """The ways cut wherever two of them cross or meet, so that every meeting is an end of each."""
    cell = 500.0
    buckets = {}
    for w, way in enumerate(ways):
        for n, (a, b) in enumerate(zip(way.line, way.line[1:])):
            for i in range(int(min(a[0], b[0]) // cell), int(max(a[0], b[0]) // cell) + 1):
                for j in range(int(min(a[1], b[1]) // cell), int(max(a[1], b[1]) // cell) + 1):
                    buckets.setdefault((i, j), []).append((w, n))
    cuts = {}
    for key in sorted(buckets):
        members = buckets[key]
        for p, (w1, n1) in enumerate(members):
            for w2, n2 in members[p + 1:]:
                if w1 == w2:
                    continue
                a, b = ways[w1].line[n1:n1 + 2]
                c, d = ways[w2].line[n2:n2 + 2]
                if {a, b} & {c, d}:
                    continue
                point = crossing(a, b, c, d)
                if point is None:
                    continue
                for old in (a, b, c, d):
                    if math.hypot(old[0] - point[0], old[1] - point[1]) < 12:
                        point = old
                cuts.setdefault(w1, {}).setdefault(n1, set()).add(point)
                cuts.setdefault(w2, {}).setdefault(n2, set()).add(point)
    ends = {way.line[k] for way in ways for k in (0, -1)}
    result = []
    for w, way in enumerate(ways):
        line, marks = [], set()
        for n, a in enumerate(way.line):
            line.append(a)
            for point in sorted(cuts.get(w, {}).get(n, ()), key=lambda p: (p[0] - a[0]) ** 2 + (p[1] - a[1]) ** 2):
                if point != line[-1] and not (n + 1 < len(way.line) and point == way.line[n + 1]):
                    line.append(point)
                marks.add(point)
        marks |= ends & set(line)
        piece = [line[0]]
        for point in line[1:]:
            piece.append(point)
            if point in marks and len(piece) > 1:
                result.append(Way(way.road_class, way.name, way.name_ru, piece))
                piece = [point]
        if len(piece) > 1:
            result.append(Way(way.road_class, way.name, way.name_ru, piece))
    return result


def network(surfaces, stream_lines, field_list):
    """All ways: roads, tracks, the narrow-gauge line, and a pocket of tracks that nothing leads to."""
    corners = [at(-21, -28), at(32, 27)]
    lattice = Lattice((corners[0][0], corners[0][1], corners[1][0], corners[1][1]), surfaces, stream_lines, field_list)
    builder = Builder(lattice)
    open_ground = lambda k: lattice.deposit[k] is None  # noqa: E731
    forced = set()

    def node(place):
        k = lattice.nearest(*at(*(PLACES[place] if isinstance(place, str) else place)), open_ground)
        forced.add(k)
        return k

    for road_class, name, name_ru, places in ROADS:
        for a, b in zip(places, places[1:]):
            builder.build(lattice.way({node(a): 0.0}, {node(b)}, builder.cost(True)), road_class, name, name_ru)

    extra = []
    roads = sorted(builder.nodes)
    for deposit, points in lanes(field_list):
        name, name_ru = f"{deposit.name} lane", f"{deposit.name_ru}, проезд"
        start = min((points[0], points[-1]), key=lambda p: min(
            (lattice.place[k][0] - p[0]) ** 2 + (lattice.place[k][1] - p[1]) ** 2 for k in roads))
        own = [f for f in field_list if f.deposit is deposit]
        free = {k: 1.2 * d for k, d in lattice.around(*start, 1100)
                if not any(contains(f.polygon, *lattice.place[k]) for f in own)}
        chain = lattice.way(free, builder.nodes, builder.cost(False))
        builder.build(chain, "track", f"{deposit.name} track", f"{deposit.name_ru}, дорога")
        builder.links.setdefault(chain[0], []).append(start)
        extra.append(Way("track", name, name_ru, points))
    ways = builder.ways(forced) + extra

    # The pocket: three tracks in the far south-east, cut off since a bridge was lost.
    hub = at(27.2, -20.6)
    for number, far in enumerate(((26.0, -22.6), (28.9, -21.6), (27.9, -18.9))):
        bow = Noise(870 + number)
        line = densified([hub, at(*far)], 200.0)
        line = [line[0]] + [(x + 160 * bow.at(k / 4, 0.5), y + 160 * bow.at(0.5, k / 4)) for k, (x, y) in enumerate(line[1:], 1)]
        ways.append(Way("track", "Cut-off tracks", "Отрезанные дороги", line))

    ways = noded(ways)
    ways.append(narrow_gauge(lattice, builder, ways))
    return [Way(w.road_class, w.name, w.name_ru, cleaned([to_lonlat(*p) for p in w.line])) for w in ways]


def narrow_gauge(lattice, builder, ways):
    """The line from the largest deposit to the yard in the town; trucks reach it at its two ends only."""
    lane_ends = sorted({w.line[k] for w in ways for k in (0, -1) if w.name.startswith("Dalnekronshnepovoye lane")})
    town = at(*TERMINAL)
    start = min(lane_ends, key=lambda p: (p[0] - town[0]) ** 2 + (p[1] - town[1]) ** 2)
    road_ends = sorted({w.line[k] for w in ways for k in (0, -1) if w.road_class in CLASSES[:3]})
    yard = min(road_ends, key=lambda p: (p[0] - town[0]) ** 2 + (p[1] - town[1]) ** 2)

    def cost(a, b):
        taken = 3.0 if b in builder.nodes else 0.0
        return 1.0 + 0.25 * lattice.price[b] + taken + (1.5 if lattice.deposit[b] is not None else 0.0)

    def clear(k):
        return k not in builder.nodes

    chain = lattice.way({lattice.nearest(*start, clear): 0.0}, {lattice.nearest(*yard, clear)}, cost)
    for end, place in ((-1, yard), (0, start)):  # no hook where the lattice node lies behind the place
        while len(chain) > 2 and math.dist(lattice.place[chain[end]], place) + 120 > math.dist(
                lattice.place[chain[-2 if end else 1]], place):
            chain.pop(end)
    line = smoothed([start] + [lattice.place[k] for k in chain] + [yard], passes=9)
    return Way("narrow_gauge", "Curlew narrow-gauge line", "Кроншнеповая узкоколейка", line)


def cleaned(line):
    """The line without repeated neighbours."""
    result = [line[0]]
    for point in line[1:]:
        if point != result[-1]:
            result.append(point)
    return result


def length_km(way):
    """Length of a written way in kilometres, from its degrees."""
    total = 0.0
    for (x1, y1), (x2, y2) in zip(way.line, way.line[1:]):
        total += math.hypot((x2 - x1) * math.cos(math.radians((y1 + y2) / 2)), y2 - y1) * 111.195
    return total

