import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { noBrowser } from '@interpulse/testing/browser/launch-browser.ts';
import type { MockApi } from './mock-api/start-mock-api.ts';
import { dist, PortalInBrowser } from './portal-in-browser.ts';

/** What people on a slow line wait for; the HDF5 viewer comes later and apart. */
const firstLoadLimitKilobytes = 200;

describe('the portal in a browser', { skip: noBrowser }, () => {
  let portal: PortalInBrowser;
  let mock: MockApi;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  const listen = (each: Page) => portal.listen(each);
  const open = (path: string) => portal.open(path);
  const text = (selector: string) => page.locator(selector).first().innerText();
  const firstId = (list: string) => portal.firstId(list);

  before(async () => {
    portal = await PortalInBrowser.start();
    ({ mock, browser, context, page } = portal);
  });
  after(() => portal?.stop());
  afterEach(() => portal.assertNoComplaints());

  test('a code in the address signs in and does not stay there', async () => {
    await open(`/#code=${mock.code}`);
    await page.waitForSelector('nav[aria-label="Pages"]');
    assert.equal(page.url(), `${mock.url}/`);
    assert.equal(await text('h1'), 'XPCS simulator');
  });

  test('without a session, a wrong code is refused in words and a right one lets in', async () => {
    const other = await browser.newContext();
    const visitor = await other.newPage();
    await visitor.goto(`${mock.url}/jobs#code=wrong-code-99`);
    await visitor.getByText('this code was used or is too old').waitFor();
    assert.match(await visitor.locator('main').innerText(), /interpulse open/);
    await visitor.getByLabel('One-time code').fill(mock.code);
    await visitor.getByRole('button', { name: 'Sign in' }).click();
    await visitor.getByRole('heading', { name: 'Jobs' }).waitFor();
    assert.equal(visitor.url(), `${mock.url}/jobs`);
    await other.close();
  });

  test('the live page follows the shots without a reload, and says when it is behind', async () => {
    await open('/');
    await page.waitForSelector('canvas');
    const bars = page.locator('ol[aria-label="Shots, oldest first"] > li');
    assert.equal(await bars.count(), 50);
    const count = page.locator('[role=timer]');
    assert.match(await count.innerText(), /^\d:\d\d$/);
    const shot = Number(/\d+/.exec(await text('[aria-label="Shot clock"] p'))?.[0]);
    await page.getByText(`Last shot ${shot + 1}`).waitFor();
    mock.world.options.fates.set(shot + 2, 'failed');
    const stale = page.locator('[role=status][data-kind=stale]');
    await stale.waitFor();
    assert.match(await stale.innerText(), /Answer of shot \d+\s+\d shots? behind/);
    await page.locator('[role=status][data-kind=fresh]').waitFor();
  });

  test('a lost connection is said, with the time of what is shown, until it is back', async () => {
    await open('/');
    await page.waitForSelector('canvas');
    mock.cutStreams(true);
    const notice = page.locator('[data-connection-lost]');
    await notice.waitFor();
    assert.match(await notice.innerText(), /Connection lost\s+Showing data of \d\d:\d\d:\d\d/);
    mock.cutStreams(false);
    await notice.waitFor({ state: 'detached' });
    // The refused streams are what this test is about.
    portal.expectComplaints('/events/stream');
  });

  test('every page opens, also in the dark and on a phone, where nothing sticks out', async () => {
    const result = await firstId('datasets?kind=result&limit=1');
    const run = await firstId('flow-runs?filter=completed&limit=1');
    const job = await firstId('jobs?state=completed&limit=1');
    const ensemble = await firstId('ensembles?limit=1');
    const places: [string, string][] = [
      ['/', 'XPCS simulator'],
      ['/?instrument=tomo-bench', 'Tomography bench'],
      ['/flow-runs', 'Flow runs'],
      [`/flow-runs/${run}`, 'xpcs-sim shot'],
      ['/jobs?state=open', 'Jobs'],
      [`/jobs/${job}`, 'correlate shot'],
      ['/jobs/new?app=xpcs-correlate', 'Submit a job'],
      ['/ensembles', 'Ensembles'],
      [`/ensembles/${ensemble}`, 'night 7'],
      ['/apps', 'Apps'],
      ['/apps/xpcs-correlate', 'XPCS correlation'],
      ['/sites', 'Sites'],
      ['/sites/alpha', 'Alpha'],
      ['/catalog', 'Catalog'],
      [`/catalog/${result}`, 'Correlation of'],
      ['/settings', 'Settings'],
      ['/nowhere', 'There is no such page'],
    ];
    const storageState = await context.storageState();
    const phone = await browser.newContext({
      viewport: { width: 390, height: 844 },
      colorScheme: 'dark',
      storageState,
    });
    const small = listen(await phone.newPage());
    for (const [path, heading] of places) {
      for (const each of [page, small]) {
        await each.goto(`${mock.url}${path}`);
        await each.getByRole('heading', { level: 1, name: heading }).waitFor();
      }
      await small.waitForSelector('main .ip-panel, main p');
      const width = await small.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 390, `${path} is ${width} px wide on a phone of 390`);
    }
    await phone.close();
  });

  test('what the hub refuses is shown in its own words', async () => {
    await open('/jobs/job_00000000000000000000000000');
    await page.getByText('there is no job_00000000000000000000000000').waitFor();
    portal.expectComplaints('404');
  });

  test('lists are paged and searched, and the search is in the address', async () => {
    await open('/flow-runs');
    const rows = page.locator('table[aria-label="Flow runs"] tbody tr');
    await rows.first().waitFor();
    assert.equal(await rows.count(), 50);
    await page.getByRole('button', { name: 'Show older' }).click();
    await portal.until('more than a page', async () => (await rows.count()) > 50);
    await page.getByLabel('Search by label').fill('shot 1222');
    await page.waitForURL(/label=shot/);
    await portal.until('the one that is meant', async () => (await rows.count()) === 1);
    assert.match(await rows.first().innerText(), /shot 1222/);
    await page.reload();
    await rows.first().waitFor();
    assert.equal(await page.getByLabel('Search by label').inputValue(), 'shot 1222');
  });

  test('a waiting job says why, and is canceled after a question', async () => {
    await open('/jobs?state=queued');
    await page.getByRole('link', { name: 'tomogram of the tooth' }).click();
    await page.getByText('No site can take it as it is asked for.').waitFor();
    await page.getByRole('button', { name: 'Cancel job' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Cancel job' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('canceled', { exact: true }).first().waitFor();
    assert.equal(await page.getByRole('button', { name: 'Cancel job' }).count(), 0);
  });

  test('an administrator closes a site with a reason and opens it', async () => {
    await open('/sites/beta');
    await page.getByRole('button', { name: 'Close site' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('cooling is being repaired');
    await dialog.getByRole('button', { name: 'Close site' }).click();
    await page.getByText('cooling is being repaired').waitFor();
    await page.getByRole('button', { name: 'Open site' }).click();
    await page.getByRole('button', { name: 'Close site' }).waitFor();
  });

  test('one says where one hears of flow runs, and sends a test there', async () => {
    await open('/settings');
    const own = page.locator('section', { hasText: 'Where you hear of your flow runs' });
    const places = own.getByLabel('Tell me at');
    await places.fill('mail:nobody');
    await places.press('Enter');
    await own.getByText('"mail:nobody" is no place').waitFor();
    await places.press('Backspace');
    await places.fill('mail:ada@example.org');
    await places.press('Enter');
    await own.getByLabel('succeeded').check();
    await own.getByRole('button', { name: 'Save' }).click();
    await own.getByRole('cell', { name: 'none yet' }).waitFor();
    await own.getByRole('button', { name: 'Send a test' }).click();
    await own.getByRole('cell', { name: /ago|now/ }).waitFor();
    await page.reload();
    assert.equal(await own.getByLabel('succeeded').isChecked(), true);
  });

  test('a token is shown once and revoked; one can sign out and in again', async () => {
    await open('/settings');
    const own = page.locator('section', { hasText: 'programs that act as you' });
    await own.getByLabel('Label').fill('laptop');
    await own.getByRole('button', { name: 'Make a token' }).click();
    await own.getByText('It is shown this once').waitFor();
    assert.match(await own.locator('code').innerText(), /^ip_/);
    await page.reload();
    await own.getByRole('cell', { name: 'laptop' }).waitFor();
    assert.equal(await page.locator('code').count(), 0);
    await own.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('button', { name: 'Revoke token' }).click();
    await own.getByText('No tokens.').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('One-time code').fill(mock.code);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    portal.expectComplaints('401');
  });

  test('H5Web draws a line and a heat map of an HDF5 file through our own routes', async () => {
    const result = await firstId('datasets?kind=result&limit=1');
    await open(`/catalog/${result}`);
    let questions = 0;
    page.on('request', (request) => {
      if (request.url().includes('/hdf5/entity')) questions += 1;
    });
    await page.getByRole('button', { name: 'Look inside' }).click();
    const viewer = page.getByLabel(/^Contents of/);
    await viewer.getByRole('treeitem', { name: 'entry' }).click();
    await viewer.getByText('delay (s)').waitFor();
    await viewer.locator('canvas').first().waitFor();
    assert.ok(questions <= 4, `the tree was asked for ${questions} times`);
    await viewer.getByRole('button', { name: /^Export/ }).click();
    const downloaded = page.waitForEvent('download');
    await viewer.getByText('Export to NPY').click();
    const numpy = readFileSync(await (await downloaded).path());
    assert.match(numpy.subarray(0, 128).toString('latin1'), /NUMPY.*'<f8'.*\(34,\)/s);
    assert.equal(numpy.length - 128, 34 * 8);
    await viewer.getByRole('treeitem', { name: 'frames' }).click();
    await viewer.getByRole('tab', { name: /NX Image|NX Heatmap/i }).waitFor();
    await viewer.locator('canvas').first().waitFor();
    assert.equal(await viewer.getByText(/Failed|error/i).count(), 0);
  });

  test('the first load stays small', (t) => {
    const html = readFileSync(join(dist, 'index.html'), 'utf8');
    const scripts = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)];
    const bytes = scripts.reduce((sum, [, path = '']) => {
      return sum + gzipSync(readFileSync(join(dist, path))).length;
    }, 0);
    t.diagnostic(`first load: ${(bytes / 1000).toFixed(1)} kB of JS, gzip`);
    assert.ok(scripts.length > 0);
    assert.ok(bytes <= firstLoadLimitKilobytes * 1000, `${bytes} bytes`);
  });
});
