/** What the map draws of the plan in the panel. The panel fills it, and empties it when it goes. */
import type { Feature } from 'geojson';

const NONE: ReadonlyMap<number, number> = new Map();

class PlanMap {
  lines = $state.raw<Feature[]>([]);
  points = $state.raw<Feature[]>([]);
  /** Share of their fuel that fields and deposits hold at the end of the year. */
  fields = $state.raw(NONE);
  deposits = $state.raw(NONE);
  /** Pointed at in a table. */
  lit = $state.raw<{ source: 'plan-lines' | 'plan-points'; id: number }[]>([]);

  clear(): void {
    this.lines = [];
    this.points = [];
    this.fields = NONE;
    this.deposits = NONE;
    this.lit = [];
  }
}

export const planMap = new PlanMap();
