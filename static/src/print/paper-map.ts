/** Makes the map ready for paper, and puts it back as the reader left it. */
import type { LngLatBounds } from 'maplibre-gl';
import { tick } from 'svelte';
import { mapHandle } from '../map/handle.svelte';
import type { Box } from '../state/places';
import { theme } from '../state/theme.svelte';
import { PICTURE_ASPECT } from './printing.svelte';

// A map that never comes to rest must not keep anybody from printing.
const LONGEST_WAIT_MS = 5000;

const shows = (bounds: LngLatBounds, [west, south, east, north]: Box): boolean =>
  bounds.contains([west, south]) && bounds.contains([east, north]);
/** Leaves free what the picture's shape will cut off above and below. */
function margins({ clientWidth, clientHeight }: HTMLElement) {
  const cut = Math.max(0, clientHeight - clientWidth / PICTURE_ASPECT) / 2;
  return { left: 40, right: 40, top: cut + 30, bottom: cut + 30 };
}

/** A passport shows what it is of, wherever the reader has moved the map meanwhile; a dark map takes a moment to become light. */
export async function mapForPaper(box: Box | null): Promise<() => void> {
  const map = mapHandle.map;
  const left = map && { center: map.getCenter(), zoom: map.getZoom() };
  const elsewhere = map && box && !shows(map.getBounds(), box);
  if (map && (elsewhere || theme.tone === 'dark')) {
    theme.paper = theme.tone === 'dark';
    if (elsewhere && box) map.fitBounds(box, { animate: false, padding: margins(map.getCanvas()) });
    await tick();
    await new Promise<void>((done) => {
      map.once('idle', () => done());
      map.triggerRepaint();
      setTimeout(done, LONGEST_WAIT_MS);
    });
  }
  return () => {
    if (map && elsewhere && left) map.jumpTo(left);
    theme.paper = false;
  };
}
