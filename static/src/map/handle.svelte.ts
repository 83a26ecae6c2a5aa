/** The living map, for the few things beside `MapView` that need it: scale, tooltip, print, drawing. */
import type { Map as LibreMap } from 'maplibre-gl';

class Handle {
  map = $state.raw<LibreMap | null>(null);
  /** Counts movements, so that what depends on the map's place can follow. */
  moved = $state(0);
  dragging = $state(false);
  /** By `performance.now()`: the click that ends a gesture must not also select what lies under it. */
  ignoreClicksUntil = 0;
  pointer = $state.raw<{ x: number; y: number } | null>(null);
}

export const mapHandle = new Handle();
