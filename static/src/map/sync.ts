/** Brings a map's style to another one by changing only what differs; data and tiles stay. */
import type { LayerSpecification, Map as LibreMap } from 'maplibre-gl';

type Loose = Record<string, unknown>;
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export function applyLayers(map: LibreMap, before: LayerSpecification[], after: LayerSpecification[]): void {
  const old = new Map(before.map((layer) => [layer.id, layer]));
  for (const layer of after) {
    const was = old.get(layer.id);
    if (!was) continue;
    each(was.paint as Loose, layer.paint as Loose, (name, value) =>
      map.setPaintProperty(layer.id, name as never, value as never),
    );
    each(was.layout as Loose, layer.layout as Loose, (name, value) =>
      map.setLayoutProperty(layer.id, name as never, value as never),
    );
  }
}

function each(was: Loose = {}, is: Loose = {}, set: (name: string, value: unknown) => void): void {
  for (const name of new Set([...Object.keys(was), ...Object.keys(is)])) {
    if (!same(was[name], is[name])) set(name, is[name] ?? null);
  }
}
