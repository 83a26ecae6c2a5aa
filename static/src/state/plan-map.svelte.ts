/** What the map draws of the plan in the panel. The panel fills it, and empties it when it goes. */
import type { Feature } from 'geojson';

class PlanMap {
  lines = $state.raw<Feature[]>([]);
  points = $state.raw<Feature[]>([]);
  /** Pointed at in a table. */
  lit = $state.raw<{ source: 'plan-lines' | 'plan-points'; id: number }[]>([]);

  clear(): void {
    this.lines = [];
    this.points = [];
    this.lit = [];
  }
}

export const planMap = new PlanMap();
