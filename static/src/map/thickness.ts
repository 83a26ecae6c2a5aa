/** The legend of the picture of depths, as the server's TileJSON tells it. */
import type { ThicknessTiles } from '../contract';
import { DEPTH_STOPS } from './palette';

/** Without stops of its own the picture has the map's: both are made from one ramp. */
export function rampStops(tiles: ThicknessTiles): [number, string][] {
  const stops = (tiles.legend ?? []).map(({ value_m, colour }): [number, string] => [value_m, colour]);
  return stops.length > 1 ? stops.sort((a, b) => a[0] - b[0]) : DEPTH_STOPS;
}
