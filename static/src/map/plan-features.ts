/** Plans of several plants as features for the map. Scaled and coloured for the pen only: figures are the server's. */
import type { Feature } from 'geojson';
import type {
  Allocation,
  AllocationSource,
  ChosenSite,
  Siting,
  SitingAnswer,
  SitingSet,
} from '../contract-planning';
import { depositColour } from './palette';
import { colourAt, type Stop } from './ramps';

export type Drawing = { lines: Feature[]; points: Feature[] };
const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);

/** In a year, counted from 1; of the whole plan where `year` is 0. */
export const inYear = (values: number[], year: number): number =>
  year === 0 ? sum(values) : (values[year - 1] ?? 0);

/** The colour of a plant: by its place in the plan. */
export const colourOfPlant = (plan: Allocation, id: number): string =>
  depositColour(plan.plants.findIndex((plant) => plant.id === id));

/** Below this share of the largest flow a line is what floating point left of none. */
const LEAST = 1e-6;

/** The largest flow, of any year or of the whole plan: so that a width means the same in every year. */
export const greatestPlanFlow = (plan: Allocation, year: number): number =>
  Math.max(0, ...plan.flows.map((flow) => (year === 0 ? sum(flow.mwh_a) : Math.max(...flow.mwh_a))));

export function allocationDrawing(plan: Allocation, year: number, idle: string): Drawing {
  const most = greatestPlanFlow(plan, year) || 1;
  const lines = plan.flows.flatMap((flow, i): Feature[] => {
    const weight = inYear(flow.mwh_a, year) / most;
    if (weight < LEAST || !flow.geometry) return [];
    return [
      {
        type: 'Feature',
        id: i + 1,
        geometry: flow.geometry,
        properties: { kind: 'fuel', weight, colour: colourOfPlant(plan, flow.plant) },
      },
    ];
  });
  const harvest = (source: AllocationSource): number => inYear(source.harvested_mwh_a, year);
  const largest = Math.max(...plan.sources.map(harvest), 1);
  const points = plan.sources.map((source, i): Feature => {
    // The plant that takes the most of it lends its colour.
    const taken = plan.flows
      .filter((flow) => flow.source === source.id)
      .sort((a, b) => inYear(b.mwh_a, year) - inYear(a.mwh_a, year))[0];
    const weight = harvest(source) / largest;
    const feeds = taken !== undefined && weight > LEAST;
    return {
      type: 'Feature',
      id: i + 1,
      geometry: { type: 'Point', coordinates: source.coordinates },
      properties: {
        kind: 'source',
        weight: feeds ? Math.sqrt(weight) : 0,
        colour: feeds ? colourOfPlant(plan, taken.plant) : idle,
      },
    };
  });
  return { lines, points };
}

/** Share of its fuel that each source still holds at the end of a year. */
export function sourcesLeft(plan: Allocation, year: number, of: 'fields' | 'deposits'): Map<number, number> {
  const stock = new Map<number, number>();
  const left = new Map<number, number>();
  for (const source of plan.sources) {
    const id =
      of === 'fields' ? (source.kind === 'field' ? source.id : null) : (source.deposit_id ?? source.id);
    if (id === null || source.stock_mwh <= 0) continue;
    stock.set(id, (stock.get(id) ?? 0) + source.stock_mwh);
    const remains = year === 0 ? source.remaining_mwh.at(-1) : source.remaining_mwh[year - 1];
    left.set(id, (left.get(id) ?? 0) + (remains ?? 0));
  }
  return new Map([...left].map(([id, value]) => [id, Math.min(1, Math.max(0, value / stock.get(id)!))]));
}

/** Score of a candidate, from the worst of them to the best. */
export const SCORE_RAMP: Stop[] = [
  [0, '#e9e2c8'],
  [0.5, '#8fb98a'],
  [1, '#1f7a4a'],
];
/** Lines of heat to consumers, and of fuel from deposits. */
export const HEAT = '#c2552b';
export const FUEL = '#8a6a3b';

/** Which set of sites: the cheapest, or an alternative counted from 1. */
export const setOf = (plan: Siting, which: number): SitingSet =>
  which === 0 ? plan : (plan.alternatives[which - 1] ?? plan);

export function scoreRange(plan: Siting): [number, number] {
  const scores = plan.candidates.map(({ score }) => score).filter((s): s is number => s !== null);
  return scores.length ? [Math.min(...scores), Math.max(...scores)] : [0, 1];
}

/** `deposits` gives a place of each, from which the line of an alternative is drawn: its way is not answered. */
export function sitingDrawing(
  { plan, sites }: SitingAnswer,
  which: number,
  placeOf: (deposit: number) => [number, number] | null,
  label: (site: ChosenSite) => string,
): Drawing {
  const shown = setOf(plan, which);
  const mostHeat = Math.max(
    1,
    ...shown.sites.flatMap((site) => site.heats.map((heat) => heat.delivered_mwh_a)),
  );
  const mostFuel = Math.max(1, ...shown.sites.flatMap((site) => site.fed_by.map((fed) => fed.fuel_mwh_a)));
  const largest = Math.max(1, ...shown.sites.map((site) => site.heat_capacity_mw));
  const consumers = new Map(plan.consumers.map((consumer) => [consumer.consumer_id, consumer.coordinates]));
  const lines: Feature[] = [];
  const line = (kind: string, weight: number, colour: string, geometry: Feature['geometry']): void => {
    lines.push({ type: 'Feature', id: lines.length + 1, geometry, properties: { kind, weight, colour } });
  };
  for (const site of shown.sites) {
    for (const fed of site.fed_by) {
      const way =
        which === 0
          ? sites.features.find(
              ({ properties: p }) =>
                p.kind === 'fuel' && p.site_id === site.site_id && p.deposit_id === fed.deposit_id,
            )?.geometry
          : undefined;
      const from = placeOf(fed.deposit_id);
      const straight = from ? { type: 'LineString' as const, coordinates: [from, site.coordinates] } : null;
      const geometry = way ?? straight;
      if (geometry) line('fuel', (0.5 * fed.fuel_mwh_a) / mostFuel, FUEL, geometry);
    }
    for (const heat of site.heats) {
      const to = consumers.get(heat.consumer_id);
      if (to)
        line('heat', heat.delivered_mwh_a / mostHeat, HEAT, {
          type: 'LineString',
          coordinates: [site.coordinates, to],
        });
    }
  }
  const [low, high] = scoreRange(plan);
  const chosen = new Set(shown.sites.map((site) => site.site_id));
  const points = plan.candidates.flatMap((candidate, i): Feature[] =>
    chosen.has(candidate.site_id)
      ? []
      : [
          {
            type: 'Feature',
            id: i + 1,
            geometry: { type: 'Point', coordinates: candidate.coordinates },
            properties: {
              kind: 'candidate',
              colour: colourAt(SCORE_RAMP, ((candidate.score ?? low) - low) / (high - low || 1)),
            },
          },
        ],
  );
  for (const site of shown.sites) {
    points.push({
      type: 'Feature',
      id: idOfSite(plan, site.site_id),
      geometry: { type: 'Point', coordinates: site.coordinates },
      properties: {
        kind: 'site',
        weight: Math.sqrt(site.heat_capacity_mw / largest) * 0.6,
        label: label(site),
      },
    });
  }
  return { lines, points };
}

/** The feature of a candidate, chosen or not. */
export const idOfSite = (plan: Siting, site: string): number =>
  plan.candidates.findIndex((candidate) => candidate.site_id === site) + 1;
