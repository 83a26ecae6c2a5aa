/** Drawing an area with Terra Draw. Loaded only when it is asked for: most readers never draw. */
import type { Map as LibreMap } from 'maplibre-gl';
import { TerraDraw, TerraDrawPolygonMode } from 'terra-draw';
import { TerraDrawMapLibreGLAdapter } from 'terra-draw-maplibre-gl-adapter';
import type { LngLat } from '../state/address';

/** Lets the reader draw one polygon; returns a way to give up. */
export function drawPolygon(map: LibreMap, colour: string, done: (ring: LngLat[]) => void): () => void {
  const draw = new TerraDraw({
    adapter: new TerraDrawMapLibreGLAdapter({ map }),
    modes: [
      new TerraDrawPolygonMode({
        styles: {
          fillColor: colour as `#${string}`,
          fillOpacity: 0.12,
          outlineColor: colour as `#${string}`,
          outlineWidth: 2,
          closingPointColor: colour as `#${string}`,
          closingPointOutlineColor: '#ffffff',
          closingPointWidth: 5,
          closingPointOutlineWidth: 2,
        },
      }),
    ],
  });
  draw.start();
  draw.setMode('polygon');
  let ended = false;
  const end = (): void => {
    if (ended) return;
    ended = true;
    draw.stop();
  };
  draw.on('finish', (id) => {
    const drawn = draw.getSnapshotFeature(id);
    const ring = drawn?.geometry.type === 'Polygon' ? (drawn.geometry.coordinates[0] as LngLat[]) : null;
    // Terra Draw is still at work on this feature; it may only be stopped after.
    queueMicrotask(() => {
      end();
      if (ring) done(ring.map(([lng, lat]) => [Number(lng.toFixed(5)), Number(lat.toFixed(5))]));
    });
  });
  return end;
}
