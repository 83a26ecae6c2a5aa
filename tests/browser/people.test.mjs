/** Languages, keyboards, screens and screen readers. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axeSource, picture, richDeposit, settled, start, text } from './support.mjs';

let app;
let deposit;
let plant;
before(async () => {
  app = await start();
  deposit = await richDeposit(app);
  plant = (await app.json('/ogc/collections/plants/items')).features[0];
});
after(() => app.stop());

test('switching_to_russian_changes_words_names_and_numbers', async () => {
  const page = await app.open({ hash: `sel=deposits.${deposit.id}&lang=en` });
  await settled(page);
  await page.locator('[data-rail=settings]').click();
  await page.getByText('Русский').click();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'ru');
  assert.equal(await text(page, 'section.panel h2'), deposit.properties.name_ru ?? deposit.properties.name);
  const panel = await text(page, 'section.panel');
  assert.match(panel, /Лестница запасов/);
  assert.match(panel, /\d,\d/);
  assert.doesNotMatch(panel, /\d\.\d+ million/);
  await page.waitForFunction(() => location.hash.includes('lang=ru'));
  await page.close();
});

test('energy_can_be_read_in_gigacalories', async () => {
  const page = await app.open({ hash: `sel=deposits.${deposit.id}&lang=ru&energy=gcal` });
  await settled(page);
  assert.match(await text(page, 'section.panel'), /Гкал/);
  await page.close();
});

test('everything_can_be_done_by_keyboard_alone', async () => {
  const parameter = (await app.json('/parameters')).reserves.find((p) => p.name === 'min_depth_m');
  const page = await app.open({ hash: 'lang=en' });
  const tabTo = async (wanted, most = 150) => {
    for (let i = 0; i < most; i++) {
      await page.keyboard.press('Tab');
      const here = await page.evaluate(() => {
        const element = document.activeElement;
        const by = element?.getAttribute('aria-labelledby');
        return (
          (by && document.getElementById(by)?.textContent) ||
          element?.getAttribute('aria-label') ||
          element?.textContent ||
          ''
        );
      });
      if (here.trim() === wanted) return;
    }
    assert.fail(`no Tab reaches "${wanted}"`);
  };
  // Find a deposit.
  await page.keyboard.press('/');
  await page.locator('input[type=search]').waitFor();
  await page.keyboard.type(deposit.properties.name);
  await page.keyboard.press('Enter');
  await settled(page);
  assert.equal(await text(page, 'section.panel h2'), deposit.properties.name);
  // Change a cut-off.
  const before = await page.locator('section.panel dd .q').first().getAttribute('title');
  await tabTo(parameter.title.en);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('2.2');
  await page.waitForFunction((old) => document.querySelector('section.panel dd .q')?.title !== old, before, {
    timeout: 20_000,
  });
  // Place a plant and read its supply.
  await page.keyboard.press('Escape');
  await page.keyboard.press('p');
  await page.keyboard.press('Enter');
  await page.locator('[data-testid=covered]').waitFor({ timeout: 20_000 });
  assert.match(await text(page, '[data-testid=covered]'), /\d.*%/);
  assert.match(await page.evaluate(() => location.hash), /sel=plants\.new/);
  await page.close();
});

test('a_question_mark_shows_the_keys_and_escape_hides_them', async () => {
  const page = await app.open({ hash: 'lang=en' });
  await page.keyboard.press('?');
  await page.getByRole('heading', { name: 'Keys' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: 'Keys' }).waitFor({ state: 'detached' });
  await page.close();
});

test('every_deposit_can_be_reached_from_the_table', async () => {
  const page = await app.open({ hash: 'lang=en' });
  await page.locator('[data-rail=objects]').click();
  const { numberMatched } = await app.json('/ogc/collections/deposits/items?limit=1');
  assert.equal(await page.locator('table[data-objects=deposits] tbody tr').count(), numberMatched);
  await page.locator(`[data-object="${deposit.id}"]`).focus();
  await page.keyboard.press('Enter');
  await settled(page);
  assert.equal(await text(page, 'section.panel h2'), deposit.properties.name);
  await page.close();
});

const STATES = () => ({
  overview: '',
  deposit: `sel=deposits.${deposit.id}`,
  plant: `sel=plants.${plant.id}&year=5`,
});

for (const dark of [false, true]) {
  test(`axe_finds_nothing_serious_${dark ? 'in_the_dark' : 'in_the_light'}`, async () => {
    for (const [name, hash] of Object.entries(STATES())) {
      const page = await app.open({ hash: `lang=ru&${hash}`, dark });
      if (hash) await settled(page);
      for (const rail of [null, 'objects', 'settings', 'search']) {
        if (rail) await page.locator(`[data-rail=${rail}]`).click();
        await page.evaluate(axeSource);
        const found = await page.evaluate(() =>
          globalThis.axe.run(document, { resultTypes: ['violations'] }),
        );
        const serious = found.violations
          .filter((violation) => ['serious', 'critical'].includes(violation.impact))
          .map(
            (violation) =>
              `${violation.id}: ${violation.nodes
                .map((node) => node.target.join(' '))
                .slice(0, 4)
                .join(' | ')}`,
          );
        assert.deepEqual(serious, [], `${name}, ${rail ?? 'layers'}`);
      }
      await page.close();
    }
  });
}

const SIZES = [
  [1440, 900],
  [1024, 768],
  [390, 844],
];
for (const [width, height] of SIZES) {
  for (const lang of ['ru', 'en']) {
    test(`nothing_is_cut_or_covered_at_${width}_by_${height}_in_${lang}`, async () => {
      for (const [name, hash] of Object.entries(STATES())) {
        const page = await app.open({ hash: `lang=${lang}&${hash}`, width, height });
        if (hash) await settled(page);
        await page.waitForTimeout(300);
        await picture(page, `${name}-${width}-${lang}`);
        const report = await page.evaluate(() => {
          const shown = (element) =>
            element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
            !element.closest('.visually-hidden, .away, .passport');
          const cut = [...document.querySelectorAll('.app *')]
            .filter(
              (element) =>
                element.childNodes.length &&
                [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) &&
                shown(element),
            )
            .filter(
              (element) =>
                !['INPUT', 'SELECT', 'OPTION', 'TITLE'].includes(element.tagName) &&
                !(element instanceof SVGElement),
            )
            .filter((element) => {
              const style = getComputedStyle(element);
              if (style.overflowX === 'visible' && style.textOverflow !== 'ellipsis') {
                const box = element.getBoundingClientRect();
                return box.right > innerWidth + 1 || box.left < -1;
              }
              return element.scrollWidth > element.clientWidth + 1;
            })
            .filter((element) => !element.closest('.maplibregl-canvas-container, .table-wrap'))
            .map((element) => `${element.className} "${element.textContent.trim().slice(0, 40)}"`);
          const floats = [
            'nav',
            'section.panel',
            'section.card',
            'main > .tools',
            '.credits',
            '.app > section[aria-label]',
          ];
          const boxes = [...new Set(floats.flatMap((selector) => [...document.querySelectorAll(selector)]))]
            .filter(shown)
            .map((element) => ({
              name: element.className || element.tagName,
              box: element.getBoundingClientRect(),
            }));
          const over = [];
          boxes.forEach((a, i) =>
            boxes.slice(i + 1).forEach((b) => {
              const x = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
              const y = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
              if (x > 1 && y > 1) over.push(`${a.name} over ${b.name}`);
            }),
          );
          return { cut, over, scroll: document.documentElement.scrollWidth - innerWidth };
        });
        assert.ok(report.scroll <= 0, `${name}: scrolls sideways by ${report.scroll} px`);
        assert.deepEqual(report.cut, [], `${name}: cut`);
        assert.deepEqual(report.over, [], `${name}: covered`);
        await page.close();
      }
    });
  }
}

test('touch_targets_on_a_phone_are_44_pixels', async () => {
  const page = await app.open({ hash: `lang=ru&sel=deposits.${deposit.id}`, width: 390, height: 844 });
  await settled(page);
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('nav button, main > .tools button, section.panel header .button')]
      .filter((element) => element.checkVisibility())
      .map((element) => ({
        name: element.getAttribute('aria-label') ?? element.textContent.trim(),
        box: element.getBoundingClientRect(),
      }))
      .filter(({ box }) => box.width < 44 || box.height < 44)
      .map(({ name, box }) => `${name} ${box.width}×${box.height}`),
  );
  assert.deepEqual(small, []);
  await page.close();
});
