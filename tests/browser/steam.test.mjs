/** A machine in place of a consumer's reducing valve, asked for from the consumer's panel. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axeSource, picture, start, text, unfold } from './support.mjs';

let app;
let consumers;
before(async () => {
  app = await start();
  consumers = (await app.json('/ogc/collections/consumers/items?limit=100')).features;
});
after(() => app.stop());

const machine = async (page) =>
  (await unfold(page, 'consumer.steam')).locator('[data-input=outlet_pressure_mpa] input').waitFor();
const give = async (page, name, value) => {
  await page.locator(`[data-testid=steam] [data-input=${name}] input`).fill(value);
  await page.keyboard.press('Tab');
};

test('a_consumer_of_steam_is_asked_what_a_machine_gives_and_its_figures_are_the_servers', async () => {
  const { id } = consumers.find(({ properties: p }) => p.steam_pressure_mpa && p.kind === 'boiler_house');
  const page = await app.open({ hash: `lang=ru&sel=consumers.${id}` });
  await machine(page);
  // Without the pressure behind the valve nothing can be computed: the panel says so, and what to give.
  assert.match(await text(page, '[data-testid=steam-missing]'), /за РОУ/);
  assert.equal(await page.locator('[data-testid=steam] [data-testid=run-plan]').count(), 0);
  await give(page, 'outlet_pressure_mpa', '0,3');
  await page.locator('[data-testid=steam] [data-input=machine] select').selectOption('screw');
  await page.locator('[data-testid=steam] [data-testid=run-plan]').click();
  await page.locator('[data-testid=steam-result]').waitFor({ timeout: 60_000 });
  const answer = await fetch(`${app.address}/ogc/processes/steam-retrofit/execution`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ inputs: { consumer: id, outlet_pressure_mpa: 0.3, machine: 'screw' } }),
  });
  const alone = await answer.json();
  const full = await page.locator('[data-testid=steam-result] .q').first().getAttribute('title');
  const size = Number(full.replace(/[^\d,]/g, '').replace(',', '.'));
  assert.ok(Math.abs(size - alone.size_kw) < 1e-6 * size, `${full} is not ${alone.size_kw}`);
  // What the server warns of in English stands there in Russian.
  assert.ok(alone.warnings.some(({ code }) => code === 'below_minimum_load'));
  const warnings = page.locator('[data-testid=steam-result] .warnings');
  assert.match(await warnings.innerText(), /слишком мало, чтобы машина работала/);
  assert.equal(await warnings.locator('[lang=en]').count(), 0);
  await page.locator('[data-testid=steam-result]').scrollIntoViewIfNeeded();
  await picture(page, 'steam-ru');
  assert.match(await page.evaluate(() => location.hash), /b\.outlet_pressure_mpa=0\.3/);
  // A changed input marks the figures as those of the former one.
  await give(page, 'outlet_pressure_mpa', '0,12');
  await page.locator('[data-testid=steam] .stale').waitFor();
  assert.deepEqual(page.problems, []);
  await page.close();
});

test('a_consumer_without_steam_can_be_tried_and_a_refusal_leads_to_its_input', async () => {
  const { id } = consumers.find(({ properties: p }) => !p.steam_pressure_mpa);
  const page = await app.open({
    hash: `lang=en&sel=consumers.${id}&b.outlet_pressure_mpa=1.5`,
    width: 390,
    height: 844,
    dark: true,
  });
  await machine(page);
  assert.match(await text(page, '[data-testid=steam-missing]'), /before the reducing valve/);
  await give(page, 'inlet_pressure_mpa', '1.3');
  await page.locator('[data-testid=steam] [data-testid=run-plan]').click();
  await page.locator('[data-testid=steam] .problem').waitFor();
  await page.locator('[data-testid=steam] .advice button').click();
  const focused = await page.evaluate(() => document.activeElement?.closest('[data-input]')?.dataset.input);
  assert.ok(/pressure_mpa$/.test(focused), focused);
  await give(page, 'outlet_pressure_mpa', '0.3');
  await page.locator('[data-testid=steam] [data-testid=run-plan]').click();
  await page.locator('[data-testid=steam-result]').waitFor({ timeout: 60_000 });
  await page.locator('[data-testid=steam-result]').scrollIntoViewIfNeeded();
  await picture(page, 'steam-en-phone-dark');
  const wide = await page.evaluate(() =>
    [...document.querySelectorAll('section.panel .body')].map((b) => b.scrollWidth - b.clientWidth),
  );
  assert.ok(
    wide.every((more) => more <= 0),
    String(wide),
  );
  await page.evaluate(axeSource);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  assert.deepEqual(
    found.violations
      .filter(({ impact }) => ['serious', 'critical'].includes(impact))
      .map(({ id: rule, nodes }) => `${rule}: ${nodes.map((node) => node.target.join(' ')).slice(0, 3)}`),
    [],
  );
  await page.close();
});
