/** Scenarios: listed, switched to, saved, renamed, deleted and brought back; and laid side by side. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { axeSource, binary, picture, settled, start, text } from './support.mjs';

const ITEMS = '/ogc/collections/scenarios/items';
let app;
before(async () => (app = await start([], { writes: true })));
after(() => app.stop());

const stored = async () => (await app.json(`${ITEMS}?limit=100`)).features;
const byName = async (name) => (await stored()).find(({ properties }) => properties.name === name);
const open = async (page) => {
  await page.locator('[data-rail=scenarios]').click();
  await page.locator('[data-scenario]').first().waitFor();
};

test('switching_to_a_scenario_makes_its_inputs_those_of_the_panel', async () => {
  const page = await app.open({ hash: 'lang=en' });
  await open(page);
  await page.locator('[data-scenario="2"] .name').click();
  await settled(page);
  assert.match(await text(page, 'section.panel .scenario'), /A fifth of wood/);
  const hash = await page.evaluate(() => decodeURIComponent(location.hash));
  assert.match(hash, /sel=plants\.2/);
  assert.match(hash, /site\.2=peat_share:0\.8/);
  assert.match(hash, /scenario=2/);
  await picture(page, 'scenario-plant');
  // The address is the whole of it.
  await page.reload();
  await settled(page);
  await page.locator('section.panel .scenario').getByText('A fifth of wood').waitFor();
  assert.equal(await page.getByText('The inputs have been changed since').count(), 0);
  // Another one sets back what it does not ask for.
  await open(page);
  await page.locator('[data-scenario="3"] .name').click();
  await page.waitForFunction(() => location.hash.includes('s.include_undeveloped=true'));
  assert.doesNotMatch(await page.evaluate(() => location.hash), /peat_share:0\.8/);
  await page.keyboard.press('Control+z');
  await page.waitForFunction(() => location.hash.includes('scenario=2'));
  assert.deepEqual(page.problems, []);
  await page.close();
});

test('the_inputs_of_a_panel_are_saved_changed_and_saved_again', async () => {
  const page = await app.open({
    hash: 'lang=en&sel=plants.2&site.2=peat_share:0.5&s.truck_payload_t=30',
  });
  await settled(page);
  await page.getByRole('button', { name: 'Save as a scenario' }).click();
  await page.getByLabel('Name of the scenario').fill('Half peat');
  await page.keyboard.press('Enter');
  await page.locator('section.panel .scenario').getByText('Half peat').waitFor();
  let row = await byName('Half peat');
  assert.equal(row.properties.process, 'fuel-supply');
  assert.deepEqual(JSON.parse(row.properties.inputs), {
    plant: 'P-2',
    peat_share: 0.5,
    truck_payload_t: 30,
    routes: false,
  });
  assert.match(await page.evaluate(() => location.hash), new RegExp(`scenario=${row.id}`));
  // A nudge is a change, and the scenario says so until it is saved.
  await page.locator('section.panel .body').focus();
  await page.keyboard.press('ArrowUp');
  await page.getByText('The inputs have been changed since').waitFor();
  await page.getByRole('button', { name: 'Save into it' }).click();
  await page.getByText('The inputs have been changed since').waitFor({ state: 'detached' });
  row = await byName('Half peat');
  assert.ok('at' in JSON.parse(row.properties.inputs));
  await page.close();
});

test('a_scenario_is_copied_renamed_deleted_and_brought_back', async () => {
  const page = await app.open({ hash: 'lang=en' });
  await open(page);
  const before = (await stored()).length;
  await page.getByRole('button', { name: 'Make a copy of: Every field' }).click();
  await page.getByRole('button', { name: 'Rename: Every field, copy' }).click();
  await page.getByLabel('Name of the scenario').fill('Every field, again');
  await page.keyboard.press('Enter');
  await page.getByText('Every field, again').waitFor();
  const copy = await byName('Every field, again');
  assert.equal(copy.properties.parent, 'S-3');
  await page.getByRole('button', { name: 'Delete: Every field, again' }).click();
  await page.getByText('Deleted: Every field, again').waitFor();
  assert.equal((await stored()).length, before);
  await page.getByRole('button', { name: 'Bring back' }).click();
  await page.getByText('Deleted: Every field, again').waitFor({ state: 'detached' });
  await page.locator('[data-scenario]', { hasText: 'Every field, again' }).waitFor();
  assert.equal((await byName('Every field, again')).properties.inputs, copy.properties.inputs);
  await page.close();
});

test('what_somebody_else_has_changed_meanwhile_is_not_written_over', async () => {
  const page = await app.open({ hash: 'lang=en' });
  await open(page);
  await page.getByRole('button', { name: 'Rename: Peat alone' }).click();
  await fetch(`${app.address}${ITEMS}/1`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify({ properties: { note: 'mine' } }),
  });
  await page.getByLabel('Name of the scenario').fill('Theirs');
  await page.keyboard.press('Enter');
  await page.getByText('was changed by somebody else meanwhile').waitFor();
  assert.equal((await stored())[0].properties.name, 'Peat alone');
  await page.close();
});

test('two_to_four_scenarios_lie_side_by_side_with_what_differs_first', async () => {
  const page = await app.open({ hash: 'lang=en' });
  await open(page);
  for (const id of [1, 2, 3]) await page.locator(`[data-scenario="${id}"] input[type=checkbox]`).check();
  await page.locator('[data-testid=compare]').click();
  await page.locator('[data-figure="need.fuel_mwh_a"]').waitFor();
  assert.match(await page.evaluate(() => location.hash), /compare=1,2,3/);
  const rows = await page
    .locator('section.panel tbody tr[data-figure]')
    .evaluateAll((all) => all.map((row) => row.dataset.figure));
  assert.deepEqual(rows.slice(0, 2), ['peat_share', 'include_undeveloped']);
  const need = page.locator('[data-figure="need.fuel_mwh_a"]');
  assert.match(
    await need.innerText(),
    /Fuel needed a year[\s\S]*GWh\/a[\s\S]*300[\s\S]*240[\s\S]*−60\.0 \(−20%\)/,
  );
  // What is the same in all is there with its value.
  await page.locator('[data-figure="years_of_full_supply"].same').waitFor();
  const alone = await app.json('/supply/2?peat_share=1&routes=false');
  const years = await page.locator('[data-figure="years_of_full_supply"] td').first().innerText();
  assert.equal(Number(years), alone.years_of_full_supply);
  // Counted from another one.
  await page.getByRole('button', { name: 'Count changes from: A fifth of wood' }).click();
  await page.waitForFunction(() => location.hash.includes('compare=2,1,3'));
  await page.waitForFunction(() =>
    /\+60\.0 \(\+25%\)/.test(document.querySelector('[data-figure="need.fuel_mwh_a"]')?.innerText ?? ''),
  );
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !location.hash.includes('compare='));
  await page.goBack();
  await page.waitForFunction(() => location.hash.includes('compare='));
  assert.deepEqual(page.problems, []);
  await page.close();
});

test('scenarios_of_different_computations_cannot_be_ticked_together', async () => {
  const row = {
    name: 'Mean of D1',
    process: 'reserve-estimate',
    inputs: '{"deposit":"D1","method":"mean"}',
  };
  const answer = await fetch(app.address + ITEMS, {
    method: 'POST',
    headers: { 'content-type': 'application/geo+json' },
    body: JSON.stringify({ type: 'Feature', geometry: null, properties: row }),
  });
  assert.equal(answer.status, 201);
  const page = await app.open({ hash: 'lang=en' });
  await open(page);
  await page.locator('[data-scenario="1"] input[type=checkbox]').check();
  const other = page.locator('[data-scenario]', { hasText: 'Mean of D1' });
  assert.ok(await other.locator('input[type=checkbox]').isDisabled());
  // It opens where it belongs.
  await other.locator('.name').click();
  await settled(page);
  assert.match(await page.evaluate(() => location.hash), /sel=deposits\.1.*r\.method=mean/);
  await page.close();
});

test('on_a_phone_the_table_scrolls_alone', async () => {
  const page = await app.open({
    hash: 'lang=ru&compare=1,2,3',
    width: 390,
    height: 844,
  });
  await page.locator('[data-figure="need.fuel_mwh_a"]').waitFor();
  const widths = await page.evaluate(() => ({
    page: document.documentElement.scrollWidth,
    body: document.querySelector('section.panel .body').scrollWidth,
    table: document.querySelector('section.panel .scroll').scrollWidth,
    seen: document.querySelector('section.panel .scroll').clientWidth,
  }));
  assert.equal(widths.page, 390);
  assert.ok(widths.body <= 390, `${widths.body}`);
  assert.ok(widths.table > widths.seen);
  await picture(page, 'compare-phone');
  await page.close();
});

test('a_comparison_is_printed_whole', async () => {
  const page = await app.open({ hash: 'lang=ru&compare=1,2' });
  await page.locator('[data-figure="need.fuel_mwh_a"]').waitFor();
  await page.evaluate(() => {
    window.print = () => window.dispatchEvent(new Event('beforeprint'));
  });
  await page.getByRole('button', { name: 'Напечатать сравнение' }).click();
  const paper = page.locator('article.pages');
  // Titles of inputs come from the process's own description.
  await paper.getByText('Доля торфа').first().waitFor({ state: 'attached' });
  assert.match(
    await paper.textContent(),
    /Сравнение сценариев[\s\S]*Вымышленные[\s\S]*Доля торфа[\s\S]*исходные данные/,
  );
  assert.equal(await page.locator('article.passport').count(), 0);
  await page.close();
});

for (const dark of [false, true]) {
  test(`axe_finds_nothing_serious_in_scenarios_${dark ? 'dark' : 'light'}`, async () => {
    const page = await app.open({ hash: 'lang=ru&compare=1,2,3', dark });
    await page.locator('[data-figure="need.fuel_mwh_a"]').waitFor();
    const ground = await page.locator('section.panel.wide').evaluate((panel) => getComputedStyle(panel).backgroundColor);
    assert.match(ground, /^rgb\(/, 'the map does not shine through');
    await page.locator('[data-rail=scenarios]').click();
    await page.evaluate(axeSource);
    const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
    const serious = found.violations
      .filter(({ impact }) => ['serious', 'critical'].includes(impact))
      .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).slice(0, 4)}`);
    assert.deepEqual(serious, []);
    await page.close();
  });
}

test('where_changes_need_a_key_it_is_asked_for_and_the_change_goes_on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'peatplan-keys-'));
  const keys = join(folder, 'keys.toml');
  // The key itself goes to standard error, its entry to standard output.
  const made = execFileSync('sh', [
    '-c',
    `"${binary}" key new planner --role edit --collection scenarios 2>&1 >"${keys}"`,
  ]);
  const key = /pp_[0-9a-f]+/.exec(made.toString())[0];
  const keyed = await start(['--keys', keys], { writes: true });
  const page = await keyed.open({ hash: 'lang=en' });
  await open(page);
  await page.getByRole('button', { name: 'Make a copy of: Peat alone' }).click();
  const form = page.locator('[data-testid=scenario-key]');
  await form.waitFor();
  await form.locator('input').fill('pp_wrong');
  await page.keyboard.press('Enter');
  await page.getByText('the key is not one that the service knows').waitFor();
  await form.locator('input').fill(key);
  await page.keyboard.press('Enter');
  await page.locator('[data-scenario]', { hasText: 'Peat alone, copy' }).waitFor();
  await page.close();
  await keyed.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a_project_without_scenarios_says_what_to_do_first', async () => {
  for (const { id } of await stored()) await fetch(`${app.address}${ITEMS}/${id}`, { method: 'DELETE' });
  const page = await app.open({ hash: 'lang=en' });
  await page.locator('[data-rail=scenarios]').click();
  await page.locator('[data-testid=no-scenarios]').waitFor();
  assert.match(await text(page, '[data-testid=no-scenarios]'), /Save as a scenario/);
  await page.close();
});
