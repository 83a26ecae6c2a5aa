"""Working areas: blocks of parallel strips along lanes, clipped to the peat that is deep enough."""

from dataclasses import dataclass, field as dataclass_field

from .geometry import Frame, bounds, contains, polygon_area, ring_area
from .plan import STATUS, at

STRIP_M = 50.0
LANE_M = 40.0
INDUSTRIAL_DEPTH_M = 0.9
EDGE_GAP_M = 70.0


@dataclass
class Field:
    """A working area: rings in metres, and the lane that serves it as (u0, u1, v) of the deposit's frame."""
    code: str
    deposit: object
    polygon: list
    tile: tuple
    lane: float
    status: str = ""
    technology: str = "milled"
    net_share: float = 0.83
    number: int = 0
    frame: object = dataclass_field(default=None, repr=False)

    @property
    def gross_ha(self):
        return polygon_area(self.polygon) / 1e4


def mask_polygon(cells):
    """The boundary of a set of unit cells (i, j) as rings of whole numbers: outer anticlockwise, holes clockwise."""
    edges = {}
    for i, j in sorted(cells):
        for a, b, other in (((i, j), (i + 1, j), (i, j - 1)), ((i + 1, j), (i + 1, j + 1), (i + 1, j)),
                            ((i + 1, j + 1), (i, j + 1), (i, j + 1)), ((i, j + 1), (i, j), (i - 1, j))):
            if other not in cells:
                edges.setdefault(a, []).append(b)
    rings = []
    while edges:
        start = here = min(edges)
        ring, direction = [], None
        while True:
            options = edges[here]
            # Where two corners touch, turn left: the ring stays simple.
            if len(options) > 1 and direction:
                options.sort(key=lambda b: (direction[0] * (b[1] - here[1]) - direction[1] * (b[0] - here[0])), reverse=True)
            there = options.pop(0)
            if not options:
                del edges[here]
            step = (there[0] - here[0], there[1] - here[1])
            if step != direction:
                ring.append(here)
            here, direction = there, step
            if here == start:
                break
        if len(ring) > 2 and (ring[1][0] - ring[0][0], ring[1][1] - ring[0][1]) and _straight(ring[-1], ring[0], ring[1]):
            ring = ring[1:]
        rings.append(ring)
    rings.sort(key=lambda r: -abs(ring_area(r)))
    return rings


def _straight(a, b, c):
    return (b[0] - a[0]) * (c[1] - b[1]) == (b[1] - a[1]) * (c[0] - b[0])


def largest_piece(cells):
    """The largest set of cells that hang together by their sides."""
    left, best = set(cells), set()
    for cell in sorted(cells):
        if cell not in left:
            continue
        piece, stack = set(), [cell]
        left.discard(cell)
        while stack:
            i, j = stack.pop()
            piece.add((i, j))
            for other in ((i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)):
                if other in left:
                    left.discard(other)
                    stack.append(other)
        if len(piece) > len(best):
            best = piece
    return best


def opened(cells):
    """Cells that belong to a full block of 4 by 4: spikes and thin necks fall away."""
    kept = set()
    for i, j in cells:
        block = [(i + a, j + b) for a in range(4) for b in range(4)]
        if all(c in cells for c in block):
            kept.update(block)
    return kept


def filled(cells, largest_hole):
    """The cells with small holes closed (a machine does not drive round a puddle)."""
    i0, i1 = min(c[0] for c in cells) - 1, max(c[0] for c in cells) + 1
    j0, j1 = min(c[1] for c in cells) - 1, max(c[1] for c in cells) + 1
    empty = {(i, j) for i in range(i0, i1 + 1) for j in range(j0, j1 + 1)} - cells
    outside = largest_piece(empty)
    result = set(cells)
    inner = empty - outside
    while inner:
        piece = largest_piece(inner)
        inner -= piece
        if len(piece) <= largest_hole and all(i0 < c[0] < i1 and j0 < c[1] < j1 for c in piece):
            result |= piece
    return result


def laid_out(surface):
    """All blocks that would fit a deposit, the nearest to its hub first."""
    deposit = surface.deposit
    if not deposit.fields:
        return []
    frame = Frame(*at(*deposit.centre), deposit.grain)
    hub_u, hub_v = frame.uv(*at(*deposit.hub))
    along, deep = deposit.tile
    us, vs = zip(*(frame.uv(x, y) for x, y in surface.polygon[0]))
    pitch_u, pitch_v = along + LANE_M, 2 * deep + 2 * LANE_M
    columns, rows = round(along / STRIP_M), round(deep / STRIP_M)

    def workable(u, v):
        x, y = frame.xy(u, v)
        return surface.grid.at(x, y) > INDUSTRIAL_DEPTH_M + 0.03 and surface.edge_distance.at(x, y) > EDGE_GAP_M

    blocks = []
    for a in range(int((min(us) - hub_u) // pitch_u) - 1, int((max(us) - hub_u) // pitch_u) + 2):
        for b in range(int((min(vs) - hub_v) // pitch_v) - 1, int((max(vs) - hub_v) // pitch_v) + 2):
            lane = hub_v + b * pitch_v
            for side in (1, -1):
                u0 = hub_u + a * pitch_u
                v0 = lane + LANE_M / 2 if side > 0 else lane - LANE_M / 2 - deep
                cells = set()
                corners = {(i, j): workable(u0 + i * STRIP_M, v0 + j * STRIP_M)
                           for i in range(columns + 1) for j in range(rows + 1)}
                for i in range(columns):
                    for j in range(rows):
                        if corners[i, j] and corners[i + 1, j] and corners[i, j + 1] and corners[i + 1, j + 1]:
                            cells.add((i, j))
                cells = largest_piece(opened(cells))
                if len(cells) < 0.42 * columns * rows:
                    continue
                cells = filled(cells, 3)
                rings = [[frame.xy(u0 + i * STRIP_M, v0 + j * STRIP_M) for i, j in ring] for ring in mask_polygon(cells)]
                du, dv = u0 + along / 2 - hub_u, v0 + deep / 2 - hub_v
                blocks.append((round(du * du + 1.6 * dv * dv), u0, v0,
                               Field("", deposit, rings, (u0, u0 + along, v0, v0 + deep), lane, frame=frame)))
    blocks.sort(key=lambda block: block[:3])
    return [block[3] for block in blocks[:deposit.fields]]


def fields(surfaces, park, rng):
    """The working areas of all deposits with state, technology and net area; none in production in the park."""
    result = []
    for surface in surfaces:
        for number, field in enumerate(laid_out(surface), 1):
            field.number = number
            wish = surface.deposit.statuses
            field.status = STATUS[wish[(number - 1) % len(wish)]]
            if field.status == "in_production" and touches(field.polygon, park):
                field.status = "rewetted" if number % 2 else "undeveloped"
            field.technology = "sod" if rng.random() < 0.16 else "milled"
            field.net_share = round(rng.uniform(0.785, 0.895), 3)
            result.append(field)
    for number, field in enumerate(result, 1):
        field.code = f"F-{number:02d}"
    return result


def touches(polygon, other):
    """Whether a corner of one polygon is inside the other, or the other way round."""
    box = bounds(polygon[0])
    return (any(contains(other, x, y) for x, y in polygon[0])
            or any(box[0] <= x <= box[2] and box[1] <= y <= box[3] and contains(polygon, x, y) for x, y in other[0]))
