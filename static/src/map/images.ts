/**
 * Every picture the map's style names (`hatch:…`, `icon:…`), drawn on a canvas when it is first
 * wanted. The legend asks for the same pictures, so it shows what the map shows.
 */
import { Factory, Flame, GlassWater, Heater, House, Building2, Zap, type IconNode } from 'lucide';
import { palette, STATUS, type Tone } from './palette';

export const RATIO = 2;
export type Picture = { width: number; height: number; data: Uint8ClampedArray };

const ICONS: Record<string, IconNode> = {
  plant: Zap,
  glass_works: GlassWater,
  boiler_house: House,
  district_heating: Heater,
  industry: Factory,
  other: Building2,
  fuel: Flame,
};

function canvas(size: number): { context: CanvasRenderingContext2D; end: () => HTMLCanvasElement } {
  const element = document.createElement('canvas');
  element.width = element.height = size * RATIO;
  const context = element.getContext('2d')!;
  context.scale(RATIO, RATIO);
  context.lineCap = 'butt';
  return { context, end: () => element };
}

/** Lines at 45° across a square tile; drawn past its edges so that tiles join without a seam. */
function diagonals(context: CanvasRenderingContext2D, size: number, step: number, mirrored = false): void {
  context.beginPath();
  for (let x = -size; x <= size * 2; x += step) {
    context.moveTo(x, mirrored ? -1 : size + 1);
    context.lineTo(x + size + 2, mirrored ? size + 1 : -1);
  }
  context.stroke();
}

/** `hatch:status:prepared:light`, `hatch:constraint:road:dark`: hue and hatch both say the class. */
function hatch(group: string, value: string, tone: Tone): HTMLCanvasElement {
  const size = group === 'constraint' ? 12 : 16;
  const { context, end } = canvas(size);
  if (group === 'constraint') {
    context.strokeStyle = palette(tone).constraint[value] ?? palette(tone).constraint.other!;
    context.globalAlpha = 0.38;
    context.lineWidth = 0.8;
    diagonals(context, size, 12, value === 'water_protection' || value === 'protective_zone');
    return end();
  }
  if (group === 'balance') {
    context.strokeStyle = palette(tone).ink;
    context.globalAlpha = 0.55;
    context.lineWidth = 1;
    diagonals(context, size, 8, true);
    return end();
  }
  const colour = STATUS[value] ?? '#888888';
  context.fillStyle = colour;
  context.globalAlpha = tone === 'dark' ? 0.42 : 0.3;
  context.fillRect(0, 0, size, size);
  context.globalAlpha = 1;
  context.strokeStyle = colour;
  context.lineWidth = 1.3;
  if (value === 'undeveloped') {
    for (const [x, y] of [
      [4, 4],
      [12, 12],
    ] as const) {
      context.beginPath();
      context.arc(x, y, 1.4, 0, 7);
      context.fill();
    }
  } else if (value === 'prepared') diagonals(context, size, 8);
  else if (value === 'in_production') {
    context.lineWidth = 2;
    context.beginPath();
    for (const y of [2, 6, 10, 14]) {
      context.moveTo(0, y);
      context.lineTo(size, y);
    }
    context.stroke();
  } else if (value === 'worked_out') {
    context.lineWidth = 1;
    diagonals(context, size, 8);
    diagonals(context, size, 8, true);
  } else {
    context.beginPath();
    for (const y of [4, 12]) {
      for (let x = -1; x <= size + 1; x++) context.lineTo(x, y + 1.8 * Math.sin((x / size) * 2 * Math.PI));
      context.moveTo(-1, 12);
    }
    context.stroke();
  }
  return end();
}

function trace(context: CanvasRenderingContext2D, node: IconNode): void {
  for (const [tag, attributes] of node) {
    const n = (name: string): number => Number(attributes[name] ?? 0);
    const path = new Path2D();
    if (tag === 'path') path.addPath(new Path2D(String(attributes.d)));
    else if (tag === 'circle') path.arc(n('cx'), n('cy'), n('r'), 0, 7);
    else if (tag === 'rect') path.roundRect(n('x'), n('y'), n('width'), n('height'), n('rx'));
    else if (tag === 'line') {
      path.moveTo(n('x1'), n('y1'));
      path.lineTo(n('x2'), n('y2'));
    }
    context.stroke(path);
  }
}

/** `icon:plant:light`, `icon:consumer:boiler_house:dark`: a badge that reads on any ground. */
function icon(group: string, value: string, tone: Tone): HTMLCanvasElement {
  const size = group === 'plant' ? 34 : 26;
  const { context, end } = canvas(size);
  const colours = palette(tone);
  const middle = size / 2;
  context.fillStyle = group === 'plant' ? '#3d1f3d' : colours.paper;
  context.strokeStyle = group === 'plant' ? '#ffffff' : colours.ink;
  context.lineWidth = group === 'plant' ? 2 : 1.5;
  context.beginPath();
  if (group === 'plant') context.arc(middle, middle, middle - 2, 0, 7);
  else context.roundRect(2, 2, size - 4, size - 4, 6);
  context.fill();
  context.stroke();
  const inner = group === 'plant' ? 18 : 15;
  context.translate(middle - inner / 2, middle - inner / 2);
  context.scale(inner / 24, inner / 24);
  context.lineCap = context.lineJoin = 'round';
  context.lineWidth = 2.2;
  context.strokeStyle = group === 'plant' ? '#ffd166' : colours.ink;
  if (group === 'plant') {
    context.fillStyle = '#ffd166';
    context.fill(new Path2D(String(Zap[0]?.[1].d)));
  }
  trace(context, ICONS[group === 'plant' ? 'plant' : value] ?? ICONS.other!);
  return end();
}

function draw(name: string): HTMLCanvasElement | null {
  const [form, group = '', ...rest] = name.split(':');
  const tone: Tone = rest.at(-1) === 'dark' ? 'dark' : 'light';
  const value = rest.length > 1 ? rest[0]! : group;
  if (form === 'hatch') return hatch(group, value, tone);
  if (form === 'icon') return icon(group, value, tone);
  return null;
}

export function picture(name: string): Picture | null {
  const drawn = draw(name);
  if (!drawn) return null;
  const { width, height } = drawn;
  return { width, height, data: drawn.getContext('2d')!.getImageData(0, 0, width, height).data };
}

const addresses = new Map<string, string>();
/** The same picture for HTML. */
export function pictureUrl(name: string): string {
  let url = addresses.get(name);
  if (url === undefined) addresses.set(name, (url = draw(name)?.toDataURL() ?? ''));
  return url;
}
