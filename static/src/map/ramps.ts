/** Colours of what has a measure, from little to much, with lightness that falls evenly so that every eye tells them apart. */
import type { Tone } from './palette';

export type Stop = [share: number, colour: string];

/**
 * Every ramp of the map reads the same way, as what is left of a field does: the more, the farther from the ground. On a light
 * ground much is dark, on a dark ground much is bright.
 */
/** Delivered cost, from cheap to dear. */
export const COST_RAMP: Record<Tone, Stop[]> = {
  light: [
    [0, '#e9b949'],
    [0.33, '#dd8437'],
    [0.67, '#b84a34'],
    [1, '#741f3c'],
  ],
  dark: [
    [0, '#8f3f55'],
    [0.33, '#c95a44'],
    [0.67, '#e89548'],
    [1, '#f7d777'],
  ],
};
/** Reach along the roads, from the gate to the limit; of another hue than cost and than water, so that all may be on the map. */
export const REACH_RAMP: Record<Tone, Stop[]> = {
  light: [
    [0, '#d0a0d4'],
    [0.33, '#ad70bf'],
    [0.67, '#80419c'],
    [1, '#46196b'],
  ],
  dark: [
    [0, '#7a4fa3'],
    [0.33, '#a673c6'],
    [0.67, '#cd9fe0'],
    [1, '#f3daf8'],
  ],
};

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
