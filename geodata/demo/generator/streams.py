"""Invented streams: winding lines that join one another at common vertices."""

import math

from .geometry import Noise, line_length, simplified, spline
from .plan import STREAMS, at


def meandering(points, seed, swing_m, wave_m):
    """A curve through the points, swung sideways by noise; its ends stay where they are."""
    line = spline(points, 90.0)
    noise = Noise(seed)
    result = []
    along, total = 0.0, line_length(line)
    for k, (x, y) in enumerate(line):
        x1, y1 = line[max(0, k - 1)]
        x2, y2 = line[min(len(line) - 1, k + 1)]
        if k:
            along += math.hypot(x - line[k - 1][0], y - line[k - 1][1])
        length = math.hypot(x2 - x1, y2 - y1) or 1.0
        taper = min(1.0, along / 400, (total - along) / 400)
        off = taper * swing_m * (1.5 * noise.at(along / wave_m, 0.5) + 0.5 * noise.at(along / wave_m * 2.7, 9.5))
        result.append((x - (y2 - y1) / length * off, y + (x2 - x1) / length * off))
    return result


def streams():
    """{code: (plan row, line)}; a tributary ends in a vertex of the stream it joins."""
    result = {}
    for number, stream in enumerate(STREAMS):
        points = [at(*p) for p in stream.course]
        if stream.joins:
            x, y = points[-1]
            points[-1] = min(result[stream.joins][1], key=lambda p: (p[0] - x) ** 2 + (p[1] - y) ** 2)
        line = meandering(points, 71 + number, 420.0 if stream.banks else 260.0, 1300.0 if stream.banks else 900.0)
        result[stream.code] = (stream, simplified(line, 4.0))
    return result
