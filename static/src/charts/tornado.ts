/** Where the bars of a tornado stand; the energies are the server's. Pure. */
import type { TornadoBar } from '../contract';

export type Bar = { factor: string; from: number; to: number; lowFirst: boolean };

/** Widest first, each from its smaller energy to its larger: more of a factor may well mean less energy. */
export const bars = (of: TornadoBar[]): Bar[] =>
  of
    .map((bar) => ({
      factor: bar.factor,
      from: Math.min(bar.energy_mwh_low, bar.energy_mwh_high),
      to: Math.max(bar.energy_mwh_low, bar.energy_mwh_high),
      lowFirst: bar.energy_mwh_low <= bar.energy_mwh_high,
    }))
    .sort((a, b) => b.to - b.from - (a.to - a.from));

/** From the least to the most of all bars, with the middle inside and a little air at both ends. */
export function extent(of: Bar[], middle: number): [number, number] {
  const low = Math.min(middle, ...of.map((bar) => bar.from));
  const high = Math.max(middle, ...of.map((bar) => bar.to));
  const air = (high - low || Math.abs(middle) || 1) * 0.04;
  return [low - air, high + air];
}
