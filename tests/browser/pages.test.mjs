/** The pages: their forms are pressed as a person presses them, and other sites' forms are refused. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binary, settled, start } from './support.mjs';

let app;
before(async () => {
  app = await start();
});
after(() => app.stop());

const RUN = 'form.process button[type=submit]';

test('the_form_of_a_process_runs_it_and_its_job_is_thrown_away', async () => {
  const page = await app.open({ path: '/ogc/processes/reserve-estimate?lang=en' });
  await page.locator('input[name=deposit]').fill('D7');
  await page.locator('select[name=method]').selectOption('mean');
  await page.locator(RUN).click();
  await page.waitForURL('**/ogc/jobs/*');
  await page.locator('.state.successful').waitFor({ timeout: 30_000 });
  await page.getByRole('link', { name: 'Results' }).click();
  await page.waitForURL('**/results*');
  await page.goBack();
  await page.getByRole('button', { name: 'Throw away' }).click();
  await page.locator('.state.dismissed').waitFor();
  assert.deepEqual(page.problems, []);
  await page.close();
});

test('a_job_under_way_is_cancelled_by_its_button', async () => {
  const page = await app.open({ path: '/ogc/processes/echo?lang=en' });
  await page.locator('[name=string]').fill('peat');
  await page.locator('[name=pause]').fill('10');
  await page.locator(RUN).click();
  await page.waitForURL('**/ogc/jobs/*');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.locator('.state.dismissed').waitFor();
  await page.close();
});

test('a_form_of_another_site_starts_nothing', async () => {
  const action = `${app.address}/ogc/processes/echo/execution`;
  const html = `<form method="post" action="${action}"><input name="string" value="x"><button>Go</button></form>`;
  const site = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end(html));
  await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve));
  const jobs = async () => (await app.json('/ogc/jobs')).jobs.length;
  const before = await jobs();
  const page = await app.open({ path: '/ogc' });
  // Another port, another name of this machine, and a page that has no origin at all.
  const { port } = site.address();
  for (const other of [
    `http://127.0.0.1:${port}/`,
    `http://localhost:${port}/`,
    `data:text/html,${encodeURIComponent(html)}`,
  ]) {
    await page.goto(other);
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.url().startsWith(action)),
      page.locator('button').click(),
    ]);
    assert.equal(answer.status(), 403, other);
  }
  assert.equal(await jobs(), before);
  await page.close();
  site.close();
});

test('show_on_the_map_goes_to_the_feature_and_switches_its_layer_on', async () => {
  const core = await app.json('/ogc/collections/cores/items/1');
  const page = await app.open({ path: '/ogc/collections/cores/items/1?lang=en' });
  await page.getByRole('link', { name: 'Show on the map' }).click();
  await page.waitForFunction(() => /map=1[23]/.test(location.hash), null, { timeout: 30_000 });
  const hash = await page.evaluate(() => location.hash);
  assert.match(hash, /sel=cores\.1(&|$)/);
  assert.match(hash, /hide=(&|$)/, 'nothing is hidden any more');
  const [, lat, lng] = /map=[\d.]+\/([\d.]+)\/([\d.]+)/.exec(hash);
  const [x, y] = core.geometry.coordinates;
  assert.ok(Math.abs(lng - x) < 0.05 && Math.abs(lat - y) < 0.03, `${hash} is at ${x}, ${y}`);
  await page.close();
});

test('show_on_the_map_opens_the_panel_of_a_deposit_that_fills_the_map', async () => {
  const deposits = await app.json('/ogc/collections/deposits/items');
  const deposit = deposits.features.find((feature) => feature.properties.code === 'D7');
  const page = await app.open({ path: `/ogc/collections/deposits/items/${deposit.id}?lang=en` });
  await page.getByRole('link', { name: 'Show on the map' }).click();
  await settled(page);
  await page.waitForFunction(() => /map=1[2-4]/.test(location.hash), null, { timeout: 30_000 });
  await page.getByRole('heading', { name: deposit.properties.name }).waitFor();
  // The figure says what it leaves out, and the whole is a button away.
  const extractable = () => page.locator('section.panel dd .q').first().getAttribute('title');
  const net = await extractable();
  await page.getByText('outside protected land and strips').first().waitFor();
  await page.getByRole('button', { name: 'Figures of the whole deposit' }).click();
  await page.getByText('protected land counted in').first().waitFor();
  await settled(page);
  assert.notEqual(await extractable(), net);
  await page.close();
});

test('a_service_whose_readers_need_a_key_takes_one_in_a_browser', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'peatplan-keys-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const made = execFileSync('sh', [
    '-c',
    `"${binary}" key new reader --role read 2>&1 >"${folder}/keys.toml"`,
  ]);
  const key = /pp_[A-Za-z0-9_-]+/.exec(made.toString())[0];
  const locked = await start(['--keys', join(folder, 'keys.toml'), '--reads-need-a-key']);
  t.after(() => locked.stop());

  // By a page.
  const page = await locked.open({ path: '/ogc/collections?lang=en' });
  await page.getByLabel('Key').fill('pp_wrong');
  await page.getByRole('button', { name: 'Enter' }).click();
  await page.getByText('not one that the service knows').waitFor();
  await page.getByLabel('Key').fill(key);
  await page.getByRole('button', { name: 'Enter' }).click();
  await page.waitForURL('**/ogc/collections?lang=en');
  await page.getByRole('link', { name: 'Probes' }).waitFor();
  // The forms of the pages work with it.
  await page.goto(`${locked.address}/ogc/processes/reserve-estimate?lang=en`);
  await page.locator('input[name=deposit]').fill('D7');
  await page.locator('select[name=method]').selectOption('mean');
  await page.locator(RUN).click();
  await page.locator('.state.successful').waitFor({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL('**/session*');
  await page.goto(`${locked.address}/ogc`);
  await page.getByLabel('Key').waitFor();
  await page.close();

  // By the map.
  const map = await locked.open({ hash: 'lang=en', wait: false });
  await map.getByText('A key is needed').waitFor();
  assert.equal(await map.locator('[role=alert]').count(), 0, 'one form, and no boxes of errors');
  await map.getByLabel('Key').fill(key);
  // Only what is asked for with the key is judged: the map begins anew with it.
  map.once('framenavigated', () => (map.problems.length = 0));
  await map.getByRole('button', { name: 'Enter' }).click();
  await map.locator('h2', { hasText: 'Gus-Khrustalny' }).waitFor({ timeout: 30_000 });
  assert.deepEqual(map.problems, [], 'everything is answered');
  assert.ok(!(await map.evaluate(() => document.cookie)).includes('peatplan'), 'scripts do not see the key');
  await map.close();
});
