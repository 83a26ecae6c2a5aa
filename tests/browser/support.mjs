/**
 * What the browser tests share: the real server on a port of its own, a real browser, and a page
 * that remembers every console error and every request that left the machine.
 *
 *   PEATPLAN_BIN          the server's binary (default: target/release/peatplan, else target/debug/peatplan)
 *   PEATPLAN_PROJECT      the project to serve (default: data/demo.gpkg)
 *   PEATPLAN_SCREENSHOTS  a folder for pictures of what was tested, if any are wanted
 */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const require = createRequire(join(root, 'static/package.json'));
const { chromium } = require('playwright-core');
export const axeSource = require('axe-core').source;

export const binary =
  process.env.PEATPLAN_BIN ??
  ['target/release/peatplan', 'target/debug/peatplan'].map((file) => join(root, file)).find(existsSync);
const project = process.env.PEATPLAN_PROJECT ?? join(root, 'data/demo.gpkg');

/** Software WebGL: there is no graphics card where tests run. */
const BROWSER_FLAGS = [
  '--no-sandbox',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-quic',
  '--no-first-run',
  '--no-proxy-server',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

async function startServer(options, project) {
  if (!binary) throw new Error('no server: build peatplan, or name its binary in PEATPLAN_BIN');
  const server = spawn(binary, ['serve', '--project', project, '--listen', '127.0.0.1:0', ...options], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const address = await new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`the server did not start within 60 s: ${said}`)),
      60_000,
    );
    const read = (chunk) => {
      said += chunk;
      const found = /listening on (http:\/\/[\d.]+:\d+)/.exec(said);
      if (!found) return;
      clearTimeout(timer);
      resolve(found[1]);
    };
    server.stdout.on('data', read);
    server.stderr.on('data', read);
    server.on('exit', (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
  });
  return { address, stop: () => server.kill() };
}

/**
 * A server and a browser for one test file. `options` are further ones of `peatplan serve`; with `writes` the server has a
 * copy of the project of its own, so that the others' stays as it is.
 */
export async function start(options = [], { writes = false } = {}) {
  const profile = mkdtempSync(join(tmpdir(), 'peatplan-browser-'));
  const own = join(profile, 'project.gpkg');
  if (writes) copyFileSync(project, own);
  const server = await startServer(options, writes ? own : project);
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    viewport: null,
    args: BROWSER_FLAGS,
  });
  return {
    address: server.address,
    json: async (path) => (await fetch(server.address + path)).json(),
    open: (options) => open(browser, server.address, options),
    stop: async () => {
      await browser.close();
      server.stop();
      rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** A page with the map ready and everything loaded, `hash` being the address after #; or the page of another `path`. */
async function open(
  browser,
  address,
  { path = '/', hash = '', width = 1440, height = 900, dark = false, wait = path === '/', before } = {},
) {
  const page = await browser.newPage();
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce' });
  page.problems = [];
  page.outside = [];
  page.on('console', (message) => {
    if (message.type() === 'error') page.problems.push(message.text());
  });
  page.on('pageerror', (error) => page.problems.push(error.message));
  page.on('request', (request) => {
    const url = request.url();
    if (/^(https?|wss?):/.test(url) && !url.startsWith(address)) page.outside.push(url);
  });
  await before?.(page);
  await page.goto(`${address}${path}${hash ? `#${hash}` : ''}`);
  if (wait) await ready(page);
  return page;
}

export async function ready(page) {
  await page.waitForSelector('.map[data-ready="true"]', { timeout: 30_000 });
  await page.waitForFunction(() => !document.querySelector('.loading'), null, { timeout: 30_000 });
}

/** Waits until the panel shows figures that are not being recomputed. */
export async function settled(page) {
  await page.waitForSelector('section.panel[aria-busy="false"] dd', { timeout: 30_000 });
}

/** Unfolds a part of a panel: what is in it is drawn when the browser says that it was opened, a moment after the click. */
export async function unfold(within, id) {
  const part = within.locator(`details[data-section="${id}"]`);
  if (!(await part.evaluate((details) => details.open))) await part.locator('> summary').click();
  await part.locator('> .content').waitFor();
  return part;
}

export const text = (page, selector) => page.locator(selector).first().innerText();

/** Waits until something that the test itself notes has happened. */
export async function eventually(page, condition, timeout = 60_000) {
  for (const end = Date.now() + timeout; !condition(); await page.waitForTimeout(50))
    if (Date.now() > end) throw new Error(`not within ${timeout} ms: ${condition}`);
}

/** Waits until the map itself says that `name` lies under the pointer: before it is drawn there a click hits nothing. */
export async function pointAt(page, x, y, name) {
  for (let i = 0; i < 300; i++) {
    await page.mouse.move(x + (i % 2), y);
    if ((await page.locator('.tooltip strong').allInnerTexts())[0] === name) return page.mouse.move(x, y);
    await page.waitForTimeout(100);
  }
  throw new Error(`the map did not draw ${name}`);
}

/** The headline figures of the open panel, label by label. */
export const figures = (page) =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll('section.panel .body > dl > div')].map((row) => [
        row.querySelector('dt').textContent,
        row.querySelector('.q').title,
      ]),
    ),
  );

export async function picture(page, name) {
  const folder = process.env.PEATPLAN_SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** A point inside a polygon: the middle of the widest stretch along one of a few lines of latitude. */
export function inside(geometry) {
  const rings = (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates).flat();
  const lats = rings.flat().map((c) => c[1]);
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  let best = { width: 0, at: null };
  for (let i = 1; i < 20; i++) {
    const y = south + ((north - south) * i) / 20 + 1e-7;
    const xs = [];
    for (const ring of rings) {
      for (let j = 0; j + 1 < ring.length; j++) {
        const [a, b] = [ring[j], ring[j + 1]];
        if (a[1] > y !== b[1] > y) xs.push(a[0] + ((y - a[1]) / (b[1] - a[1])) * (b[0] - a[0]));
      }
    }
    xs.sort((p, q) => p - q);
    for (let j = 0; j + 1 < xs.length; j += 2) {
      if (xs[j + 1] - xs[j] > best.width)
        best = { width: xs[j + 1] - xs[j], at: [(xs[j] + xs[j + 1]) / 2, y] };
    }
  }
  return best.at;
}

/** The deposit with the most probes inside: one that an interpolation can be tried on. */
export async function richDeposit(app) {
  const { features } = await app.json('/ogc/collections/deposits/items?limit=1000');
  let best = null;
  for (const deposit of features) {
    const answer = await app.json(`/reserves/${deposit.id}?constraints=apply`);
    if (!best || (answer.probes_used ?? 0) > best.probes) best = { deposit, probes: answer.probes_used ?? 0 };
  }
  return best.deposit;
}
