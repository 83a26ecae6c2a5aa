/** The reserve engine as the panel and the map show it: methods, uncertainty, layers, files. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axeSource, eventually, picture, richDeposit, settled, start, unfold } from './support.mjs';

let app;
let deposit;
let choices;
before(async () => {
  app = await start();
  deposit = await richDeposit(app);
  choices = (await app.json('/parameters')).reserve_choices;
});
after(() => app.stop());

const open = async (rest = 'lang=en', options = {}) => {
  const page = await app.open({ hash: `sel=deposits.${deposit.id}&${rest}`, ...options });
  await settled(page);
  return page;
};
const input = (page, name) => page.locator(`section.panel [data-input="${name}"]`);
const panel = (page) => page.locator('section.panel');
async function unfoldAll(page) {
  await page.evaluate(() => {
    for (const part of document.querySelectorAll('section.panel details')) part.open = true;
  });
  await page.waitForFunction(() =>
    [...document.querySelectorAll('section.panel details.section[open]')].every((part) =>
      part.querySelector(':scope > .content'),
    ),
  );
}
const choose = async (page, name, word) => {
  await input(page, name).locator('select').selectOption(word);
  await page.waitForFunction(([n, w]) => location.hash.includes(`r.${n}=${w}`), [name, word]);
  await settled(page);
};
const estimate = { en: 'Estimate uncertainty', ru: 'Оценить неопределённость' };

test('the_form_offers_the_words_of_the_server_in_both_languages', async () => {
  const method = choices.find((choice) => choice.name === 'method');
  for (const lang of ['en', 'ru']) {
    const page = await open(`lang=${lang}`);
    const row = input(page, 'method');
    assert.equal(await row.locator('label').innerText(), method.title[lang]);
    const offered = await row.locator('option').allInnerTexts();
    for (const word of method.words) assert.ok(offered.includes(word[lang]), `${word[lang]} in ${offered}`);
    await page.close();
  }
});

test('kriging_shows_its_variogram_and_its_own_inputs', async () => {
  const page = await open('lang=en&r.method=idw');
  assert.ok(await input(page, 'power').isVisible());
  assert.equal(await input(page, 'drift').count(), 0);
  await choose(page, 'method', 'kriging');
  await page.waitForSelector('section.panel [data-input="drift"]');
  assert.equal(await input(page, 'power').count(), 0);
  await unfold(panel(page), 'check');
  const chart = page.locator('svg[data-chart="variogram"]');
  assert.ok((await chart.locator('.lag').count()) >= 5);
  assert.match(await chart.locator('.lag title').first().textContent(), /pairs of probes/);
  assert.ok((await chart.locator('path.fit').getAttribute('d')).length > 20);
  assert.equal(await chart.locator('.variance').count(), 1);
  assert.ok((await page.locator('svg[data-chart="histogram"] rect').count()) > 3);
  await picture(page, 'variogram');
  await page.close();
});

test('a_given_variogram_asks_for_its_numbers', async () => {
  const page = await open('lang=en&r.method=kriging');
  assert.equal(await input(page, 'range_m').count(), 0);
  await choose(page, 'variogram', 'exponential');
  await page.waitForSelector('section.panel [data-input="range_m"]');
  await page.close();
});

test('auto_tells_which_methods_were_compared_and_why_one_was_taken', async () => {
  const page = await open('lang=ru');
  await choose(page, 'method', 'auto');
  await page.waitForSelector('section.panel .auto tbody tr', { timeout: 60_000 });
  assert.ok((await page.locator('section.panel .auto tbody tr').count()) > 3);
  assert.match(await page.locator('section.panel .auto').innerText(), /[а-я]{5}/);
  await page.close();
});

test('an_estimate_of_uncertainty_is_a_job_that_can_be_cancelled', async () => {
  const most = (await app.json('/parameters')).reserves.find((p) => p.name === 'realisations').maximum;
  const page = await open(`lang=en&r.realisations=${most}&r.cell_m=25`);
  const requests = [];
  page.on('request', (request) => requests.push(request));
  await page.getByRole('button', { name: estimate.en }).click();
  await page.getByRole('progressbar').waitFor();
  await page.waitForFunction(() =>
    performance.getEntriesByType('resource').some((e) => /\/jobs\//.test(e.name)),
  );
  const dismissal = page.waitForResponse((response) => response.request().method() === 'DELETE');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('progressbar').waitFor({ state: 'detached' });
  await dismissal;
  const asked = requests.find((request) => request.url().includes('method=simulation'));
  assert.equal(asked.headers().prefer, 'respond-async');
  const cancelled = requests.find((request) => request.method() === 'DELETE');
  assert.ok(cancelled, 'the server is told to stop');
  const job = await app.json(new URL(cancelled.url()).pathname);
  assert.equal(job.status, 'dismissed');
  assert.equal(await page.locator('section.panel .band').count(), 0);
  assert.ok(await page.getByRole('button', { name: estimate.en }).isVisible());
  await page.close();
});

test('an_estimate_of_uncertainty_puts_bands_beside_the_figures_until_an_input_changes', async () => {
  const page = await open('lang=ru&r.realisations=20');
  await page.getByRole('button', { name: estimate.ru }).click();
  await page.waitForSelector('svg[data-chart="tornado"]', { timeout: 90_000 });
  assert.equal(await page.locator('section.panel .body > dl .band').count(), 4);
  assert.match(await page.locator('section.panel .band').first().innerText(), /P10–P90\s*[\d,]+–[\d,]+\s/);
  assert.ok((await page.locator('svg[data-chart="exceedance"] path.curve').getAttribute('d')).length > 20);
  await picture(page, 'uncertainty');
  // A bar leads to its input, by keyboard too.
  const bar = page.locator('svg[data-chart="tornado"] [role="link"]', { hasText: 'Влажность' });
  await bar.focus();
  await page.keyboard.press('Enter');
  const reached = await page.evaluate(() => document.activeElement?.closest('[data-input]')?.dataset.input);
  assert.equal(reached, 'reference_moisture');
  await input(page, 'reference_moisture').locator('input').fill('45');
  await page.waitForFunction(() => location.hash.includes('r.reference_moisture=0.45'));
  await settled(page);
  await page.waitForFunction(() => !document.querySelector('section.panel .band'));
  assert.ok(await page.locator('section.panel .outdated').isVisible());
  await page.close();
});

test('thickness_isopachs_blocks_and_steps_are_drawn_when_they_are_asked_for', async () => {
  const page = await open('lang=en');
  const answers = [];
  page.on('response', (response) => answers.push(response));
  const layers = panel(page).locator('[data-section="show"]');
  const names = [
    'Thickness of the peat',
    'Isopachs',
    'Blocks by category',
    'Steps from gross to recoverable',
  ];
  for (const name of names) await layers.getByLabel(name, { exact: true }).check();
  assert.match(await page.evaluate(() => location.hash), /show=thickness,isopachs,blocks,funnel/);
  const of = (pattern) => answers.filter((answer) => pattern.test(new URL(answer.url()).pathname));
  const patterns = [
    /\/thickness$/,
    /\/isopachs$/,
    /\/blocks$/,
    /\/funnel$/,
    /\/thickness\/\d+\/\d+\/\d+\.png$/,
  ];
  await eventually(page, () => patterns.every((pattern) => of(pattern).length > 0));
  const legend = page.locator('section[aria-label="Layers"]');
  for (const word of [/category (A|B|C1|C2|P1)/, /Recoverable/])
    await legend.getByText(word).first().waitFor({ timeout: 60_000 });
  for (const pattern of patterns)
    assert.ok(
      of(pattern).every((answer) => answer.ok()),
      String(pattern),
    );
  assert.equal(await page.locator('section.panel .problem').count(), 0);
  assert.deepEqual(page.problems, []);
  await picture(page, 'reserve-layers');
  // They follow the inputs.
  const before = of(/\/isopachs$/).length;
  await input(page, 'isopach_step_m').locator('input').fill('1');
  await page.waitForFunction(() => location.hash.includes('r.isopach_step_m=1'));
  await eventually(page, () =>
    of(/\/isopachs$/)
      .slice(before)
      .some((answer) => answer.url().includes('isopach_step_m=1')),
  );
  await layers.getByLabel('Isopachs', { exact: true }).uncheck();
  assert.doesNotMatch(await page.evaluate(() => location.hash), /isopachs,/);
  await page.close();
});

test('pointing_at_a_block_in_the_table_lights_it', async () => {
  const page = await open('lang=en&show=blocks');
  const part = await unfold(panel(page), 'blocks');
  const row = part.locator('tr.block').first();
  await row.hover();
  await part.locator('tr.block.lit').first().waitFor();
  await row.getByRole('button').click();
  assert.match(await part.locator('tr.more').innerText(), /UNFC/);
  await page.close();
});

test('every_download_is_there_and_of_its_own_kind', async () => {
  const page = await open('lang=ru');
  const part = await unfold(panel(page), 'downloads');
  const links = await part.locator('a[download]').evaluateAll((all) => all.map((a) => [a.href, a.download]));
  assert.ok(links.length >= 9);
  const kinds = {
    tif: /tiff/,
    xlsx: /spreadsheetml/,
    csv: /csv/,
    geojson: /json/,
    gpkg: /geopackage|sqlite/,
  };
  for (const [href, name] of links) {
    const answer = await fetch(href);
    assert.equal(answer.status, 200, href);
    assert.match(answer.headers.get('content-type'), kinds[name.split('.').at(-1)], name);
    assert.ok((await answer.arrayBuffer()).byteLength > 100, name);
  }
  const table = links.find(([, name]) => name.endsWith('.csv'))[0];
  assert.match(table, /lang=ru/);
  assert.match(await (await fetch(table)).text(), /[а-яё]{4}/i);
  await page.close();
});

test('a_newer_surface_tells_what_was_extracted_or_what_is_wrong_with_it', async () => {
  const page = await open('lang=en');
  const part = await unfold(panel(page), 'difference');
  const raster = await fetch(`${app.address}/reserves/${deposit.id}/thickness.tif`);
  assert.equal(raster.status, 200);
  await part.locator('input[type="file"]').setInputFiles({
    name: 'surface.tif',
    mimeType: 'image/tiff',
    buffer: Buffer.from(await raster.arrayBuffer()),
  });
  const answered = page.waitForResponse(/\/difference/);
  await part.getByRole('button', { name: 'Compare' }).click();
  assert.ok([200, 400, 422].includes((await answered).status()));
  await part.locator('table, [role="alert"]').first().waitFor({ timeout: 60_000 });
  await part.locator('input[type="file"]').setInputFiles({
    name: 'surface.tif',
    mimeType: 'image/tiff',
    buffer: Buffer.from('no raster'),
  });
  await part.getByRole('button', { name: 'Compare' }).click();
  await part.locator('[role="alert"]').waitFor({ timeout: 30_000 });
  await page.close();
});

test('everything_unfolded_fits_a_phone_in_both_languages_and_reads_well', async () => {
  for (const lang of ['ru', 'en']) {
    const page = await open(`lang=${lang}`, { width: 390, height: 844 });
    await unfoldAll(page);
    const wide = await page.evaluate(() => {
      const panel = document.querySelector('section.panel .body');
      return {
        panel: panel.scrollWidth - panel.clientWidth,
        page: document.documentElement.scrollWidth - innerWidth,
      };
    });
    assert.ok(wide.panel <= 0 && wide.page <= 0, JSON.stringify(wide));
    const untold = await page.evaluate(() =>
      document.querySelector('section.panel').innerText.match(/\{\{|undefined|NaN/),
    );
    assert.equal(untold, null);
    await page.evaluate(axeSource);
    const found = await page.evaluate(() =>
      globalThis.axe.run('section.panel', { resultTypes: ['violations'] }),
    );
    const serious = found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
    assert.deepEqual(
      serious.map((v) => `${v.id}: ${v.nodes[0].html}`),
      [],
    );
    await picture(page, `reserves-phone-${lang}`);
    await page.close();
  }
});

test('the_passport_says_how_the_figures_were_found_and_divide', async () => {
  const page = await open('lang=en&r.realisations=20');
  await page.getByRole('button', { name: estimate.en }).click();
  await page.waitForSelector('svg[data-chart="tornado"]', { timeout: 90_000 });
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  const passport = page.locator('.passport');
  const words = await passport.innerText();
  for (const part of [
    /Variogram/,
    /P10–P90/,
    /Blocks and categories/,
    /From gross to recoverable/,
    /good for/,
    /Carbon/,
  ])
    assert.match(words, part);
  const cut = await passport.evaluate(
    (element) =>
      [element, ...element.querySelectorAll('.table-wrap, .two, .two > *')].filter(
        (e) => e.scrollWidth > e.clientWidth + 1,
      ).length,
  );
  assert.equal(cut, 0);
  await page.close();
});
