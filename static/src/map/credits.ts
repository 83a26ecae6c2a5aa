/** Whose the base map is: said by the layers themselves. */
import { data } from '../state/data.svelte';

export function credits(): string[] {
  const named = [
    ...data.tileSources,
    ...data.list('settlements').map((feature) => feature.properties.source),
  ];
  // What stands in brackets is where the file came from: for the data's own page, not for the map's edge.
  const short = named
    .filter((source): source is string => typeof source === 'string' && source !== '')
    .map((source) => source.replace(/\s*\([^)]*\)/g, '').trim())
    .map((source) => (source.startsWith('OpenStreetMap') ? `© ${source}` : source));
  return [...new Set(short)];
}
