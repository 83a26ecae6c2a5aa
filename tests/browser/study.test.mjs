/** A plant as a project: studied on demand, read, changed, studied again, and taken away on paper. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axeSource, picture, settled, start, unfold } from './support.mjs';

let app;
let plant;
before(async () => {
  app = await start();
  plant = (await app.json('/ogc/collections/plants/items')).features.at(-1).id;
});
after(() => app.stop());

const section = (page) => page.getByTestId('study');
/** The figure that a label stands over, in full. */
const figure = (page, label) =>
  section(page)
    .locator('dl > div', { has: page.getByText(label, { exact: true }) })
    .locator('.q')
    .getAttribute('title');
const whole = (text) => Number(text.replace('−', '-').replace(/[^\d.-]/g, ''));

async function studied(page) {
  await section(page).locator('button.primary').click();
  await page.waitForSelector('[data-testid=study][aria-busy=false] .found', {
    timeout: 60_000,
  });
}
const opened = (page, id) => unfold(section(page), id);
async function asked(inputs) {
  const answer = await fetch(`${app.address}/ogc/processes/chp-study/execution`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ inputs }),
  });
  return answer.json();
}
/** Rows of the table behind a chart, the numbers in full. */
async function table(part) {
  await part.getByRole('button', { name: 'Table', exact: true }).click();
  return part.locator('.table-wrap table').evaluate((table) => {
    const heads = [...table.querySelectorAll('th')].map((th) => th.textContent);
    return [...table.querySelectorAll('tbody tr')].map((row) =>
      Object.fromEntries(
        [...row.children].map((cell, i) => [heads[i], cell.title ? Number(cell.title) : cell.textContent]),
      ),
    );
  });
}
const sum = (rows, title) => rows.reduce((all, row) => all + row[title], 0);
const near = (found, expected, what) =>
  assert.ok(Math.abs(found - expected) <= 1e-6 * (1 + Math.abs(expected)), `${what}: ${found}, ${expected}`);

test('a_plant_is_studied_when_asked_and_its_figures_are_those_of_the_server', async () => {
  const page = await app.open({ hash: `sel=plants.${plant}&lang=en` });
  await settled(page);
  assert.equal(await section(page).locator('.found').count(), 0, 'nothing is studied before it is asked for');
  await studied(page);
  const study = await asked({ plant });
  near(whole(await figure(page, 'Net present value')), study.economics.measures.npv_rub, 'net present value');
  near(
    whole(await figure(page, 'Heat of its consumers from local fuel')),
    100 * study.local_share.heat,
    'local heat',
  );
  near(
    whole(await figure(page, 'Levelised cost of heat')),
    study.economics.levelised_cost_heat_rub_mwh,
    'cost of heat',
  );
  const irr = section(page).locator('dl > div', {
    hasText: 'Internal rate of return',
  });
  const { outcome } = study.economics.measures.internal_rate_of_return;
  if (outcome === 'none') assert.match(await irr.innerText(), /there is none/);
  assert.match(await section(page).innerText(), new RegExp(`prices of ${study.price_year}`));

  const duration = await table(await opened(page, 'project.duration'));
  const heat = duration.reduce((all, row) => all + row.Hours * row['Heat load, MW'], 0);
  near(heat, study.dispatch.heat_load_mwh, 'area under the duration curve');
  const cash = await table(await opened(page, 'project.cash'));
  // Read in millions of roubles, or what suits them; in full where it is pointed at.
  const net = Object.keys(cash[0]).find((head) => head.startsWith('net of the year'));
  assert.match(net, /(million|billion|thousand)\sRUB$/);
  near(sum(cash, net), study.economics.cash_flow.cumulative_rub.at(-1), 'sum of the years');
  assert.equal(cash[0].Year, String(study.economics.cash_flow.years[0]));
  const fuel = await table(await opened(page, 'project.fuel'));
  near(fuel[0]['Peat, MWh'], study.fuel.peat_mwh_a, 'peat of the first year');
  assert.equal(fuel.length, study.covered_share_by_year.length);
  const spread = await opened(page, 'project.spread');
  const { probability } = study.uncertainty.outputs[0].above_zero;
  const said = await spread.getByTestId('pays').innerText();
  assert.ok(Math.abs(Number(said.replace('%', '')) - 100 * probability) < 0.06, said);
  assert.deepEqual(page.problems, []);
  assert.deepEqual(page.outside, []);
  await picture(page, 'study');
  await page.close();
});

test('the_duration_curve_and_the_cash_flow_are_walked_by_the_keyboard', async () => {
  const page = await app.open({ hash: `sel=plants.${plant}&lang=en` });
  await settled(page);
  await studied(page);
  const study = await asked({ plant });
  // A pointer that rests on a chart would read its own place.
  await page.mouse.move(5, 5);
  await page.locator('svg[data-chart="duration"]').focus();
  await page.keyboard.press('ArrowRight');
  const duration = await opened(page, 'project.duration');
  const said = (await duration.locator('.under').innerText()).replaceAll('\u00a0', ' ');
  assert.match(said, /^Hours 0–1: heat load .* MW, plant /);
  await opened(page, 'project.cash');
  await page.locator('svg[data-chart="cash-flow"]').focus();
  await page.keyboard.press('ArrowRight');
  const cash = await opened(page, 'project.cash');
  const first = study.economics.cash_flow.years[0];
  assert.match(await cash.locator('.under').innerText(), new RegExp(`^${first}: investment and renewal −`));
  assert.doesNotMatch(await page.evaluate(() => location.hash), /site\./, 'the plant stays where it is');
  await page.close();
});

test('a_changed_input_marks_the_study_and_studying_again_follows_it', async () => {
  const page = await app.open({ hash: `sel=plants.${plant}&lang=en` });
  await settled(page);
  await studied(page);
  const before = await figure(page, 'Net present value');
  const outdated = section(page).getByText('An input has changed since');
  assert.equal(await outdated.count(), 0);
  await opened(page, 'study.tariffs');
  await section(page).locator('[data-input="heat_price_rub_mwh"] input').fill('3000');
  await outdated.waitFor();
  assert.equal(
    await section(page).getByRole('button', { name: 'Passport' }).count(),
    0,
    'old figures are not printed',
  );
  assert.match(await page.evaluate(() => location.hash), /c\.heat_price_rub_mwh=3000/);
  await studied(page);
  const after = await figure(page, 'Net present value');
  assert.ok(whole(after) > whole(before), `${after} is more than ${before}`);
  assert.equal(await outdated.count(), 0);
  // Undo brings the earlier inputs back: now the newer figures are the old ones.
  await page.locator('section.panel .body').focus();
  await page.keyboard.press('Control+z');
  await outdated.waitFor();
  assert.doesNotMatch(await page.evaluate(() => location.hash), /heat_price/);
  assert.deepEqual(page.problems, []);
  await page.close();
});

test('a_study_under_way_shows_how_far_it_is_and_can_be_cancelled', async () => {
  const page = await app.open({ hash: `sel=plants.${plant}&lang=en` });
  await settled(page);
  const dismissed = [];
  await page.route('**/ogc/jobs/*', async (route) => {
    if (route.request().method() === 'DELETE') {
      dismissed.push(route.request().url());
      return route.continue();
    }
    const jobID = route.request().url().split('/').at(-1);
    return route.fulfill({ json: { jobID, status: 'running', progress: 40 } });
  });
  await section(page).locator('button.primary').click();
  const bar = section(page).getByRole('progressbar');
  await bar.waitFor();
  await page.waitForFunction(
    () => document.querySelector('[data-testid=study] [role=progressbar]')?.ariaValueNow === '40',
  );
  const told = page.waitForResponse((response) => response.request().method() === 'DELETE');
  await section(page).getByRole('button', { name: 'Cancel' }).click();
  await bar.waitFor({ state: 'detached' });
  await section(page).getByRole('button', { name: 'Study this plant' }).waitFor();
  await told;
  assert.equal(dismissed.length, 1, 'the server is told that nobody waits');
  await page.close();
});

test('a_study_that_cannot_be_made_says_what_to_do', async () => {
  // Without any harvest no field feeds the plant.
  const page = await app.open({
    hash: `sel=plants.${plant}&lang=ru&s.weather_factor=0`,
  });
  await settled(page);
  await section(page).locator('button.primary').click();
  await section(page).getByRole('alert').waitFor({ timeout: 30_000 });
  await section(page).getByText('учтите и неосвоенные поля').waitFor();
  await section(page).getByRole('button', { name: 'Перейти' }).click();
  const focused = () => document.activeElement?.closest('[data-input]')?.dataset.input;
  assert.equal(await page.evaluate(focused), 'include_undeveloped');
  await page.close();
});

test('a_service_without_the_process_offers_no_study', async () => {
  const page = await app.open({
    hash: `sel=plants.${plant}&lang=en`,
    before: (page) =>
      page.route('**/ogc/processes/chp-study*', (route) =>
        route.fulfill({
          status: 404,
          json: { status: 404, detail: 'there is no such process' },
        }),
      ),
  });
  await settled(page);
  await section(page).waitFor({ state: 'detached' });
  await page.close();
});

test('consumers_are_chosen_in_the_form_and_only_they_are_heated', async () => {
  const page = await app.open({ hash: `sel=plants.${plant}&lang=en` });
  await settled(page);
  await studied(page);
  const heated = (await asked({ plant })).consumers.map((consumer) => consumer.consumer_id);
  const boxes = (await opened(page, 'study.demand')).locator('fieldset input[type=checkbox]');
  const ticked = await boxes.evaluateAll((all) => all.filter((box) => box.checked).length);
  assert.equal(ticked, heated.length, 'whom a pipe reaches is ticked');
  const free = await boxes.evaluateAll((all) => all.findIndex((box) => !box.checked));
  await boxes.nth(free).check();
  await section(page).getByText('An input has changed since').waitFor();
  await studied(page);
  assert.equal(
    (await page.evaluate(() => decodeURIComponent(/c\.consumers=([^&]*)/.exec(location.hash)[1]))).split(',')
      .length,
    heated.length + 1,
  );
  await section(page).locator('fieldset').getByRole('button', { name: 'Reset' }).click();
  await page.waitForFunction(() => !location.hash.includes('c.consumers'));
  assert.deepEqual(page.problems, []);
  await page.close();
});

test('the_cost_over_size_is_drawn_told_and_walked', async () => {
  const page = await app.open({ hash: `sel=plants.${plant}&lang=en` });
  await settled(page);
  await studied(page);
  const { sizing, unit } = await asked({ plant });
  const part = await opened(page, 'project.sizes');
  const chart = part.locator('svg[data-chart="sizes"]');
  for (const mark of ['best', 'own', 'as-good', 'without'])
    assert.equal(await chart.locator(`[data-mark="${mark}"]`).count(), 1, mark);
  const idle = sizing.points.filter((point) => !point.enough_full_load_hours);
  assert.equal((await chart.locator('[data-mark="idle"]').count()) > 0, idle.length > 0, 'hatched');
  const place = async (mark) => (await chart.locator(`[data-mark="${mark}"]`).boundingBox()).x;
  assert.equal((await place('own')) > (await place('best')), unit.size_mw > sizing.best.size_mw);
  const said = await part.getByTestId('sizes').innerText();
  const best = Number(sizing.best.size_mw.toPrecision(3));
  assert.ok(said.includes(`${best}\u00a0MW`), said);
  assert.ok(said.includes(`The plant, ${unit.size_mw}\u00a0MW`), said);

  // A pointer that rests on the chart would read its own size.
  await page.mouse.move(5, 5);
  await chart.focus();
  await page.keyboard.press('ArrowLeft');
  const last = sizing.points.at(-1);
  const read = await part.locator('.under').innerText();
  assert.ok(read.startsWith(`${Number(last.size_mw.toPrecision(3))}\u00a0MW: `), read);
  assert.equal(/too few/.test(read), !last.enough_full_load_hours);

  const rows = await table(part);
  assert.equal(rows.length, sizing.points.length);
  for (const [i, point] of sizing.points.entries()) {
    near(rows[i]['Electric power, MW'], point.size_mw, 'size');
    near(rows[i]['Cost of a year, RUB/a'], point.total_rub_a, 'cost');
  }
  assert.equal(rows.filter((row) => row.Remark === 'least cost').length, 1);
  assert.deepEqual(page.problems, []);
  await page.close();
});

test('no_other_sizes_are_shown_where_they_are_not_asked_for', async () => {
  const page = await app.open({
    hash: `sel=plants.${plant}&lang=en&c.sizing=false`,
  });
  await settled(page);
  await studied(page);
  assert.equal(await section(page).locator('[data-section="project.sizes"]').count(), 0);
  const form = await opened(page, 'study.plant');
  assert.equal(await form.locator('[data-input="least_full_load_hours"]').count(), 0);
  await page.close();
});

test('without_a_weather_year_the_form_says_how_one_comes_and_with_one_it_is_chosen', async () => {
  const norm = await app.open({ hash: `sel=plants.${plant}&lang=en` });
  await settled(norm);
  await (await opened(norm, 'study.demand')).getByText('peatplan import weather FILE.epw').waitFor();
  await norm.close();

  const asks = [];
  const year = {
    code: '27532',
    name: 'Vladimir airport',
    name_ru: 'Владимир, аэропорт',
    kind: 'energy_plus',
  };
  const page = await app.open({
    hash: `sel=plants.${plant}&lang=en`,
    before: async (page) => {
      await page.route('**/ogc/collections/weather-years/items*', (route) =>
        route.fulfill({
          json: {
            type: 'FeatureCollection',
            features: [{ type: 'Feature', id: 7, geometry: null, properties: year }],
          },
        }),
      );
      await page.route('**/ogc/processes/chp-study/execution', (route) => {
        asks.push(route.request().postDataJSON().inputs);
        // The service does not know the year.
        const { weather, ...inputs } = asks.at(-1);
        void weather;
        return route.continue({ postData: JSON.stringify({ inputs }) });
      });
    },
  });
  await settled(page);
  await studied(page);
  assert.match(await section(page).getByTestId('weather').innerText(), /climate of the norm, Vladimir, SNiP/);
  const form = await opened(page, 'study.demand');
  const choice = form.locator('[data-input="weather"] select');
  assert.equal(await form.getByText('peatplan import').count(), 0);
  assert.equal(await form.locator('[data-input="winter_noise_c"]').count(), 1);
  await choice.selectOption({ label: 'Vladimir airport' });
  await section(page).getByText('An input has changed since').waitFor();
  assert.equal(
    await form.locator('[data-input="winter_noise_c"]').count(),
    0,
    'a year of a file is not made',
  );
  await studied(page);
  assert.deepEqual(
    asks.map((inputs) => inputs.weather),
    [undefined, '7'],
  );
  await page.reload();
  await settled(page);
  assert.equal(await choice.evaluate((select) => select.selectedOptions[0].label), 'Vladimir airport');
  assert.deepEqual(page.problems, []);
  await page.close();
});

test('inputs_are_told_with_their_words_tags_and_sources', async () => {
  const page = await app.open({ hash: `sel=plants.${plant}&lang=ru` });
  await settled(page);
  const demand = await opened(page, 'study.demand');
  const words = await demand.locator('[data-input="climate"] option').allInnerTexts();
  assert.ok(words.includes('Москва, СНиП 23-01-99*'), words.join());
  const doubt = await opened(page, 'study.doubt');
  const shapes = await doubt
    .locator('[data-input="capital_cost_factor_distribution"] option')
    .allInnerTexts();
  assert.ok(shapes.length >= 5 && shapes.every((shape) => /[а-я]/.test(shape)), shapes.join());
  const { economics } = await app.json('/parameters');
  const known = economics.find(({ name }) => name === 'heat_price_rub_mwh');
  const price = (await opened(page, 'study.tariffs')).locator('[data-input="heat_price_rub_mwh"]');
  await price.getByRole('button', { expanded: false }).last().click();
  assert.equal(await price.locator('.tag').getAttribute('data-tag'), known.tag);
  assert.ok((await price.innerText()).includes(known.source_ru));
  await page.close();
});

/** The passport as it stands when the browser asks for paper. */
async function printed(page, button) {
  await page.evaluate(() => {
    window.print = () => dispatchEvent(new Event('beforeprint'));
  });
  await section(page).getByRole('button', { name: button }).click();
  await page.locator('.passport svg[data-chart="duration"]').waitFor({ state: 'attached', timeout: 30_000 });
  await page.setViewportSize({ width: 688, height: 1000 });
  await page.emulateMedia({ media: 'print' });
  return page.locator('.passport');
}

for (const [lang, button, parts] of [
  [
    'ru',
    'Паспорт',
    [
      'Паспорт проекта',
      'Лестница запасов',
      'Энергетический баланс года',
      'Запас торфа по месяцам',
      'Кого снабжает',
      'Показатели проекта',
      'Годовые затраты и мощность',
      'Денежные потоки по годам',
      'От чего зависит дисконтированный доход',
      'Вероятность, что чистый дисконтированный доход больше нуля',
      'Выбросы за год',
      'Исходные данные расчёта',
      'На чём основано',
    ],
  ],
  [
    'en',
    'Passport',
    [
      'Passport of the project',
      'Ladder of reserves',
      'Energy of the year',
      'Yearly cost by size',
      'What it rests on',
    ],
  ],
]) {
  test(`the_passport_of_a_project_holds_all_its_parts_and_is_cut_nowhere_${lang}`, async () => {
    const page = await app.open({
      hash: `sel=plants.${plant}&lang=${lang}&c.discount_rate=0.08`,
    });
    await settled(page);
    await studied(page);
    const study = await asked({ plant, discount_rate: 0.08 });
    const passport = await printed(page, button);
    const words = await passport.innerText();
    for (const part of parts) assert.ok(words.includes(part), part);
    assert.ok(words.includes(study.inputs_hash), 'the fingerprint of the inputs');
    assert.ok(words.includes('●'), 'what was changed is marked');
    const wide = await passport.evaluate((element) => [
      element.scrollWidth - element.clientWidth,
      ...[...element.querySelectorAll('table')].map(
        (table) => table.getBoundingClientRect().right - element.getBoundingClientRect().right,
      ),
    ]);
    assert.ok(Math.max(...wide) <= 1, `nothing sticks out: ${wide}`);
    const margins = await page.evaluate(() =>
      document.adoptedStyleSheets.flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText)).join(),
    );
    assert.match(
      margins,
      /@top-right.*(Вымышленные|Invented)/s,
      'every sheet says that the data are invented',
    );
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    assert.equal(await page.evaluate(() => document.adoptedStyleSheets.length), 0);
    assert.deepEqual(page.problems, []);
    await page.close();
  });
}

for (const dark of [false, true]) {
  test(`axe_finds_nothing_serious_in_a_study_${dark ? 'in_the_dark' : 'in_the_light'}`, async () => {
    const page = await app.open({ hash: `sel=plants.${plant}&lang=ru`, dark });
    await settled(page);
    await studied(page);
    for (const id of ['sizes', 'balance', 'fuel', 'cash', 'tornado', 'spread', 'emissions'])
      await opened(page, `project.${id}`);
    for (const id of ['plant', 'tariffs', 'demand', 'doubt']) await opened(page, `study.${id}`);
    await page.evaluate(axeSource);
    const found = await page.evaluate(() =>
      globalThis.axe.run(document.querySelector('[data-testid=study]'), {
        resultTypes: ['violations'],
      }),
    );
    const serious = found.violations
      .filter((violation) => ['serious', 'critical'].includes(violation.impact))
      .map(
        (violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(' ')).slice(0, 4)}`,
      );
    assert.deepEqual(serious, []);
    await page.close();
  });
}

for (const [lang, width] of [
  ['ru', 390],
  ['en', 390],
  ['ru', 1024],
]) {
  test(`nothing_of_a_study_is_cut_at_${width}_${lang}`, async () => {
    const page = await app.open({
      hash: `sel=plants.${plant}&lang=${lang}`,
      width,
      height: 844,
    });
    await settled(page);
    if (width < 720) await page.locator('section.panel .handle').click();
    await studied(page);
    for (const id of ['sizes', 'balance', 'fuel', 'cash', 'tornado', 'spread', 'emissions'])
      await opened(page, `project.${id}`);
    for (const id of ['plant', 'tariffs', 'finance', 'demand', 'emissions', 'doubt'])
      await opened(page, `study.${id}`);
    const cut = await section(page).evaluate((element) => {
      const right = element.getBoundingClientRect().right;
      return [...element.querySelectorAll('dd, dt, td, th, span, p, svg, input, button, select, label')]
        .filter((one) => one.checkVisibility() && !one.closest('.table-wrap, .visually-hidden'))
        .filter((one) => one.getBoundingClientRect().right > right + 9)
        .map((one) => `${one.tagName} ${one.textContent.trim().slice(0, 40)}`);
    });
    assert.deepEqual(cut, []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
    await picture(page, `study-${width}-${lang}`);
    assert.deepEqual(page.problems, []);
    await page.close();
  });
}
