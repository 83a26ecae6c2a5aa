import { expect, test, vi } from 'vitest';
import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import { TILESETS } from '../src/contract';
import { legend } from '../src/map/legend';
import { DEPTH_STOPS, palette, type Tone } from '../src/map/palette';
import { emptyStyle, styleLayers, TOPICS } from '../src/map/style';
import { RESERVE_TOPICS } from '../src/map/style/reserves';

vi.stubGlobal('document', {});
const TILES = Object.fromEntries(
  Object.keys(TILESETS).map((name) => [
    name,
    { tiles: [`http://x/${name}/{z}/{y}/{x}`], minzoom: 0, maxzoom: 16 },
  ]),
);
const tones: Tone[] = ['light', 'dark'];
const contexts = tones.flatMap((tone) =>
  [true, false].map((depletion) => ({ palette: palette(tone), lang: 'ru' as const, depletion })),
);

test('every_topic_has_a_legend_that_can_be_read_off_its_style', () => {
  for (const context of contexts) {
    for (const topic of [...TOPICS, ...RESERVE_TOPICS]) {
      const { entries, ramp } = legend(topic, context);
      const swatches = ramp
        ? ramp.stops.map(([, colour]) => colour)
        : entries.flatMap((entry) => entry.marks);
      expect(swatches.length, topic.layer).toBeGreaterThan(0);
      for (const entry of entries)
        expect(entry.marks.length, `${topic.layer} ${entry.value}`).toBeGreaterThan(0);
    }
  }
});

test('no_two_classes_of_a_topic_look_the_same', () => {
  for (const topic of TOPICS.filter(
    (t) => t.layer === 'fields' || t.layer === 'consumers' || t.layer === 'constraints',
  )) {
    const looks = legend(topic, contexts[0]!).entries.map((entry) => JSON.stringify(entry.marks));
    expect(new Set(looks).size, topic.layer).toBe(looks.length);
  }
});

test('the_legend_of_depth_has_the_colours_of_the_style', () => {
  const probes = TOPICS.find((topic) => topic.layer === 'probes')!;
  expect(legend(probes, contexts[0]!).ramp?.stops).toEqual(DEPTH_STOPS);
});

test('a_legend_shows_only_the_classes_that_the_data_have', () => {
  const fields = TOPICS.find((topic) => topic.layer === 'fields')!;
  expect(legend(fields, contexts[0]!, new Set(['prepared'])).entries.map((entry) => entry.value)).toEqual([
    'prepared',
  ]);
});

test('what_comes_in_tiles_is_drawn_from_them_by_the_name_of_its_layer', () => {
  for (const layer of styleLayers(contexts[0]!, [])) {
    if (!('source' in layer) || !(layer.source in TILESETS)) continue;
    const layers: readonly string[] = TILESETS[layer.source as keyof typeof TILESETS];
    expect(layers, layer.id).toContain(layer['source-layer']);
    expect(layer.id.startsWith(`${layer['source-layer']}-`), layer.id).toBe(true);
  }
});

test('the_style_is_valid_by_the_style_specification', () => {
  for (const context of contexts) {
    expect(
      validateStyleMin(emptyStyle(context, ['probes'], [], TILES) as never).map((error) => error.message),
    ).toEqual([]);
  }
});

test('a_hidden_layer_is_in_the_style_but_not_seen', () => {
  const layers = styleLayers(contexts[0]!, ['fields']).filter((layer) => layer.id.startsWith('fields'));
  expect(layers.every((layer) => layer.layout?.visibility === 'none')).toBe(true);
});

/** OKLab lightness, Ottosson 2020. */
function lightness(hex: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s;
}

test('depth_grows_darker_in_even_steps', () => {
  const steps = DEPTH_STOPS.map(([, colour]) => lightness(colour));
  const drops = steps.slice(1).map((value, i) => steps[i]! - value);
  for (const drop of drops) expect(drop).toBeGreaterThan(0.07);
  for (const drop of drops) expect(drop).toBeLessThan(0.145);
});

test('what_is_drawn_of_the_reserves_is_unseen_until_it_is_asked_for', () => {
  const seen = (shown: ('isopachs' | 'blocks' | 'funnel')[]): string[] =>
    styleLayers(contexts[0]!, [], shown)
      .filter((layer) => /^(isopachs|blocks|funnel)-/.test(layer.id))
      .filter((layer) => layer.layout?.visibility === 'visible')
      .map((layer) => layer.id.replace(/-.*/, ''));
  expect(seen([])).toEqual([]);
  expect(new Set(seen(['blocks', 'funnel']))).toEqual(new Set(['blocks', 'funnel']));
});

test('blocks_off_the_balance_are_hatched_and_the_legend_says_so', () => {
  const hatch = RESERVE_TOPICS.map((topic) => legend(topic, contexts[0]!)).find((read) =>
    read.entries.some((entry) => entry.value === 'off_balance'),
  );
  expect(hatch?.entries[0]?.marks[0]?.pattern).toMatch(/^hatch:balance/);
});

test('no_two_categories_and_no_two_steps_look_the_same', () => {
  for (const topic of RESERVE_TOPICS) {
    const looks = legend(topic, contexts[0]!).entries.map((entry) => JSON.stringify(entry.marks));
    expect(new Set(looks).size, topic.layer).toBe(looks.length);
  }
});
