/** The steam of a consumer's boiler house: computed when the reader asks, kept by consumer while the reader looks around. */
import type { Inputs } from '../api';
import type { SteamRetrofit } from '../contract-steam';
import { PlanState } from './plan.svelte';

const kept = new Map<number, PlanState<SteamRetrofit>>();

export function steamOf(consumer: number): PlanState<SteamRetrofit> {
  let found = kept.get(consumer);
  if (!found) kept.set(consumer, (found = new PlanState('steam-retrofit', [], { consumer })));
  return found;
}

/** The pressures that must be given before anything can be computed: of the consumer's row, or by the reader. */
export function missingPressures(row: Record<string, unknown>, inputs: Inputs): ('inlet' | 'outlet')[] {
  const given = (value: unknown): boolean => typeof value === 'number';
  return [
    ...(given(row.steam_pressure_mpa) || given(inputs.inlet_pressure_mpa) ? [] : (['inlet'] as const)),
    ...(given(inputs.outlet_pressure_mpa) ? [] : (['outlet'] as const)),
  ];
}
