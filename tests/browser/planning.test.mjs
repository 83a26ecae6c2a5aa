/** Plans of several plants, and the layers of one plant's supply, on the map. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axeSource, eventually, picture, settled, start, text } from './support.mjs';

let app;
let plants;
before(async () => {
  app = await start([], { writes: true });
  plants = (await app.json('/ogc/collections/plants/items')).features;
});
after(() => app.stop());

const run = async (page, ready) => {
  await page.locator('[data-testid=run-plan]').click();
  await page.locator(`[data-testid=${ready}]`).waitFor({ timeout: 60_000 });
};
const execute = async (process, inputs, outputs = ['plan']) => {
  const answer = await fetch(`${app.address}/ogc/processes/${process}/execution`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ inputs, outputs: Object.fromEntries(outputs.map((name) => [name, {}])) }),
  });
  return answer.json();
};
const slide = (page, year) =>
  page.locator('section.years input[type=range]').evaluate((input, value) => {
    input.value = String(value);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }, year);

test('the_year_recolours_fields_by_what_the_server_says_is_left', async () => {
  const { id } = plants.at(-1);
  const asked = [];
  const page = await app.open({
    hash: `lang=en&sel=plants.${id}`,
    before: (fresh) => fresh.on('response', (r) => r.url().includes('/depletion') && asked.push(r.url())),
  });
  await settled(page);
  await slide(page, 20);
  await page.waitForFunction(() => location.hash.includes('year=20'));
  const answered = () => asked.some((url) => /year=20/.test(url) && /of=fields/.test(url));
  await eventually(page, answered);
  // Its legend stands beside it.
  await page.locator('section.years .remain').waitFor();
  // The lines of supply are those of the fields that give something in that year, and no others.
  const of = await app.json(`/supply/${id}/depletion?year=20&of=fields`);
  const giving = of.features.filter(({ properties }) => properties.taken_mwh_a > 0).length;
  await page
    .locator('[data-testid=flow-year]')
    .filter({ hasText: `Year 20: ${giving} field` })
    .first()
    .waitFor({ state: 'attached' });
  await picture(page, 'supply-year-20');
  assert.deepEqual(page.problems, []);
  await page.close();
});

test('the_roads_within_reach_are_drawn_with_their_legend_and_kept_in_the_address', async () => {
  const { id } = plants[0];
  const page = await app.open({ hash: `lang=en&sel=plants.${id}` });
  await settled(page);
  const select = page.getByLabel('Catchment').first();
  await select.selectOption('time');
  const { most } = await app.json(`/supply/${id}/catchment?measure=time`);
  const end = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(most);
  await page.getByText(`${end} h`).first().waitFor();
  assert.match(await page.evaluate(() => location.hash), /catchment=time/);
  await page.getByLabel('Lines of supply').first().selectOption('cost');
  await page.waitForFunction(() => location.hash.includes('flows=cost'));
  await picture(page, 'catchment');
  assert.deepEqual(page.problems, []);
  await page.close();
});

test('peat_is_allocated_to_all_plants_and_each_figure_is_the_servers', async () => {
  const page = await app.open({ hash: 'lang=en' });
  await page.locator('[data-rail=scenarios]').click();
  await page.locator('[data-plan=allocate]').click();
  await run(page, 'allocation-plants');
  const alone = await execute('allocate', {});
  const panel = await text(page, 'section.panel');
  const percent = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(
    100 * alone.totals.covered_share,
  );
  assert.ok(panel.includes(`${percent}%`), percent);
  assert.equal(
    await page.locator('[data-testid=allocation-plants] tbody tr.of').count(),
    alone.plants.length,
  );
  // A year of it, by the slider; the need is that of the year.
  await slide(page, 3);
  await page.waitForFunction(() => location.hash.includes('year=3'));
  const need = await page.locator('[data-testid=allocation-plants] tbody td').first().innerText();
  const first = alone.plants[0].need_mwh_a[2] / 1e3;
  assert.ok(Math.abs(Number(need) - first) / first < 0.005, `${need} is not ${first}`);
  await picture(page, 'allocation');
  // A plant that is looked at, and the plan that is still there afterwards.
  await page.locator('[data-testid=allocation-plants] .row').first().click();
  await settled(page);
  await page.locator('section.panel button[aria-label="Close"]').click();
  await page.locator('[data-testid=allocation-plants]').waitFor();
  assert.deepEqual(page.problems, []);
  await page.close();
});

test('needs_that_cannot_be_met_are_refused_in_words_with_what_must_give', async () => {
  const inputs = { must_be_met: true, years: 40 };
  const { shortfalls } = await execute('allocate', inputs);
  const page = await app.open({ hash: 'lang=ru&plan=allocate&a.must_be_met=true&a.years=40' });
  await run(page, 'shortfalls');
  const rows = page.locator('[data-testid=shortfalls] li');
  assert.equal(await rows.count(), shortfalls.length);
  assert.equal(await rows.first().locator('span').getAttribute('title'), shortfalls[0].sentence);
  assert.match(await rows.first().innerText(), /запас меньше нужного на .*Вт·ч/);
  await page.close();
});

test('a_plan_can_be_given_up_while_it_is_computed', async () => {
  const page = await app.open({
    hash: 'lang=en&plan=allocate&a.years=100&a.include_undeveloped=true&a.backup=true',
  });
  await page.locator('[data-testid=run-plan]').click();
  await page.getByRole('progressbar').waitFor();
  const cancelled = page.waitForRequest((request) => request.method() === 'DELETE');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.locator('[data-testid=run-plan]').waitFor();
  assert.match((await cancelled).url(), /\/ogc\/jobs\//);
  assert.equal(await page.locator('[data-testid=allocation-plants]').count(), 0);
  await page.close();
});

test('sites_are_chosen_and_other_sets_can_be_looked_at', async () => {
  const page = await app.open({ hash: 'lang=en&plan=site-plants' });
  await run(page, 'candidates');
  const plan = await execute('site-plants', {});
  const place = ([lng, lat]) => `${lat.toFixed(5)}, ${lng.toFixed(5)}`;
  assert.ok((await text(page, '[data-testid=sites]')).includes(place(plan.sites[0].coordinates)));
  await picture(page, 'sites');
  await page.locator('section.panel fieldset label').nth(1).click();
  await page.waitForFunction(
    (expected) => document.querySelector('[data-testid=sites]').innerText.includes(expected),
    place(plan.alternatives[0].sites[0].coordinates),
  );
  // Changed inputs mark the figures as former ones, and all of it is a scenario if wanted.
  await page.locator('[data-input=sizes_mw] input').fill('5, 10');
  await page.keyboard.press('Tab');
  await page.getByText('the figures belong to the former ones').waitFor();
  await page.getByRole('button', { name: 'Save as a scenario' }).click();
  await page.getByLabel('Name of the scenario').fill('Small sites');
  await page.keyboard.press('Enter');
  await page.locator('section.panel .scenario').getByText('Small sites').waitFor();
  const { features } = await app.json('/ogc/collections/scenarios/items?limit=100');
  const saved = features.find(({ properties }) => properties.name === 'Small sites');
  assert.deepEqual(JSON.parse(saved.properties.inputs), { sizes_mw: [5, 10] });
  assert.deepEqual(page.problems, []);
  await page.close();
});

for (const [plan, ready, words] of [
  [
    'allocate',
    'allocation-plants',
    /Торф по источникам и годам[\s\S]*Все затраты[\s\S]*Изменённые исходные данные/,
  ],
  [
    'site-plants',
    'candidates',
    /Площадки[\s\S]*Варианты по критериям|Площадки[\s\S]*Изменённые исходные данные/,
  ],
]) {
  test(`a_plan_prints_on_a4_with_its_map_and_what_it_rests_on_${plan}`, async () => {
    const page = await app.open({ hash: `lang=ru&plan=${plan}` });
    await run(page, ready);
    await page.evaluate(() => {
      window.print = () => dispatchEvent(new Event('beforeprint'));
    });
    await page.getByRole('button', { name: 'Напечатать план' }).click();
    const paper = page.locator('article.pages');
    await paper.waitFor({ state: 'attached', timeout: 20_000 });
    assert.equal(await page.locator('article.passport').count(), 0, 'one paper at a time');
    const dots = await paper.locator('canvas').evaluate((canvas) => canvas.width * canvas.height);
    assert.ok(dots > 10_000, 'the map is on it');
    await page.setViewportSize({ width: 688, height: 1000 });
    await page.emulateMedia({ media: 'print' });
    assert.match(await paper.innerText(), words);
    assert.match(await paper.innerText(), /Вымышленные/);
    assert.ok(!(await page.locator('.app').isVisible()));
    assert.equal(await paper.evaluate((element) => element.scrollWidth > element.clientWidth + 1), false);
    const folder = process.env.PEATPLAN_SCREENSHOTS;
    if (folder) await page.pdf({ path: `${folder}/plan-${plan}.pdf`, preferCSSPageSize: true });
    assert.deepEqual(page.problems, []);
    await page.close();
  });
}

for (const [name, width, height, dark] of [
  ['desk', 1440, 900, false],
  ['desk_dark', 1024, 768, true],
  ['phone', 390, 844, false],
]) {
  test(`plans_fit_and_are_accessible_${name}`, async () => {
    for (const [plan, ready] of [
      ['allocate', 'allocation-plants'],
      ['site-plants', 'candidates'],
    ]) {
      const page = await app.open({ hash: `lang=ru&plan=${plan}`, width, height, dark });
      await run(page, ready);
      await page.waitForTimeout(500);
      await picture(page, `plan-${plan}-${name}`);
      const wide = await page.evaluate(() => [
        document.documentElement.scrollWidth - innerWidth,
        ...[...document.querySelectorAll('section.panel .body')].map((b) => b.scrollWidth - b.clientWidth),
      ]);
      assert.deepEqual(
        wide.filter((more) => more > 0),
        [],
        plan,
      );
      await page.evaluate(axeSource);
      const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
      const serious = found.violations
        .filter(({ impact }) => ['serious', 'critical'].includes(impact))
        .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).slice(0, 4)}`);
      assert.deepEqual(serious, [], plan);
      await page.close();
    }
  });
}
