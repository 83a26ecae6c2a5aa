/** A plant and its supply, followed while it is moved. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { picture, settled, start } from './support.mjs';

let app;
before(async () => (app = await start()));
after(() => app.stop());

const curve = (page) => page.locator('svg[data-chart="supply"]').innerHTML();
const at = (page) =>
  page.evaluate(
    () =>
      /site\.[^=]+=at:([-\d.]+):([-\d.]+)/.exec(decodeURIComponent(location.hash))?.slice(1).map(Number) ??
      null,
  );

async function drag(page, dx, dy) {
  const box = await page.locator('.plant-marker').boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let i = 1; i <= 12; i++) await page.mouse.move(x + (dx * i) / 12, y + (dy * i) / 12);
  await page.mouse.up();
}

test('a_plant_is_placed_by_a_click_and_its_supply_follows_the_drag', async () => {
  const page = await app.open({ hash: 'lang=en' });
  await page.locator('[data-rail=place]').click();
  await page.mouse.click(620, 430);
  await settled(page);
  const placed = await at(page);
  const before = await curve(page);
  let running = 0;
  let most = 0;
  let asked = 0;
  page.on('request', (request) => {
    if (!request.url().includes('/supply')) return;
    asked++;
    most = Math.max(most, ++running);
  });
  for (const event of ['requestfinished', 'requestfailed'])
    page.on(event, (request) => request.url().includes('/supply') && running--);
  await drag(page, 150, 90);
  await page.waitForFunction(
    (old) => document.querySelector('svg[data-chart="supply"]')?.innerHTML !== old,
    before,
    { timeout: 20_000 },
  );
  await settled(page);
  const moved = await at(page);
  assert.ok(moved[0] > placed[0] && moved[1] < placed[1], 'the plant follows the pointer');
  const end = await page.locator('.plant-marker').boundingBox();
  assert.ok(
    Math.abs(end.x + end.width / 2 - 770) < 3 && Math.abs(end.y + end.height / 2 - 520) < 3,
    'it ends where the pointer let go',
  );
  assert.ok(asked >= 1);
  assert.equal(most, 1, 'at most one request is under way');
  assert.deepEqual(page.problems, []);
  await picture(page, 'plant');
  await page.keyboard.press('Control+z');
  await page.waitForFunction(() => document.querySelector('.plant-marker'));
  assert.deepEqual(await at(page), placed, 'one step back undoes the whole drag');
  await page.close();
});

test('a_plant_that_is_not_selected_is_taken_and_moved_at_once', async () => {
  const { features } = await app.json('/ogc/collections/plants/items');
  const [lng, lat] = features[0].geometry.coordinates;
  const page = await app.open({ hash: `map=12/${lat}/${lng}&lang=en` });
  await page.waitForTimeout(1500);
  const map = await page.locator('.map').boundingBox();
  const [x, y] = [map.x + map.width / 2, map.y + map.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let i = 1; i <= 10; i++) await page.mouse.move(x + 8 * i, y - 6 * i);
  await page.mouse.up();
  await page.getByText('Moved from its stored place').waitFor({ timeout: 20_000 });
  assert.match(await page.evaluate(() => location.hash), new RegExp(`sel=plants\\.${features[0].id}`));
  const moved = await at(page);
  assert.ok(moved[0] > lng && moved[1] > lat);
  assert.match(await page.evaluate(() => location.hash), /map=12\//, 'the map stays where it was');
  await page.close();
});

test('a_stored_plant_can_be_moved_and_put_back', async () => {
  const { features } = await app.json('/ogc/collections/plants/items');
  const page = await app.open({ hash: `sel=plants.${features[0].id}&lang=en` });
  await settled(page);
  await drag(page, 60, -40);
  await page.getByText('Moved from its stored place').waitFor();
  await page.getByRole('button', { name: 'Put back' }).click();
  await page.waitForFunction(() => !location.hash.includes('site.'));
  await page.close();
});

test('a_larger_plant_needs_more_fuel', async () => {
  const { features } = await app.json('/ogc/collections/plants/items');
  const page = await app.open({ hash: `sel=plants.${features[0].id}&lang=en` });
  await settled(page);
  const need = () => page.locator('svg[data-chart="supply"] .needText').innerHTML();
  const before = await need();
  const { properties } = await app.json('/ogc/collections/plants/schema');
  const row = page.locator('section.panel .row', { hasText: properties.heat_capacity_mw.title });
  await row.locator('input').fill(String((features[0].properties.heat_capacity_mw ?? 10) * 2));
  await page.waitForFunction((old) => document.querySelector('.needText').innerHTML !== old, before, {
    timeout: 20_000,
  });
  await page.close();
});

test('arrow_keys_move_the_selected_plant_by_100_metres', async () => {
  const { features } = await app.json('/ogc/collections/plants/items');
  const page = await app.open({ hash: `sel=plants.${features[0].id}&lang=en` });
  await settled(page);
  await page.locator('section.panel .body').focus();
  await page.keyboard.press('ArrowUp');
  await page.waitForFunction(() => location.hash.includes('site.'));
  const [, lat] = await at(page);
  const metres = (lat - features[0].geometry.coordinates[1]) * 111_320;
  assert.ok(Math.abs(metres - 100) < 1, `moved by ${metres} m`);
  await page.close();
});

test('hovering_a_step_of_the_curve_names_its_field', async () => {
  const { features } = await app.json('/ogc/collections/plants/items');
  const page = await app.open({ hash: `sel=plants.${features[0].id}&lang=en` });
  await settled(page);
  const { fields } = await app.json(`/supply/${features[0].id}`);
  await page.locator('svg[data-chart="supply"]').focus();
  await page.keyboard.press('ArrowRight');
  const under = await page.locator('figure .under').innerText();
  assert.ok(under.includes(fields[0].name), `${under} names ${fields[0].name}`);
  await page.close();
});

test('the_year_slider_is_there_only_for_a_plant_and_is_kept_by_the_address', async () => {
  const { features } = await app.json('/ogc/collections/plants/items');
  const page = await app.open({ hash: `sel=plants.${features[0].id}&lang=en` });
  await settled(page);
  const slider = page.locator('input[type=range]');
  await slider.focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => location.hash.includes('year=3'));
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !document.querySelector('input[type=range]'));
  await page.close();
});
