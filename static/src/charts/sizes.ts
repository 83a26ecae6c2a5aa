/** Cost over size, as its chart draws it. Pure: an answer in, stretches, ends of the axis and a verdict out. */
import type { SizeCurve, SizePoint } from '../contract';

/** The plant's own size is drawn on the axis up to this many times the largest size that was tried. */
const FARTHEST = 4;

export type SizeAxis = {
  /** MW: where the axis ends. */
  end: number;
  /** The plant's own size lies beyond it. */
  beyond: boolean;
};
/** From nought to the largest size, or to the plant's own where it is larger and not out of all proportion. */
export function sizeAxis(points: SizePoint[], own: number): SizeAxis {
  const largest = points.at(-1)?.size_mw ?? own;
  const beyond = own > FARTHEST * largest;
  return { end: (beyond ? largest : Math.max(largest, own)) * 1.02, beyond };
}

/** Stretches of sizes with too few full-load hours; where they begin lies halfway between two sizes that were tried. */
export function idleStretches(points: SizePoint[]): [number, number][] {
  const border = (a: SizePoint | undefined, b: SizePoint): number =>
    a ? (a.size_mw + b.size_mw) / 2 : b.size_mw;
  const out: [number, number][] = [];
  points.forEach((point, i) => {
    if (point.enough_full_load_hours) return;
    const [before, after] = [points[i - 1], points[i + 1]];
    const last = out.at(-1);
    const from = border(before, point);
    const to = border(after, point);
    if (last && before && !before.enough_full_load_hours) last[1] = to;
    else out.push([from, to]);
  });
  return out;
}

/** The line in pieces of one kind: with full-load hours enough at both ends, and without. */
export function linePieces(points: SizePoint[]): { enough: boolean; points: SizePoint[] }[] {
  const out: { enough: boolean; points: SizePoint[] }[] = [];
  points.slice(1).forEach((point, i) => {
    const from = points[i]!;
    const enough = from.enough_full_load_hours && point.enough_full_load_hours;
    const last = out.at(-1);
    if (last?.enough === enough) last.points.push(point);
    else out.push({ enough, points: [from, point] });
  });
  return out;
}

/** From the lowest to the highest yearly cost in the picture: of all sizes, and of no plant at all. */
export const costExtent = (curve: SizeCurve): [number, number] => {
  const costs = [...curve.points.map((point) => point.total_rub_a), curve.without_rub_a];
  return [Math.min(...costs), Math.max(...costs)];
};

/** Where a pointer reaches each size: up to halfway to its neighbours. */
export const reaches = (points: SizePoint[]): [number, number][] =>
  points.map((point, i) => [
    i ? (points[i - 1]!.size_mw + point.size_mw) / 2 : point.size_mw,
    i + 1 < points.length ? (points[i + 1]!.size_mw + point.size_mw) / 2 : point.size_mw,
  ]);

export type SizeVerdict = {
  /** How the plant's own size lies to the sizes that are as good as the best; null where there is no best one. */
  own: 'within' | 'smaller' | 'larger' | null;
  /** Whether the best size is worth its building. */
  pays: boolean;
  /** Whether the sizes that are as good reach so far that a reader sees it. */
  wide: boolean;
  /** Whether the best lies at an end of what was tried: beyond it might be cheaper still. */
  end: 'smallest' | 'largest' | null;
};
/** What the curve says of a plant. */
export function verdictOf(curve: SizeCurve, own: number): SizeVerdict {
  const { best, points } = curve;
  if (!best) return { own: null, pays: false, wide: false, end: null };
  const [low, high] = curve.as_good_mw ?? [best.size_mw, best.size_mw];
  // A size of the plant's row has few figures.
  const slack = 0.005 * best.size_mw;
  return {
    own: own < low - slack ? 'smaller' : own > high + slack ? 'larger' : 'within',
    pays: best.net_present_value_rub >= 0,
    wide: high - low > 0.1 * best.size_mw,
    end:
      best.size_mw === points[0]?.size_mw
        ? 'smallest'
        : best.size_mw === points.at(-1)?.size_mw
          ? 'largest'
          : null,
  };
}

/** A few sizes from end to end for a table on paper, the best one always among them. */
export function fewSizes(curve: SizeCurve, count = 9): SizePoint[] {
  const { points, best } = curve;
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return [];
  const apart = (0.9 * (last.size_mw - first.size_mw)) / Math.max(1, count - 1);
  const taken: SizePoint[] = best ? [best] : [first];
  for (const point of [last, ...points])
    if (taken.every((other) => Math.abs(other.size_mw - point.size_mw) >= apart)) taken.push(point);
  return taken.sort((a, b) => a.size_mw - b.size_mw);
}

const UNUSUAL = /([\d.]+) MW lies outside of the usual sizes, ([\d.]+) to ([\d.]+) MW$/;
const SAID = [/^no size reaches/, /^the best size costs more/, /are not served/];
/** The curve's own warnings that its sentence does not say: usual sizes by their numbers, others as they came. */
export function sizeWarnings(curve: SizeCurve): { low: number; high: number; text: string }[] {
  return curve.warnings.flatMap((text) => {
    if (SAID.some((pattern) => pattern.test(text))) return [];
    const found = UNUSUAL.exec(text);
    return [{ low: Number(found?.[2] ?? NaN), high: Number(found?.[3] ?? NaN), text }];
  });
}
