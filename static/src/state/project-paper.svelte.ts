/**
 * What the passport of a project shows beside its study: the supply of exactly the fuel that the study found, and the reserves of
 * the deposits that give it. Fetched when paper is wanted.
 */
import * as api from '../api';
import type { ChpStudy, LadderStep, Reserves, Supply } from '../contract';
import type { SiteId } from './address';
import { follow } from './jobs';
import { asking } from './reserves.svelte';
import { supplyInputs } from './supply.svelte';

export type Paper = {
  /** Of which study. */
  hash: string;
  supply: Supply | null;
  reserves: Reserves[];
};

/** What the study took for the plant's size: its fuel, not what stands on its plate. */
export function supplyOfStudy(inputs: api.Inputs, study: Pick<ChpStudy, 'plant'>): api.Inputs {
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

class ProjectPaper {
  #found = $state.raw<Paper | null>(null);

  /** What was fetched for this study. */
  of(study: ChpStudy): Paper | null {
    return this.#found?.hash === study.inputs_hash ? this.#found : null;
  }

  /** Never fails: what cannot be had is left out of the paper, and the paper says so. */
  async load(plant: SiteId, study: ChpStudy): Promise<void> {
    if (this.of(study)) return;
    const inputs = supplyInputs(plant);
    if (!inputs) return;
    const { signal } = new AbortController();
    const supply = await api
      .supply(plant === 'new' ? null : plant, supplyOfStudy(inputs, study), signal)
      .catch(() => null);
    const one = (deposit: number): Promise<Reserves | null> =>
      follow(asking(deposit, { constraints: 'apply' }, signal), () => {}, signal).catch(() => null);
    const reserves = supply ? await Promise.all(feeding(supply).map(one)) : [];
    this.#found = {
      hash: study.inputs_hash,
      supply,
      reserves: reserves.filter((found) => found !== null),
    };
  }
}

export const projectPaper = new ProjectPaper();
