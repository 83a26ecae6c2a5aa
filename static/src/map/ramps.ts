/** Colours of what has a measure, from little to much, with lightness that falls evenly so that every eye tells them apart. */
export type Stop = [share: number, colour: string];

/** Delivered cost, from cheap to dear. */
export const COST_RAMP: Stop[] = [
  [0, '#e9b949'],
  [0.33, '#dd8437'],
  [0.67, '#b84a34'],
  [1, '#741f3c'],
];
/** Reach along the roads, from the gate to the limit. */
export const REACH_RAMP: Stop[] = [
  [0, '#3f3d9e'],
  [0.33, '#8a3aa3'],
  [0.67, '#d4546d'],
  [1, '#f0a03c'],
];

const channels = (colour: string): number[] =>
  [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

/** The colour at a share of the ramp; what lies outside takes its ends. */
export function colourAt(ramp: Stop[], share: number): string {
  const at = Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0));
  const next = Math.max(
    1,
    ramp.findIndex(([stop]) => stop >= at),
  );
  const [low, from] = ramp[next - 1]!;
  const [high, to] = ramp[next]!;
  const part = (at - low) / (high - low || 1);
  const [a, b] = [channels(from), channels(to)];
  const mixed = a.map((value, i) => Math.round(value + (b[i]! - value) * part));
  return '#' + mixed.map((value) => value.toString(16).padStart(2, '0')).join('');
}

export const gradient = (ramp: readonly Stop[]): string =>
  `linear-gradient(90deg, ${ramp.map(([share, colour]) => `${colour} ${share * 100}%`).join(', ')})`;
