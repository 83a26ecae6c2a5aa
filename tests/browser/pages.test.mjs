/** The pages: their forms are pressed as a person presses them, and other sites' forms are refused. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { start } from './support.mjs';

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
  await page.locator('[name=pause]').fill('5');
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
