/** The stockpile of a plant as a chart draws it. Pure: an answer in, tonnes or energy and points out. */
import type { StockMonths, StockSeason, Supply } from '../contract';
import { dryMass, type MassBasis } from '../i18n/units';

export type StockMeasure = 'mass' | 'energy';

/** From tonnes at the reference moisture to what is shown: tonnes of the reader's basis, or MWh of the plant's mean fuel. */
export function shownMass(
  need: Pick<Supply['need'], 'fuel_mwh_a' | 'reference_moisture'>,
  months: Pick<StockMonths, 'need_t_a'>,
  measure: StockMeasure,
  basis: MassBasis,
): (tonnes: number) => number {
  if (measure === 'mass')
    return basis === 'dry' ? (tonnes) => dryMass(tonnes, need.reference_moisture) : (tonnes) => tonnes;
  const mwhPerTonne = months.need_t_a > 0 ? need.fuel_mwh_a / months.need_t_a : 0;
  return (tonnes) => tonnes * mwhPerTonne;
}

/**
 * The stock at the ends of the months, the one before the first month in front. Both seasons begin with what an
 * average year leaves.
 */
export function stockLine(season: StockSeason, mean: StockSeason): number[] {
  const before = mean.months.at(-1)?.stock_t ?? 0;
  return [before, ...season.months.map((month) => month.stock_t)];
}

/** Whether a wet season differs from an average one by more than rounding. */
export const wetDiffers = ({ mean, wet, need_t_a }: StockMonths): boolean =>
  mean.months.some((month, i) => {
    const other = wet.months[i];
    return (
      other !== undefined &&
      Math.abs(month.harvest_t - other.harvest_t) +
        Math.abs(month.burned_t - other.burned_t) +
        Math.abs(month.stock_t - other.stock_t) >
        1e-6 * need_t_a
    );
  });
