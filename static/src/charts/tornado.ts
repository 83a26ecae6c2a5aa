/** Where the bars of a tornado stand; the numbers are the server's. Pure. */
import type { StudyTornado, TornadoBar } from '../contract';

export type Bar = { factor: string; from: number; to: number; lowFirst: boolean };

/** Widest first, each from its smaller energy to its larger: more of a factor may well mean less energy. */
export const bars = (of: TornadoBar[]): Bar[] =>
  widestFirst(of.map((bar) => barOf(bar.factor, bar.energy_mwh_low, bar.energy_mwh_high)));

/** The same of any number that comes out; an end where nothing came out is the middle. */
export const barsAbout = (of: StudyTornado): Bar[] =>
  widestFirst(
    of.bars.map((bar) => {
      const found = barOf(bar.factor, bar.output_low ?? of.base, bar.output_high ?? of.base);
      return { ...found, from: Math.min(found.from, of.base), to: Math.max(found.to, of.base) };
    }),
  );

const barOf = (factor: string, low: number, high: number): Bar => ({
  factor,
  from: Math.min(low, high),
  to: Math.max(low, high),
  lowFirst: low <= high,
});
const widestFirst = (of: Bar[]): Bar[] => of.sort((a, b) => b.to - b.from - (a.to - a.from));

/** From the least to the most of all bars, with the middle inside and a little air at both ends. */
export function extent(of: Bar[], middle: number): [number, number] {
  const low = Math.min(middle, ...of.map((bar) => bar.from));
  const high = Math.max(middle, ...of.map((bar) => bar.to));
  const air = (high - low || Math.abs(middle) || 1) * 0.04;
  return [low - air, high + air];
}
