/** The server's warnings of a study, put together where they say the same of several things. Pure: words are looked up elsewhere. */
import type { Warning } from '../contract';

/** A warning as it is told: by a key of our own words with its values, or in the server's. */
export type Told =
  | {
      key: 'peak' | 'size' | 'efficiency' | 'heatCut' | 'far' | 'bestSize' | 'noSize' | 'nonePays';
      values: Record<string, string | number>;
    }
  | { key: null; warning: Warning };

const PEAK = /^(.+?): heat_demand_mwh_a and peak_heat_mw together are (\d+) full-load hours/;
const SIZE = /^(.+?): .+: ([\d.]+) MW lies outside of the usual sizes, ([\d.]+) to ([\d.]+) MW$/;
const EFFICIENCY = /^(.+?): total_efficiency is not used/;
const HEAT_CUT =
  /: of heat_capacity_mw ([\d.]+) MW the turbine can give ([\d.]+) MW: electric_capacity_mw, ([\d.]+) MW/;
const BEST_SIZE =
  /^for this demand ([\d.]+) MW \((electric|heat)\) would cost least .*the plant has ([\d.]+) MW$/;
const NO_SIZE = /^for this demand no size .*the plant has ([\d.]+) MW \((electric|heat)\)$/;
const FAR = /^(.+) lie farther than ([\d.]+) km by pipe/;

/** In the order in which they came; `nameOf` is the reader's name of a consumer, `number` writes one. */
export function told(
  warnings: Warning[],
  nameOf: (name: string) => string,
  number: (value: number) => string,
): Told[] {
  const out: Told[] = [];
  const peaks: string[] = [];
  for (const warning of warnings) {
    // That data are invented is marked everywhere already.
    if (warning.code === 'synthetic') continue;
    const [peak, size, efficiency, cut, far, best, none] = [
      PEAK,
      SIZE,
      EFFICIENCY,
      HEAT_CUT,
      FAR,
      BEST_SIZE,
      NO_SIZE,
    ].map((pattern) => pattern.exec(warning.message));
    if (warning.code === 'consumer' && peak) {
      peaks.push(nameOf(peak[1]!));
      if (peaks.length === 1) out.push({ key: 'peak', values: {} });
    } else if (warning.code === 'unit' && size) {
      const [, unit = '', mw, low, high] = size;
      out.push({
        key: 'size',
        values: { unit, mw: number(Number(mw)), low: number(Number(low)), high: number(Number(high)) },
      });
    } else if (warning.code === 'unit' && efficiency) out.push({ key: 'efficiency', values: {} });
    else if (warning.code === 'unit' && cut) {
      const [heat, most, electric] = cut.slice(1).map((text) => number(Number(text)));
      out.push({ key: 'heatCut', values: { heat: heat!, most: most!, electric: electric! } });
    } else if (warning.code === 'consumers_far' && far) {
      const names = far[1]!.split(', ').map(nameOf).join(', ');
      out.push({ key: 'far', values: { names, km: number(Number(far[2])) } });
    } else if (warning.code === 'plant_size' && best)
      out.push({
        key: 'bestSize',
        values: { best: number(Number(best[1])), of: best[2]!, own: number(Number(best[3])) },
      });
    else if (warning.code === 'plant_size' && none)
      out.push({ key: 'noSize', values: { own: number(Number(none[1])), of: none[2]! } });
    else if (warning.code === 'plant_size') out.push({ key: 'nonePays', values: {} });
    else out.push({ key: null, warning });
  }
  const place = out.findIndex((one) => one.key === 'peak');
  if (place >= 0) out[place] = { key: 'peak', values: { names: peaks.join(', '), count: peaks.length } };
  return out;
}
