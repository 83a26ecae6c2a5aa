/** The address holds the view, and failures are told where they belong. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ready, richDeposit, settled, start, text } from './support.mjs';

let app;
let deposit;
before(async () => {
  app = await start();
  deposit = await richDeposit(app);
});
after(() => app.stop());

test('reloading_keeps_place_selection_parameters_language_and_plant', async () => {
  const hash = `map=10.5/55.61/40.7&sel=deposits.${deposit.id}&hide=fields,cores&site.new=at:40.7:55.6,heat_capacity_mw:40&r.min_depth_m=1.5&lang=ru&energy=gj`;
  const page = await app.open({ hash });
  await settled(page);
  const before = await page.evaluate(() => location.hash);
  const figure = await page.locator('section.panel dd .q').first().getAttribute('title');
  for (const part of [
    'map=10.5/55.61/40.7',
    `sel=deposits.${deposit.id}`,
    'hide=fields,cores',
    'site.new=at:40.7:55.6,heat_capacity_mw:40',
    'r.min_depth_m=1.5',
    'lang=ru',
    'energy=gj',
  ])
    assert.ok(before.includes(part), `${before} holds ${part}`);
  await page.reload();
  await ready(page);
  await settled(page);
  assert.equal(await page.evaluate(() => location.hash), before);
  assert.equal(await page.locator('section.panel dd .q').first().getAttribute('title'), figure);
  await page.close();
});

test('the_back_button_returns_to_the_former_selection', async () => {
  const { features } = await app.json('/ogc/collections/plants/items');
  const page = await app.open({ hash: `sel=deposits.${deposit.id}&lang=en` });
  await settled(page);
  await page.locator('[data-rail=objects]').click();
  await page.locator('fieldset label', { hasText: 'Plants' }).click();
  await page.locator(`table[data-objects=plants] [data-object="${features[0].id}"]`).click();
  await page.locator('[data-testid=covered]').waitFor({ timeout: 20_000 });
  await page.goBack();
  await page.waitForFunction(
    (name) => document.querySelector('section.panel h2')?.textContent === name,
    deposit.properties.name,
  );
  await page.close();
});

test('what_the_server_refuses_is_shown_in_its_own_words', async () => {
  const answer = await fetch(`${app.address}/reserves/${deposit.id}?cell_m=-5`);
  const problem = await answer.json();
  assert.ok(answer.status >= 400);
  const page = await app.open({ hash: `sel=deposits.${deposit.id}&r.cell_m=-5&lang=en` });
  await page.locator('.problem').waitFor({ timeout: 20_000 });
  assert.ok((await text(page, '.problem')).includes(problem.detail));
  await page.close();
});

test('a_server_that_does_not_answer_is_said_and_can_be_tried_again', async () => {
  const page = await app.open({
    hash: 'lang=en',
    wait: false,
    before: (page) => page.route('**/project', (route) => route.abort()),
  });
  await page.getByText('The server does not answer').waitFor({ timeout: 20_000 });
  await page.unroute('**/project');
  await page.getByRole('button', { name: 'Try again' }).click();
  await ready(page);
  await page.getByText('The server does not answer').waitFor({ state: 'detached' });
  await page.close();
});

test('an_empty_project_says_what_to_do_first', async () => {
  const empty = JSON.stringify({
    type: 'FeatureCollection',
    features: [],
    numberMatched: 0,
    numberReturned: 0,
    links: [],
  });
  const page = await app.open({
    hash: 'lang=en',
    before: (page) =>
      page.route('**/items?*', (route) =>
        route.fulfill({ contentType: 'application/geo+json', body: empty }),
      ),
  });
  await page.getByText('The project is empty').waitFor({ timeout: 20_000 });
  assert.match(await text(page, 'section.card'), /peatplan import deposits/);
  await page.close();
});

test('a_click_on_copy_link_does_not_lose_the_view', async () => {
  const page = await app.open({ hash: `sel=deposits.${deposit.id}&lang=en` });
  await settled(page);
  const before = await page.evaluate(() => location.hash);
  await Promise.all([
    page.locator('.notice.shown').waitFor(),
    page.getByRole('button', { name: 'Copy a link to this view' }).click(),
  ]);
  assert.equal(await page.evaluate(() => location.hash), before);
  await page.close();
});
