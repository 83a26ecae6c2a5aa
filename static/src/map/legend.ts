/**
 * The legend, read off the style: each entry is what the style's own expressions give for a feature
 * of that class. Only the operators that the style uses are understood; any other is an error.
 */
import type { LayerSpecification } from 'maplibre-gl';
import type { Topic, Context } from './style/kit';

export type Mark = {
  fill?: string;
  fillOpacity?: number;
  pattern?: string;
  line?: string;
  lineWidth?: number;
  dash?: number[];
  lineOver?: Mark[];
  circle?: string;
  stroke?: string;
  icon?: string;
};
export type Entry = { value: string | null; marks: Mark[] };
export type Ramp = { property: string; unit: string; stops: [number, string][] };
export type Legend = { entries: Entry[]; ramp: Ramp | null };

type Given = {
  properties: Record<string, unknown>;
  state: Record<string, unknown>;
  zoom: number;
  geometry: string;
};

/** The zoom the legend is drawn for: the one at which everything shows. */
const ZOOM = 12;

export function evaluate(expression: unknown, given: Given): unknown {
  if (!Array.isArray(expression) || typeof expression[0] !== 'string') return expression;
  const [operator, ...args] = expression as [string, ...unknown[]];
  const value = (i: number): unknown => evaluate(args[i], given);
  switch (operator) {
    case 'literal':
      return args[0];
    case 'get':
      return given.properties[String(args[0])] ?? null;
    case 'feature-state':
      return given.state[String(args[0])] ?? null;
    case 'zoom':
      return given.zoom;
    case 'geometry-type':
      return given.geometry;
    case 'boolean':
    case 'coalesce':
      return args.map((_, i) => value(i)).find((v) => v !== null && v !== undefined) ?? null;
    case 'to-number':
      return args
        .map((_, i) => value(i))
        .find((v) => v !== null && v !== undefined && !Number.isNaN(Number(v)));
    case 'any':
      return args.some((_, i) => value(i) === true);
    case 'all':
      return args.every((_, i) => value(i) === true);
    case '==':
      return value(0) === value(1);
    case '!=':
      return value(0) !== value(1);
    case '>=':
      return Number(value(0)) >= Number(value(1));
    case 'in':
      return (value(1) as unknown[]).includes(value(0));
    case '+':
      return args.reduce((sum: number, _, i) => sum + Number(value(i)), 0);
    case '*':
      return args.reduce((product: number, _, i) => product * Number(value(i)), 1);
    case '/':
      return Number(value(0)) / Number(value(1));
    case 'max':
      return Math.max(...args.map((_, i) => Number(value(i))));
    case 'case': {
      for (let i = 0; i + 1 < args.length; i += 2) if (value(i) === true) return value(i + 1);
      return value(args.length - 1);
    }
    case 'match': {
      const input = value(0);
      for (let i = 1; i + 1 < args.length; i += 2) if (args[i] === input) return value(i + 1);
      return value(args.length - 1);
    }
    case 'interpolate': {
      // At a stop exactly, or the stop below: the legend only asks at stops and at one zoom.
      const input = Number(value(1));
      let out = value(3);
      for (let i = 2; i + 1 < args.length; i += 2) if (Number(args[i]) <= input) out = value(i + 1);
      return out;
    }
    default:
      throw new Error(`the legend cannot read the style operator "${operator}"`);
  }
}

const GEOMETRY: Record<string, string> = {
  fill: 'Polygon',
  line: 'Polygon',
  circle: 'Point',
  symbol: 'Point',
};

function mark(layer: LayerSpecification, properties: Record<string, unknown>): Mark | null {
  const geometry =
    'source' in layer && layer.source === 'haul-network' ? 'LineString' : (GEOMETRY[layer.type] ?? 'Point');
  const given: Given = { properties, state: {}, zoom: ZOOM, geometry };
  if ('filter' in layer && layer.filter && evaluate(layer.filter, given) !== true) return null;
  const paint = (layer.paint ?? {}) as Record<string, unknown>;
  const layout = (layer.layout ?? {}) as Record<string, unknown>;
  const p = (name: string): unknown => evaluate(paint[name], given);
  switch (layer.type) {
    case 'fill':
      return {
        ...(paint['fill-pattern']
          ? { pattern: String(p('fill-pattern')) }
          : { fill: String(p('fill-color')) }),
        fillOpacity: Number(p('fill-opacity') ?? 1),
      };
    case 'line':
      return {
        line: String(p('line-color')),
        lineWidth: Number(p('line-width') ?? 1),
        ...(paint['line-dasharray'] ? { dash: paint['line-dasharray'] as number[] } : {}),
      };
    case 'circle':
      return { circle: String(p('circle-color')), stroke: String(p('circle-stroke-color')) };
    case 'symbol':
      return layout['icon-image'] ? { icon: String(evaluate(layout['icon-image'], given)) } : null;
    default:
      return null;
  }
}

/** `present`: the classes that the data have; a legend of what is not there helps nobody. */
export function legend(topic: Topic<string>, context: Context, present?: Set<string>): Legend {
  const layers = topic
    .layers(context)
    .filter((layer) => topic.swatch.some((end) => layer.id === `${topic.layer}-${end}`));
  const marksFor = (properties: Record<string, unknown>): Mark[] =>
    layers.map((layer) => mark(layer, properties)).filter((m): m is Mark => m !== null);
  if (!topic.classify) return { entries: [{ value: null, marks: marksFor({}) }], ramp: null };
  const { property } = topic.classify;
  if ('stops' in topic.classify) {
    const stops = topic.classify.stops.map((stop): [number, string] => [
      stop,
      marksFor({ [property]: stop })
        .map((m) => m.circle ?? m.fill)
        .find(Boolean) ?? '',
    ]);
    return { entries: [], ramp: { property, unit: topic.classify.unit, stops } };
  }
  const values = topic.classify.values.filter((value) => !present || present.has(value));
  return { entries: values.map((value) => ({ value, marks: marksFor({ [property]: value }) })), ramp: null };
}
