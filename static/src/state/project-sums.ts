/** What the passport of a project asks for and adds up. Pure. */
import type { Inputs } from '../api';
import type { ChpStudy, LadderStep, Reserves, Supply } from '../contract';

/** What the study took for the plant's size: its fuel, not what stands on its plate. */
export function supplyOfStudy(inputs: Inputs, study: Pick<ChpStudy, 'plant'>): Inputs {
  const { electric_capacity_mw, heat_capacity_mw, total_efficiency, ...rest } = inputs;
  void [electric_capacity_mw, heat_capacity_mw, total_efficiency];
  return {
    ...rest,
    fuel_power_mw: study.plant.fuel_power_mw,
    full_load_hours: study.plant.full_load_hours,
  };
}

/** Deposits from which any fuel comes in any year. */
export const feeding = (supply: Pick<Supply, 'deposits' | 'years'>): number[] =>
  supply.deposits
    .filter((_, i) => supply.years.some((year) => (year.by_deposit[i] ?? 0) > 0))
    .map((deposit) => deposit.deposit_id);

/** The ladders of several deposits as one: steps of the same name added up. */
export function ladderSum(of: Pick<Reserves, 'ladder'>[]): LadderStep[] {
  const sums = new Map<string, LadderStep>();
  for (const step of of.flatMap(({ ladder }) => ladder)) {
    const sum = sums.get(step.step);
    sums.set(
      step.step,
      sum
        ? {
            ...sum,
            area_ha: sum.area_ha + step.area_ha,
            volume_m3: sum.volume_m3 + step.volume_m3,
            dry_mass_t: sum.dry_mass_t + step.dry_mass_t,
            mass_t: sum.mass_t + step.mass_t,
            energy_gj: sum.energy_gj + step.energy_gj,
            energy_mwh: sum.energy_mwh + step.energy_mwh,
            tonnes_coal_equivalent: sum.tonnes_coal_equivalent + step.tonnes_coal_equivalent,
            lost_volume_m3: sum.lost_volume_m3 + step.lost_volume_m3,
          }
        : step,
    );
  }
  return [...sums.values()];
}
