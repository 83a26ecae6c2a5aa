"""Plane geometry: map projection, smooth noise, outlines, rasters. Knows nothing of peat.

All lengths are metres in UTM zone 37 north (EPSG:32637), x = east, y = north. A ring is a list of (x, y) without
the repeated last point; a polygon is a list of rings, the outer one first.
"""

import math

# --- projection -----------------------------------------------------------------------------------------------

_A, _F = 6378137.0, 1 / 298.257223563  # WGS 84
_N = _F / (2 - _F)
_RADIUS = _A / (1 + _N) * (1 + _N ** 2 / 4 + _N ** 4 / 64)
_ALPHA = (
    _N / 2 - 2 * _N ** 2 / 3 + 5 * _N ** 3 / 16 + 41 * _N ** 4 / 180,
    13 * _N ** 2 / 48 - 3 * _N ** 3 / 5 + 557 * _N ** 4 / 1440,
    61 * _N ** 3 / 240 - 103 * _N ** 4 / 140,
    49561 * _N ** 4 / 161280,
)
_BETA = (
    _N / 2 - 2 * _N ** 2 / 3 + 37 * _N ** 3 / 96 - _N ** 4 / 360,
    _N ** 2 / 48 + _N ** 3 / 15 - 437 * _N ** 4 / 1440,
    17 * _N ** 3 / 480 - 37 * _N ** 4 / 840,
    4397 * _N ** 4 / 161280,
)
_DELTA = (
    2 * _N - 2 * _N ** 2 / 3 - 2 * _N ** 3 + 116 * _N ** 4 / 45,
    7 * _N ** 2 / 3 - 8 * _N ** 3 / 5 - 227 * _N ** 4 / 45,
    56 * _N ** 3 / 15 - 136 * _N ** 4 / 35,
    4279 * _N ** 4 / 630,
)
_CENTRAL = math.radians(39.0)
_K0, _FALSE_EAST = 0.9996, 500000.0
_ECC = 2 * math.sqrt(_N) / (1 + _N)


def to_utm(lon, lat):
    """Longitude and latitude in degrees to metres (Krüger series of order 4: better than a millimetre here)."""
    phi, lam = math.radians(lat), math.radians(lon) - _CENTRAL
    s = math.sin(phi)
    t = math.sinh(math.atanh(s) - _ECC * math.atanh(_ECC * s))
    xi, eta = math.atan2(t, math.cos(lam)), math.atanh(math.sin(lam) / math.sqrt(1 + t * t))
    x, y = eta, xi
    for j, a in enumerate(_ALPHA, 1):
        x += a * math.cos(2 * j * xi) * math.sinh(2 * j * eta)
        y += a * math.sin(2 * j * xi) * math.cosh(2 * j * eta)
    return _FALSE_EAST + _K0 * _RADIUS * x, _K0 * _RADIUS * y


def to_lonlat(x, y):
    """Metres to longitude and latitude in degrees, rounded to 6 decimals as they are written."""
    xi, eta = y / (_K0 * _RADIUS), (x - _FALSE_EAST) / (_K0 * _RADIUS)
    xi1, eta1 = xi, eta
    for j, b in enumerate(_BETA, 1):
        xi1 -= b * math.sin(2 * j * xi) * math.cosh(2 * j * eta)
        eta1 -= b * math.cos(2 * j * xi) * math.sinh(2 * j * eta)
    chi = math.asin(math.sin(xi1) / math.cosh(eta1))
    phi = chi + math.fsum(d * math.sin(2 * j * chi) for j, d in enumerate(_DELTA, 1))
    lam = _CENTRAL + math.atan2(math.sinh(eta1), math.cos(xi1))
    return round(math.degrees(lam), 6), round(math.degrees(phi), 6)


# --- noise ----------------------------------------------------------------------------------------------------

class Noise:
    """Gradient noise: smooth, repeatable, about -0.7 to 0.7, with features about one unit wide."""

    def __init__(self, seed):
        self.seed = seed
        self._gradients = {}

    def _gradient(self, ix, iy):
        key = (ix, iy)
        found = self._gradients.get(key)
        if found is None:
            h = (ix * 374761393 + iy * 668265263 + self.seed * 2246822519) & 0xFFFFFFFF
            h = ((h ^ (h >> 13)) * 1274126177) & 0xFFFFFFFF
            h = ((h ^ (h >> 16)) * 2654435761) & 0xFFFFFFFF
            angle = ((h ^ (h >> 15)) & 0xFFFF) / 65536 * 2 * math.pi
            found = self._gradients[key] = (math.cos(angle), math.sin(angle))
        return found

    def at(self, x, y):
        """Noise at a point."""
        ix, iy = math.floor(x), math.floor(y)
        fx, fy = x - ix, y - iy
        sx = fx * fx * fx * (fx * (fx * 6 - 15) + 10)
        sy = fy * fy * fy * (fy * (fy * 6 - 15) + 10)
        g = self._gradient(ix, iy)
        a = g[0] * fx + g[1] * fy
        g = self._gradient(ix + 1, iy)
        b = g[0] * (fx - 1) + g[1] * fy
        g = self._gradient(ix, iy + 1)
        c = g[0] * fx + g[1] * (fy - 1)
        g = self._gradient(ix + 1, iy + 1)
        d = g[0] * (fx - 1) + g[1] * (fy - 1)
        top, bottom = a + (b - a) * sx, c + (d - c) * sx
        return top + (bottom - top) * sy

    def fractal(self, x, y, octaves=3, gain=0.5):
        """Sum of octaves, each twice as fine and `gain` times as strong as the one before."""
        total, strength = 0.0, 1.0
        for k in range(octaves):
            total += strength * self.at(x + 17.3 * k, y - 9.7 * k)
            x, y, strength = 2 * x, 2 * y, strength * gain
        return total


# --- rings and polygons ---------------------------------------------------------------------------------------

def ring_area(ring):
    """Signed area, positive where the ring runs anticlockwise (shoelace formula)."""
    x0, y0 = ring[0]
    total = 0.0
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1]):
        total += (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
    return total / 2


def polygon_area(polygon):
    """Area of the outer ring less that of the holes."""
    return abs(ring_area(polygon[0])) - math.fsum(abs(ring_area(hole)) for hole in polygon[1:])


def contains(polygon, x, y):
    """Whether a point is inside (even-odd rule)."""
    odd = False
    for ring in polygon:
        x1, y1 = ring[-1]
        for x2, y2 in ring:
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                odd = not odd
            x1, y1 = x2, y2
    return odd


def bounds(points):
    """(xmin, ymin, xmax, ymax)."""
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


class NearLines:
    """Many lines, asked for the distance to the nearest of them where that is below `reach`."""

    def __init__(self, lines, reach):
        self.reach, self._cells = reach, {}
        for line in lines:
            for (x1, y1), (x2, y2) in zip(line, line[1:]):
                dx, dy = x2 - x1, y2 - y1
                segment = (x1, y1, dx, dy, dx * dx + dy * dy or 1.0)
                for i in range(int((min(x1, x2) - reach) // reach), int((max(x1, x2) + reach) // reach) + 1):
                    for j in range(int((min(y1, y2) - reach) // reach), int((max(y1, y2) + reach) // reach) + 1):
                        self._cells.setdefault((i, j), []).append(segment)

    def distance(self, x, y):
        """Distance in metres, or the reach where nothing is nearer."""
        best = self.reach * self.reach
        for x1, y1, dx, dy, square in self._cells.get((int(x // self.reach), int(y // self.reach)), ()):
            ex, ey = x - x1, y - y1
            t = (ex * dx + ey * dy) / square
            if t > 0:
                t = t if t < 1 else 1.0
                ex, ey = ex - t * dx, ey - t * dy
            square = ex * ex + ey * ey
            if square < best:
                best = square
        return math.sqrt(best)


def line_length(line):
    """Length of an open line."""
    return math.fsum(math.hypot(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in zip(line, line[1:]))


def densified(line, step):
    """The line with points at most `step` apart."""
    result = [line[0]]
    for (x1, y1), (x2, y2) in zip(line, line[1:]):
        n = max(1, math.ceil(math.hypot(x2 - x1, y2 - y1) / step))
        result += [(x1 + (x2 - x1) * k / n, y1 + (y2 - y1) * k / n) for k in range(1, n + 1)]
    return result


def spline(points, step):
    """Catmull-Rom curve through points, sampled about every `step`."""
    padded = [points[0]] + list(points) + [points[-1]]
    result = [points[0]]
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:]):
        n = max(1, round(math.hypot(p2[0] - p1[0], p2[1] - p1[1]) / step))
        for k in range(1, n + 1):
            t = k / n
            result.append(tuple(
                0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t ** 3)
                for a, b, c, d in zip(p0, p1, p2, p3)))
    return result


def simplified(line, tolerance):
    """Douglas-Peucker: points nearer than `tolerance` to the simpler line left out; ends kept."""
    keep = [False] * len(line)
    keep[0] = keep[-1] = True
    stack = [(0, len(line) - 1)]
    while stack:
        i, j = stack.pop()
        worst, at = tolerance, None
        (x1, y1), (x2, y2) = line[i], line[j]
        dx, dy = x2 - x1, y2 - y1
        length = math.hypot(dx, dy)
        for k in range(i + 1, j):
            x, y = line[k]
            off = abs(dx * (y - y1) - dy * (x - x1)) / length if length else math.hypot(x - x1, y - y1)
            if off > worst:
                worst, at = off, k
        if at is not None:
            keep[at] = True
            stack += [(i, at), (at, j)]
    return [p for p, k in zip(line, keep) if k]


def simplified_ring(ring, tolerance):
    """Douglas-Peucker for a ring, cut open at its two outermost points."""
    first = min(range(len(ring)), key=lambda i: ring[i])
    ring = ring[first:] + ring[:first]
    far = max(range(len(ring)), key=lambda i: (ring[i][0] - ring[0][0]) ** 2 + (ring[i][1] - ring[0][1]) ** 2)
    return simplified(ring[:far + 1], tolerance)[:-1] + simplified(ring[far:] + ring[:1], tolerance)[:-1]


def rounded_ring(ring):
    """One pass of Chaikin's corner cutting."""
    result = []
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1]):
        result += [(0.75 * x1 + 0.25 * x2, 0.75 * y1 + 0.25 * y2), (0.25 * x1 + 0.75 * x2, 0.25 * y1 + 0.75 * y2)]
    return result


class Frame:
    """A turned frame: u runs along `degrees` (anticlockwise from east), v across it to the left."""

    def __init__(self, x, y, degrees):
        self.x, self.y = x, y
        self.cos, self.sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))

    def uv(self, x, y):
        dx, dy = x - self.x, y - self.y
        return dx * self.cos + dy * self.sin, dy * self.cos - dx * self.sin

    def xy(self, u, v):
        return self.x + u * self.cos - v * self.sin, self.y + u * self.sin + v * self.cos


# --- rasters --------------------------------------------------------------------------------------------------

class Grid:
    """Values at nodes (x0 + i*cell, y0 + j*cell), row by row from the south."""

    def __init__(self, box, cell, value=0.0):
        self.cell = cell
        self.x0, self.y0 = math.floor(box[0] / cell) * cell, math.floor(box[1] / cell) * cell
        self.nx = int(math.ceil((box[2] - self.x0) / cell)) + 1
        self.ny = int(math.ceil((box[3] - self.y0) / cell)) + 1
        self.values = [value] * (self.nx * self.ny)

    def node(self, k):
        return self.x0 + (k % self.nx) * self.cell, self.y0 + (k // self.nx) * self.cell

    def at(self, x, y):
        """Bilinear interpolation; 0 outside."""
        fx, fy = (x - self.x0) / self.cell, (y - self.y0) / self.cell
        i, j = math.floor(fx), math.floor(fy)
        if not (0 <= i < self.nx - 1 and 0 <= j < self.ny - 1):
            return 0.0
        fx, fy, k, v = fx - i, fy - j, j * self.nx + i, self.values
        south = v[k] + (v[k + 1] - v[k]) * fx
        north = v[k + self.nx] + (v[k + self.nx + 1] - v[k + self.nx]) * fx
        return south + (north - south) * fy

    def inside(self, polygon):
        """For each node, whether it is inside the polygon (scanlines)."""
        result = bytearray(self.nx * self.ny)
        for j in range(self.ny):
            y = self.y0 + j * self.cell
            cuts = []
            for ring in polygon:
                x1, y1 = ring[-1]
                for x2, y2 in ring:
                    if (y1 > y) != (y2 > y):
                        cuts.append(x1 + (y - y1) * (x2 - x1) / (y2 - y1))
                    x1, y1 = x2, y2
            cuts.sort()
            for west, east in zip(cuts[::2], cuts[1::2]):
                first = max(0, math.ceil((west - self.x0) / self.cell))
                last = min(self.nx - 1, math.floor((east - self.x0) / self.cell))
                for i in range(first, last + 1):
                    result[j * self.nx + i] = 1
        return result

    def distance_to(self, points):
        """For each node, the distance to the nearest of many points (Danielsson's two sweeps, exact to a few per cent of a cell)."""
        nx, ny, cell = self.nx, self.ny, self.cell
        nearest = [None] * (nx * ny)
        distance = [1e30] * (nx * ny)

        def offer(k, i, j, point):
            dx, dy = self.x0 + i * cell - point[0], self.y0 + j * cell - point[1]
            square = dx * dx + dy * dy
            if square < distance[k]:
                distance[k], nearest[k] = square, point

        for point in points:
            i0, j0 = math.floor((point[0] - self.x0) / cell), math.floor((point[1] - self.y0) / cell)
            for j in (j0, j0 + 1):
                for i in (i0, i0 + 1):
                    if 0 <= i < nx and 0 <= j < ny:
                        offer(j * nx + i, i, j, point)
        for rows, back in ((range(ny), -1), (range(ny - 1, -1, -1), 1)):
            for j in rows:
                row = j * nx
                if 0 <= j + back < ny:
                    for i in range(nx):
                        other = row + back * nx + i
                        for d in (-1, 0, 1):
                            if 0 <= i + d < nx and nearest[other + d] is not None:
                                offer(row + i, i, j, nearest[other + d])
                for columns, side in ((range(1, nx), -1), (range(nx - 2, -1, -1), 1)):
                    for i in columns:
                        if nearest[row + i + side] is not None:
                            offer(row + i, i, j, nearest[row + i + side])
        return [math.sqrt(d) for d in distance]


def contour_loops(grid, level):
    """Closed loops around the nodes above `level` (marching squares); the grid's edge must lie below it."""
    nx, values = grid.nx, grid.values
    following, place = {}, {}

    def crossing(a, b):
        key = (a, b) if a < b else (b, a)
        if key not in place:
            (x1, y1), (x2, y2) = grid.node(key[0]), grid.node(key[1])
            t = (level - values[key[0]]) / (values[key[1]] - values[key[0]])
            t = min(0.98, max(0.02, t))
            place[key] = (x1 + (x2 - x1) * t, y1 + (y2 - y1) * t)
        return key

    high = bytearray(v > level for v in values)
    for j in range(grid.ny - 1):
        row = j * nx
        south, north = high[row:row + nx], high[row + nx:row + 2 * nx]
        if not any(south) and not any(north):
            continue
        for i in range(nx - 1):
            if south[i] == south[i + 1] == north[i] == north[i + 1]:
                continue
            k = row + i
            corners = (k, k + 1, k + nx + 1, k + nx)  # anticlockwise
            above = [high[c] for c in corners]
            # Walking anticlockwise round the cell, the contour leaves where values fall below and enters where they rise:
            # high ground stays on the left hand of the loop.
            falls = [n for n in range(4) if above[n] and not above[(n + 1) % 4]]
            rises = [n for n in range(4) if not above[n] and above[(n + 1) % 4]]
            for fall in falls:
                rise = min(rises, key=lambda n: (fall - n) % 4)
                following[crossing(corners[fall], corners[(fall + 1) % 4])] = crossing(corners[rise], corners[(rise + 1) % 4])
    loops = []
    while following:
        start = key = next(iter(following))
        loop = []
        while key in following:
            loop.append(place[key])
            key = following.pop(key)
        if key == start and len(loop) >= 3:
            loops.append(loop)
    return loops


def largest_polygon(loops, smallest_hole, most_holes):
    """The greatest loop as outer ring (anticlockwise), with the holes in it that are big enough (clockwise)."""
    outer = max(loops, key=lambda loop: abs(ring_area(loop)))
    turn = 1 if ring_area(outer) > 0 else -1
    holes = [l for l in loops if l is not outer and ring_area(l) * turn < 0
             and abs(ring_area(l)) >= smallest_hole and contains([outer], *l[0])]
    holes.sort(key=lambda l: (-abs(ring_area(l)), l[0]))
    holes = holes[:most_holes]
    if turn < 0:
        outer, holes = outer[::-1], [h[::-1] for h in holes]
    return [outer] + holes


def simple_polygon(polygon, most):
    """The polygon with at most `most` vertices, by the finest tolerance that gives so few."""
    for tolerance in (0.5, 1, 2, 3, 5, 7, 9, 12, 15, 18, 22, 26, 30, 36, 42, 50, 60):
        rings = [simplified_ring(ring, tolerance) for ring in polygon]
        rings = [rings[0]] + [ring for ring in rings[1:] if len(ring) >= 5]
        if sum(map(len, rings)) <= most:
            break
    return rings
