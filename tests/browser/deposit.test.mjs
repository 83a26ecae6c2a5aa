/** A deposit and its reserves. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { figures, inside, picture, pointAt, richDeposit, settled, start } from './support.mjs';

let app;
let deposit;
before(async () => {
  app = await start();
  deposit = await richDeposit(app);
});
after(() => app.stop());

const rowOf = (page, title) => page.locator('section.panel .row', { hasText: title }).first();

test('a_click_on_a_deposit_shows_its_reserves', async () => {
  const [lng, lat] = inside(deposit.geometry);
  const page = await app.open({
    hash: `map=11.5/${lat}/${lng}&lang=en&hide=probes,cores,constraints,consumers,plants,haul-network`,
  });
  const map = await page.locator('.map').boundingBox();
  const [x, y] = [map.x + map.width / 2, map.y + map.height / 2];
  await pointAt(page, x, y, deposit.properties.name);
  await page.mouse.click(x, y);
  await settled(page);
  assert.equal(await page.locator('section.panel h2').innerText(), deposit.properties.name);
  assert.ok((await page.locator('svg[data-chart] .bar').count()) >= 6);
  await picture(page, 'deposit');
  await page.close();
});

test('the_figures_are_those_of_the_server', async () => {
  const answer = await app.json(`/reserves/${deposit.id}?constraints=apply`);
  const page = await app.open({ hash: `sel=deposits.${deposit.id}&lang=en` });
  await settled(page);
  const shown = await figures(page);
  const number = (title) => Number(shown[title].replace(/[^\d.]/g, '').replace(/\.$/, ''));
  assert.ok(Math.abs(number('In place (geological)') / answer.geological_volume_m3 - 1) < 1e-6);
  assert.ok(Math.abs(number('Extractable peat') / answer.extractable_volume_m3 - 1) < 1e-6);
  await page.close();
});

test('changing_a_cut_off_changes_the_figures_and_resetting_brings_them_back', async () => {
  const parameter = (await app.json('/parameters')).reserves.find((p) => p.name === 'min_depth_m');
  const page = await app.open({ hash: `sel=deposits.${deposit.id}&lang=en` });
  await settled(page);
  const before = await figures(page);
  const row = rowOf(page, parameter.title.en);
  await row.locator('input').fill('2.5');
  await page.waitForFunction(
    (old) => document.querySelector('.panel .body > dl .q').title !== old,
    before['Extractable peat'],
    { timeout: 20_000 },
  );
  await settled(page);
  const changed = await figures(page);
  assert.notEqual(changed['Extractable peat'], before['Extractable peat']);
  assert.equal(changed['In place (geological)'], before['In place (geological)']);
  assert.ok(await row.evaluate((element) => element.classList.contains('changed')));
  await row.getByRole('button', { name: 'Reset' }).click();
  await page.waitForFunction(
    (old) => document.querySelector('.panel .body > dl .q').title === old,
    before['Extractable peat'],
    { timeout: 20_000 },
  );
  await page.close();
});

test('undo_takes_back_a_changed_parameter_and_redo_brings_it_again', async () => {
  const page = await app.open({ hash: `sel=deposits.${deposit.id}&lang=en` });
  await settled(page);
  await page.locator('section.panel select').first().selectOption('mean');
  await page.waitForFunction(() => location.hash.includes('r.method=mean'));
  await page.locator('section.panel .body').focus();
  await page.keyboard.press('Control+z');
  await page.waitForFunction(() => !location.hash.includes('r.method'));
  await page.keyboard.press('Control+Shift+z');
  await page.waitForFunction(() => location.hash.includes('r.method=mean'));
  await page.close();
});

test('a_value_out_of_range_is_refused_where_it_was_typed', async () => {
  const parameter = (await app.json('/parameters')).reserves.find((p) => p.name === 'min_depth_m');
  const page = await app.open({ hash: `sel=deposits.${deposit.id}&lang=en` });
  await settled(page);
  const input = rowOf(page, parameter.title.en).locator('input');
  await input.fill('-4');
  assert.equal(await input.getAttribute('aria-invalid'), 'true');
  assert.ok(!(await page.evaluate(() => location.hash)).includes('min_depth_m'));
  await page.close();
});

test('the_decimal_comma_is_understood', async () => {
  const parameter = (await app.json('/parameters')).reserves.find((p) => p.name === 'min_depth_m');
  const page = await app.open({ hash: `sel=deposits.${deposit.id}&lang=ru` });
  await settled(page);
  await rowOf(page, parameter.title.ru).locator('input').fill('1,25');
  await page.waitForFunction(() => location.hash.includes('r.min_depth_m=1.25'));
  await page.close();
});

test('a_saved_table_of_invented_data_says_so_first', async () => {
  const page = await app.open({ hash: `sel=deposits.${deposit.id}&lang=en` });
  await settled(page);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save the table as CSV' }).first().click(),
  ]);
  let saved = '';
  for await (const chunk of await download.createReadStream()) saved += chunk;
  const synthetic = (await app.json(`/reserves/${deposit.id}`)).synthetic;
  if (synthetic) assert.match(saved.split('\r\n')[0], /^# Invented demonstration data/);
  assert.match(saved, /geological/i);
  await page.close();
});

test('the_passport_prints_on_a4_with_what_it_rests_on', async () => {
  const page = await app.open({ hash: `sel=deposits.${deposit.id}&lang=en` });
  await settled(page);
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  const passport = page.locator('.passport');
  assert.ok(await passport.isVisible());
  assert.ok(!(await page.locator('.app').isVisible()));
  const words = await passport.innerText();
  assert.match(words, /Passport of a peat deposit/);
  assert.match(words, /Inputs of the computation/);
  if ((await app.json('/project')).synthetic) assert.match(words, /Invented demonstration data/);
  const wide = await passport.evaluate((element) => element.scrollWidth > element.clientWidth + 1);
  assert.equal(wide, false);
  await page.close();
});

test('the_browsers_own_menu_prints_a_clean_map_with_a_panel_open', async () => {
  const [consumer] = (await app.json('/ogc/collections/consumers/items?limit=1')).features;
  const page = await app.open({ hash: `sel=consumers.${consumer.id}&lang=en`, dark: true });
  await page.locator('section.panel dl').first().waitFor();
  // The ground comes in tiles.
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(500);
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  await page.setViewportSize({ width: 688, height: 1000 });
  await page.emulateMedia({ media: 'print' });
  const paper = page.locator('article.passport');
  assert.ok(!(await page.locator('.app').isVisible()), 'no halves of panels');
  assert.ok(await paper.locator('.picture .bar').isVisible(), 'a scale');
  assert.ok((await paper.locator('ul li').count()) > 3, 'a key');
  assert.match(await paper.innerText(), /^Map/);
  // A dark map is turned light: most of its ground is.
  const light = await paper.locator('canvas').evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let bright = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i] + data[i + 1] + data[i + 2] > 384) bright++;
    return (4 * bright) / data.length;
  });
  assert.ok(light > 0.6, `${light}`);
  await picture(page, 'menu-print');
  await page.close();
});

test('a_dark_map_is_printed_light', async () => {
  const page = await app.open({ hash: `sel=deposits.${deposit.id}&lang=en&theme=dark` });
  await settled(page);
  await page.evaluate(() => {
    window.print = () => {
      document.body.dataset.printed = document.documentElement.dataset.tone;
    };
  });
  await page.getByRole('button', { name: 'Print the passport of the deposit' }).click();
  await page.waitForSelector('body[data-printed]', { timeout: 20_000 });
  assert.equal(await page.evaluate(() => document.body.dataset.printed), 'light');
  assert.equal(await page.evaluate(() => document.documentElement.dataset.tone), 'dark');
  await page.close();
});
