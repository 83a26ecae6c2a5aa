/** The keys that work anywhere. Fields and lists keep theirs. */
import { t } from '../i18n/index.svelte';
import type { LngLat } from './address';
import { plantAt, selectedPlant } from './supply.svelte';
import { view } from './view.svelte';
import { printing } from '../print/printing.svelte';
import { mapHandle } from '../map/handle.svelte';

const NUDGE_M = 100;
const METRES_PER_DEGREE = 111_320;

export function nudged(at: LngLat, east: number, north: number): LngLat {
  const lat = at[1] + (north * NUDGE_M) / METRES_PER_DEGREE;
  const lng = at[0] + (east * NUDGE_M) / (METRES_PER_DEGREE * Math.cos((at[1] * Math.PI) / 180));
  return [lng, lat];
}

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** Where typing, or moving within the control itself, is what a key is for. */
function takesKeys(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, select, textarea, [role="listbox"]') !== null
  );
}
/** A scrolled panel keeps its arrow keys only while there is no plant to move with them. */
const types = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement && !['checkbox', 'radio', 'range'].includes(target.type);

export function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented) return;
  if ((event.ctrlKey || event.metaKey) && (event.code === 'KeyZ' || event.code === 'KeyY')) {
    event.preventDefault();
    const again = event.shiftKey || event.code === 'KeyY';
    if (again) view.redo();
    else view.undo();
    view.notice = again ? t('notice.redone') : t('notice.undone');
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.code === 'KeyP') {
    // The map on paper has to be got ready first; the browser's own menu prints what is on the screen of it.
    event.preventDefault();
    printing.asked = true;
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape') return leave(event);
  const arrow = ARROWS[event.key];
  if (arrow && !takesKeys(event.target)) {
    const plant = selectedPlant();
    const at = plant === null ? null : plantAt(plant);
    if (plant === null || !at) return;
    event.preventDefault();
    view.changeSite(plant, { at: nudged(at, arrow[0], arrow[1]) }, 'nudge');
    return;
  }
  if (types(event.target) || event.target instanceof HTMLSelectElement) return;
  // By the key's place, so that it works under a Russian layout as well.
  if (event.code === 'KeyP') {
    event.preventDefault();
    placeByKey();
  } else if (event.key === '/' && event.target instanceof HTMLElement) {
    event.preventDefault();
    view.flyout = 'search';
  } else if (
    event.key === '?' ||
    (event.shiftKey && event.code === 'Slash') ||
    (event.shiftKey && event.code === 'Digit7' && event.key === '?')
  ) {
    event.preventDefault();
    view.flyout = view.flyout === 'keys' ? null : 'keys';
  } else if (event.key === 'Enter' && view.mode === 'place' && !isControl(event.target)) {
    event.preventDefault();
    const centre = mapHandle.map?.getCenter();
    if (centre) view.placePlant([centre.lng, centre.lat]);
  }
}

const isControl = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('button, a, summary') !== null;

/** P begins placing; P again, or Enter, puts the plant in the middle of the map: no mouse needed. */
function placeByKey(): void {
  if (view.mode !== 'place') {
    view.mode = 'place';
    (document.activeElement as HTMLElement | null)?.blur();
    return;
  }
  const centre = mapHandle.map?.getCenter();
  if (centre) view.placePlant([centre.lng, centre.lat]);
}

function leave(event: KeyboardEvent): void {
  if (view.mode !== 'look') view.mode = 'look';
  else if (types(event.target)) (event.target as HTMLElement).blur();
  else if (view.flyout && view.flyout !== 'layers') view.flyout = null;
  else if (view.selection) view.select(null);
  else if (view.task) view.open(null);
  else view.flyout = null;
}
