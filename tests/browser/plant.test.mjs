/** A plant and its supply, followed while it is moved. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { picture, pointAt, settled, start, unfold } from './support.mjs';

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
  const isOfFigures = (request) => new URL(request.url()).pathname === '/supply';
  let running = 0;
  let most = 0;
  let asked = 0;
  page.on('request', (request) => {
    if (!isOfFigures(request)) return;
    asked++;
    most = Math.max(most, ++running);
  });
  for (const event of ['requestfinished', 'requestfailed'])
    page.on(event, (request) => isOfFigures(request) && running--);
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
  const map = await page.locator('.map').boundingBox();
  const [x, y] = [map.x + map.width / 2, map.y + map.height / 2];
  await pointAt(page, x, y, features[0].properties.name);
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
  const row = page.locator('section.panel .row', {
    hasText: properties.heat_capacity_mw.title,
  });
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
  const under = await page.locator('figure:has(svg[data-chart="supply"]) .under').innerText();
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

/** Numbers of a column of the stock's table, full as the page keeps them. */
const column = (page, title) =>
  page.evaluate((title) => {
    const table = document.querySelector('.stockpile table');
    const i = [...table.querySelectorAll('th')].findIndex((th) => th.textContent === title);
    return [...table.querySelectorAll('tbody tr')].map((row) => Number(row.children[i].title));
  }, title);

test('the_stockpile_by_month_agrees_with_the_server_and_with_itself', async () => {
  const { features } = await app.json('/ogc/collections/plants/items');
  const largest = features.reduce((a, b) =>
    a.properties.heat_capacity_mw > b.properties.heat_capacity_mw ? a : b,
  );
  const { months } = await app.json(`/supply/${largest.id}?routes=false`);
  const page = await app.open({ hash: `sel=plants.${largest.id}&lang=en` });
  await settled(page);
  const chart = page.locator('svg[data-chart="stock"]');
  assert.equal(await chart.locator('rect.column').count(), 12);
  const room = page.locator('.stockpile dl > div').first();
  const shown = async () => room.locator('.q').getAttribute('title');
  const number = (text) => Number(text.replace(/[^\d.]/g, ''));
  assert.ok(Math.abs(number(await shown()) - months.size_needed_t) < 1, 'the room in tonnes');
  // By energy, in the reader's unit.
  await page.locator('.stockpile').getByText('Energy', { exact: true }).click();
  assert.ok(Math.abs(number(await shown()) - months.size_needed_mwh) < 1, 'the room in MWh');
  // The keyboard walks along the months and hears their figures.
  await page.mouse.move(5, 5);
  await chart.focus();
  await page.keyboard.press('ArrowRight');
  assert.match(await page.locator('.stockpile .under').innerText(), /^May: harvest .* burned .* stock /);
  assert.match(await page.evaluate(() => location.hash), /^(?!.*site\.)/, 'the plant stays where it is');
  // The table behind the chart balances: what came, less what was burned and lost, is what lies there.
  await page.locator('.stockpile').getByRole('button', { name: 'Table', exact: true }).click();
  const [harvest, burned, lost, stock] = await Promise.all(
    ['Harvest, t', 'Burned, t', 'Lost, t', 'Stock at the end, t'].map((title) => column(page, title)),
  );
  assert.equal(stock.length, 12);
  stock.forEach((now, i) => {
    const before = stock[(i + 11) % 12];
    const rest = before + harvest[i] - burned[i] - lost[i] - now;
    assert.ok(Math.abs(rest) < 1e-3, `month ${i}: ${rest} t are left over`);
  });
  assert.deepEqual(page.problems, []);
  await picture(page, 'stockpile');
  await page.close();
});

test('numbers_of_the_season_are_inputs_that_the_address_keeps', async () => {
  const { features } = await app.json('/ogc/collections/plants/items');
  const { season } = await app.json('/parameters');
  const days = season.find((p) => p.name === 'safety_stock_days');
  const page = await app.open({ hash: `sel=plants.${features[0].id}&lang=en` });
  await settled(page);
  const safety = () =>
    page.locator('.stockpile dl > div', { hasText: 'Safety stock' }).locator('.q').getAttribute('title');
  const before = await safety();
  await unfold(page, 'supply.stock');
  const row = page.locator(`[data-input="${days.name}"]`);
  await row.getByRole('button', { name: `About: ${days.title.en}` }).click();
  assert.ok((await row.innerText()).includes(days.source), 'the source is told');
  await row.locator('input').fill(String(days.value * 2));
  await page.waitForFunction(
    (old) =>
      [...document.querySelectorAll('.stockpile dl > div')]
        .find((div) => div.textContent.includes('Safety stock'))
        ?.querySelector('.q').title !== old,
    before,
    { timeout: 20_000 },
  );
  const number = (text) => Number(text.replace(/[^\d.]/g, ''));
  assert.ok(Math.abs(number(await safety()) / number(before) - 2) < 1e-3, 'twice the days, twice the stock');
  assert.match(await page.evaluate(() => location.hash), /s\.safety_stock_days=40/);
  await page.reload();
  await settled(page);
  await unfold(page, 'supply.stock');
  assert.equal(await page.locator(`[data-input="${days.name}"] input`).inputValue(), '40');
  await page.close();
});

test('peat_that_goes_by_narrow_gauge_is_told_leg_by_leg_and_can_be_kept_on_trucks', async () => {
  const { features } = await app.json('/ogc/collections/haul-network/items?limit=10000');
  const line = features.find((f) => f.properties.class === 'narrow_gauge');
  const [lng, lat] = line.geometry.coordinates.flat(Infinity).slice(-2);
  // Dear trucks, so that trains win.
  const page = await app.open({
    hash: `sel=plants.new&site.new=at:${lng.toFixed(6)}:${lat.toFixed(6)}&s.truck_cost_rub_km=300&s.rail_cost_rub_t_km=1&lang=en`,
  });
  await settled(page);
  const hauls = page.locator('details.hauls');
  await hauls.locator('summary').click();
  assert.match(
    (await hauls.locator('li').first().innerText()).replaceAll('\u00a0', ' '),
    /: truck [\d.]+ km → narrow gauge [\d.]+ km, 1 reloading/,
  );
  await unfold(page, 'supply.rail');
  await page.locator('[data-input="narrow_gauge"] select').selectOption('ignore');
  await page.waitForFunction(() => !document.querySelector('details.hauls'), null, { timeout: 20_000 });
  assert.match(await page.evaluate(() => location.hash), /s\.narrow_gauge=ignore/);
  // Without trains nobody asks what they cost; what the reader changed can still be reset.
  assert.equal(await page.locator('[data-input="rail_speed_km_h"]').count(), 0);
  assert.equal(await page.locator('[data-input="rail_cost_rub_t_km"]').count(), 1);
  assert.deepEqual(page.problems, []);
  await page.close();
});

test('a_stockpile_that_makes_no_year_is_said_to_be_none', async () => {
  const { features } = await app.json('/ogc/collections/plants/items');
  const none = ['may', 'june', 'july', 'august'].map((month) => `s.harvest_weight_${month}=0`).join('&');
  const page = await app.open({
    hash: `sel=plants.${features[0].id}&lang=en&${none}`,
  });
  await settled(page);
  await page.getByText('The stockpile cannot be followed by month').waitFor();
  assert.equal(await page.locator('svg[data-chart="stock"]').count(), 0);
  assert.equal(await page.locator('svg[data-chart="supply"]').count(), 1);
  assert.deepEqual(page.problems, []);
  await page.close();
});

test('the_passport_of_a_plant_prints_its_stockpile', async () => {
  const { features } = await app.json('/ogc/collections/plants/items');
  const page = await app.open({
    hash: `sel=plants.${features.at(-1).id}&lang=ru`,
    width: 794,
    height: 1123,
  });
  await settled(page);
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  const passport = page.locator('.passport');
  await passport.locator('svg[data-chart="stock"]').waitFor();
  const words = await passport.innerText();
  for (const part of [
    'Запас торфа по месяцам',
    'Неснижаемый запас',
    'Потери в штабеле за месяц',
    'Узкоколейная дорога',
  ])
    assert.ok(words.includes(part), part);
  const wide = await passport.evaluate((element) => element.scrollWidth > element.clientWidth + 1);
  assert.equal(wide, false, 'nothing is cut at the side');
  assert.deepEqual(page.problems, []);
  await page.close();
});
