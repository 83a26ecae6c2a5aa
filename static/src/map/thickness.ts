/** The legend of the picture of depths, as the server's TileJSON tells it. */
import type { ThicknessTiles } from '../contract';
import { DEPTH_STOPS } from './palette';

/** Without stops of its own the picture has the map's: both are made from one ramp. */
export function rampStops(tiles: ThicknessTiles): [number, string][] {
  const given = tiles.legend?.stops ?? tiles.stops ?? [];
  const stops = given.flatMap((stop): [number, string][] => {
    const [at, colour] = Array.isArray(stop) ? stop : [stop.value ?? stop.depth_m, stop.colour ?? stop.color];
    return typeof at === 'number' && typeof colour === 'string' ? [[at, colour]] : [];
  });
  return stops.length > 1 ? stops.sort((a, b) => a[0] - b[0]) : DEPTH_STOPS;
}
