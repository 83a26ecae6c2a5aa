/**
 * The supply of the selected plant, asked for again whenever the plant is moved or anything about
 * it changes. The map, the panel and the charts read the one result.
 */
import { untrack } from 'svelte';
import * as api from '../api';
import type { Supply } from '../contract';
import type { LngLat, PlantProperty, SiteId } from './address';
import { data } from './data.svelte';
import { latest } from './latest';
import { view } from './view.svelte';

/** What a newly placed plant starts with: a small plant, to be sized by the reader. */
export const NEW_PLANT: Record<PlantProperty, number> = {
  electric_capacity_mw: 6,
  heat_capacity_mw: 24,
  total_efficiency: 0.85,
  full_load_hours: 6000,
  peat_share: 1,
};

type Question = { plant: SiteId; inputs: api.Inputs };

/** Where the plant stands now: where it was put, or where it is stored. */
export function plantAt(id: SiteId): LngLat | null {
  const moved = view.site(id).at;
  if (moved || id === 'new') return moved ?? null;
  const geometry = data.find('plants', id)?.geometry;
  return geometry?.type === 'Point' ? (geometry.coordinates.slice(0, 2) as LngLat) : null;
}

export function selectedPlant(): SiteId | null {
  return view.selection?.layer === 'plants' ? view.selection.id : null;
}

/** The inputs of a plant's supply as the reader has them now; none where the plant has no place. */
export function supplyInputs(plant: SiteId): api.Inputs | null {
  if (!plantAt(plant)) return null;
  const { at, ...size } = view.site(plant);
  const inputs: api.Inputs = { ...view.edits.supply, ...(plant === 'new' ? NEW_PLANT : {}), ...size };
  // Seven decimals are a centimetre: more would only make addresses and caches miss.
  if (at) inputs.at = at.map((c) => Number(c.toFixed(7))).join(',');
  return inputs;
}

/** What is asked of the selected plant as it stands now. */
export function question(): Question | null {
  const plant = selectedPlant();
  const inputs = plant === null ? null : supplyInputs(plant);
  return plant === null || !inputs ? null : { plant, inputs };
}

class SupplyState {
  result = $state.raw<Supply | null>(null);
  plant = $state.raw<SiteId | null>(null);
  error = $state.raw<unknown>(null);
  /** An answer to the newest question is still to come: the figures shown are of an older one. */
  stale = $state(false);
  #again = $state(0);

  retry(): void {
    this.#again++;
  }

  /** Called once, while the application's component is set up. */
  follow(): void {
    /** Of the question that is about to be asked; 0 where none is. */
    let frame = 0;
    const ask = latest<Question, Supply>(
      ({ plant, inputs }) => api.supply(plant === 'new' ? null : plant, inputs),
      {
        answer: (result, { plant }) => {
          // The reader may have gone on to another plant meanwhile.
          if (selectedPlant() !== plant) return;
          this.result = result;
          this.plant = plant;
          this.error = null;
        },
        failure: (error, { plant }) => {
          if (selectedPlant() === plant) this.error = error;
        },
        idle: () => {
          if (!frame) this.stale = false;
        },
      },
    );
    $effect(() => {
      const next = question();
      void this.#again;
      cancelAnimationFrame(frame);
      frame = 0;
      if (!next) {
        this.result = null;
        this.plant = null;
        this.error = null;
        this.stale = false;
        return;
      }
      // Untracked: the answer sets the plant, and must not ask again by doing so.
      if (untrack(() => this.plant) !== next.plant) {
        this.result = null;
        this.error = null;
      }
      this.stale = true;
      frame = requestAnimationFrame(() => {
        frame = 0;
        ask(next);
      });
    });
  }

  /** Share of each deposit's fuel that remains at the end of the year on the slider. */
  remaining(year: number): Map<number, number> {
    const out = new Map<number, number>();
    this.result?.deposits.forEach((deposit, i) => {
      const left = year === 0 ? deposit.stock_mwh : this.result?.years[year - 1]?.remaining_by_deposit[i];
      if (left !== undefined && deposit.stock_mwh > 0) out.set(deposit.deposit_id, left / deposit.stock_mwh);
    });
    return out;
  }
}

export const supply = new SupplyState();
