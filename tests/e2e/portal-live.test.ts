import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { until } from '@interpulse/testing/facility/until.ts';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { startBrowserOfUp, type BrowserOfUp } from './browser-of-up.ts';
import {
  countColours,
  findBrokenWords,
  findSticksOut,
  witness,
  type BrowserWitness,
} from './browser-witness.ts';
import { noBrowser } from '@interpulse/testing/browser/launch-browser.ts';

const periodSeconds = 5;

describe('the portal of a facility at work', { skip: noBrowser }, () => {
  let world: BrowserOfUp;
  let url = '';
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let seen: BrowserWitness;

  const open = (path: string) => world.open(path);
  const picture = (name: string, each = page) => world.picture(name, each);
  const table = (name: string) => page.getByRole('table', { name });
  const rows = (name: string) => table(name).locator('tbody tr');
  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name });
  const panel = (title: string | RegExp) =>
    page.locator('.ip-panel').filter({ has: page.getByRole('heading', { name: title }) });
  const json = (title: string) =>
    page
      .locator('section:not(.ip-panel)')
      .filter({ has: page.getByRole('heading', { level: 3, name: title }) })
      .last();
  const lastShot = async () =>
    Number(/Last shot (\d+)/.exec(await page.getByLabel('Shot clock').innerText())?.[1]);
  const holds = (what: string, seconds: number, ask: () => Promise<boolean>) =>
    until(what, seconds, ask);

  before(async () => {
    world = await startBrowserOfUp(periodSeconds);
    ({ url, browser, context, page, seen } = world);
  });
  after(() => world?.stop());
  afterEach(() => assert.deepEqual(seen.take(), [], 'the browser complained'));

  it('lets in with the printed link, once', async () => {
    const { link } = world;
    await page.goto(link);
    await heading('Simulated XPCS beamline').waitFor();
    assert.equal(page.url(), `${url}/`);
    const other = await browser.newContext();
    const stranger = await other.newPage();
    await stranger.goto(link);
    await stranger.getByText(/unknown, used or too old/).waitFor({ timeout: 30_000 });
    assert.equal(await stranger.getByRole('navigation').count(), 0);
    await other.close();
  });

  it('Live counts down, draws the answer, tells its age, and follows the shots', async () => {
    const answer = page.getByLabel('Newest answer');
    await answer.locator('canvas').waitFor({ timeout: 30_000 });
    const timer = page.getByRole('timer');
    // The answer may be drawn before the instrument's own figures have come.
    await holds('the clock to show', 10, async () => /^0:0\d$/.test(await timer.innerText()));
    const counted = new Set<string>();
    await holds('the clock to count', 10, async () => {
      counted.add(await timer.innerText());
      return counted.size >= 3;
    });
    const drawn = await countColours(page, answer.locator('canvas'));
    assert.ok(drawn >= 6, `eight curves are drawn in ${drawn} colours`);
    const ages = new Set<string>();
    await holds('the age of the answer to grow', 10, async () => {
      const [age] = /answer is \d+ s old/.exec(await answer.innerText()) ?? [];
      if (age !== undefined) ages.add(age);
      return ages.size >= 2;
    });
    await page.evaluate('window.wasHere = true');
    const figures = await answer.locator('dl').innerText();
    const next = (await lastShot()) + 1;
    // On a busy machine one is still at work on it when the shot after it comes.
    await holds('the next shot and its answer', 40, async () => {
      const [band] = await answer.getByRole('status').allInnerTexts();
      return Number(/shot (\d+)/i.exec(band ?? '')?.[1]) >= next;
    });
    await holds('new figures', 40, async () => {
      return (await answer.locator('dl').innerText()) !== figures;
    });
    await answer.getByText(/answered in [\d.]+ s, (in time|late)/).waitFor({ timeout: 30_000 });
    const bars = page.getByLabel('Shots, oldest first').getByRole('listitem');
    await holds('a bar for each shot', 15, async () => (await bars.count()) >= next);
    assert.equal(await page.evaluate('window.wasHere'), true, 'no reload');
    await picture('live');
  });

  it('flow runs are listed, come by themselves, and are filtered', async () => {
    await open('/flow-runs');
    await rows('Flow runs').first().waitFor();
    const before = await rows('Flow runs').count();
    await holds('a new flow run in the list', 20, async () => {
      return (await rows('Flow runs').count()) > before;
    });
    await picture('flow-runs');
    await page.getByText('Completed', { exact: true }).click();
    await page.waitForURL(/filter=completed/);
    await rows('Flow runs').getByText('shot 1', { exact: true }).waitFor();
    await holds('completed ones alone', 20, async () => {
      const words = await rows('Flow runs').allInnerTexts();
      return words.length > 0 && words.every((each) => /\bcompleted\b/.test(each));
    });
    await page.getByText('Failed', { exact: true }).click();
    await page.waitForURL(/filter=failed/);
    await page.getByText('No flow run matches.').waitFor();
    await page.getByText('All', { exact: true }).click();
    await page.getByLabel('Search by label').fill('shot 2');
    await holds('the one that is looked for', 10, async () => {
      const words = await rows('Flow runs').allInnerTexts();
      return words.length > 0 && words.every((each) => each.trim().startsWith('shot 2'));
    });
  });

  it('a flow run shows its steps, its log, what went in and what came out', async () => {
    await open('/flow-runs?filter=completed');
    await page.getByRole('link', { name: 'shot 1', exact: true }).click();
    await heading('shot 1').waitFor();
    const steps = panel(/^Steps/).getByRole('listitem');
    const words = (await steps.allInnerTexts()).join('\n');
    for (const step of ['Analyze', 'Plot', 'Publish and return']) {
      assert.match(words, RegExp(step));
    }
    await rows('Log').first().waitFor();
    await page.getByRole('button', { name: /^Show more of/ }).click();
    const log = await table('Log').innerText();
    for (const code of ['FlowStarted', 'ActionCompleted', 'FlowSucceeded']) {
      assert.match(log, RegExp(code));
    }
    await open(`${new URL(page.url()).pathname}?state=Analyze`);
    const visit = page.getByLabel('Visits of Analyze').locator('details');
    await visit.getByText('"xpcs"').first().waitFor();
    await visit.getByRole('button', { name: /^Show/ }).click();
    assert.match(await visit.innerText(), /"app": "xpcs"[^]*results\.h5/);
    assert.match(await json('Input').innerText(), /beamline-raw:\/raw\/shot_000001\.nxs/);
    await json('Output').getByRole('button', { name: /^Show/ }).click();
    assert.match(await json('Output').innerText(), /dataset_/);
    await picture('flow-run');
  });

  it('a job says where it ran and why, and shows the end of its log', async () => {
    await open('/jobs?state=completed');
    await rows('Jobs').first().waitFor();
    await picture('jobs');
    await page.setViewportSize({ width: 1000, height: 1080 });
    assert.deepEqual(await findBrokenWords(page), [], 'words that are broken in a small window');
    assert.deepEqual(await findSticksOut(page), []);
    await page.setViewportSize({ width: 1920, height: 1080 });
    await page.getByRole('link', { name: 'plot shot_000001.nxs' }).click();
    await heading('plot shot_000001.nxs').waitFor();
    await page.getByText(/^Completed at (alpha|beta) in attempt 1/).waitFor();
    const considered = page.getByLabel(/^Sites that/).getByRole('listitem');
    await considered.filter({ hasText: 'alpha' }).waitFor();
    await considered.filter({ hasText: 'beta' }).waitFor();
    await page.getByRole('log').getByText('wrote preview.json').waitFor();
    await rows('Attempts').filter({ hasText: 'completed' }).waitFor();
    await picture('job');
  });

  it('a site is closed with a reason, work goes elsewhere, and it is opened again', async () => {
    await open('/sites');
    for (const name of ['alpha', 'beta', 'beamline']) {
      const card = page.getByRole('article').filter({ hasText: name });
      await card.first().getByText('up', { exact: true }).waitFor();
    }
    const pilots = page.getByRole('article').filter({ hasText: /1 of at most 1 pilots/ });
    assert.equal(await pilots.count(), 2);
    await picture('sites');
    await page.getByRole('link', { name: 'alpha' }).click();
    await rows('Pilots').getByText('running').first().waitFor();
    await page.getByRole('button', { name: 'Close site' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('the cooling water is changed');
    await dialog.getByRole('button', { name: 'Close site' }).click();
    await page.getByText('the cooling water is changed').waitFor();
    await picture('site-closed');
    await open('/jobs?site=beta&app=xpcs');
    await rows('Jobs').first().waitFor({ timeout: 30_000 });
    await open('/sites');
    await page.getByText('the cooling water is changed').waitFor();
    await open('/sites/alpha');
    await page.getByRole('button', { name: 'Open site' }).click();
    await page.getByRole('button', { name: 'Close site' }).waitFor();
    await panel('Status').getByText('up', { exact: true }).waitFor();
  });

  it('a result is found by a word of its title, and leads to its data and back', async () => {
    await open('/catalog');
    await rows('Datasets').first().waitFor();
    await picture('catalog');
    await page.getByLabel(/^Search title/).fill('shot_000001');
    await page.waitForURL(/q=shot/);
    await holds('what bears the word', 10, async () => {
      const words = await rows('Datasets').allInnerTexts();
      return words.length === 2 && words.every((each) => each.includes('shot_000001'));
    });
    await page.getByText('Results', { exact: true }).click();
    await page.waitForURL(/kind=result/);
    await holds('one result', 10, async () => (await rows('Datasets').count()) === 1);
    await page.getByRole('link', { name: 'XPCS of shot_000001.nxs' }).click();
    await heading('XPCS of shot_000001.nxs').waitFor();
    const address = page.url();
    const plot = page.locator('figure canvas').first();
    await plot.waitFor();
    await holds('the plot', 10, async () => (await countColours(page, plot)) >= 6);
    const files = await rows('Files').allInnerTexts();
    assert.equal(files.length, 4);
    for (const file of files) assert.match(file, /\b[0-9a-f]{16}\b/);
    await picture('dataset');
    const from = panel('Where it came from');
    await from.getByRole('link', { name: 'xpcs shot_000001.nxs' }).waitFor();
    await from.getByRole('link', { name: 'shot_000001.nxs', exact: true }).click();
    await heading('shot_000001.nxs').waitFor();
    await from.getByRole('link', { name: 'XPCS of shot_000001.nxs' }).click();
    await heading('XPCS of shot_000001.nxs').waitFor();
    assert.equal(page.url(), address);
  });

  it('H5Web draws the result file where it lies', async () => {
    await page.getByRole('button', { name: 'Look inside' }).click();
    const viewer: Locator = page.getByLabel(/^Contents of/);
    await viewer.getByRole('treeitem', { name: 'entry' }).waitFor({ timeout: 30_000 });
    const canvas = viewer.locator('canvas').first();
    await canvas.waitFor();
    await holds('a heat map', 20, async () => (await countColours(page, canvas)) >= 8);
    assert.equal(await viewer.getByText(/Failed|error/i).count(), 0);
    await picture('dataset-hdf5');
  });

  it('a token is made, lets a program in, and no longer when it is revoked', async () => {
    await open('/settings');
    const mine = panel(/act as you$/);
    await mine.getByLabel('Label').fill('notebook');
    await mine.getByRole('button', { name: 'Make a token' }).click();
    await page.getByText('It is shown this once').waitFor();
    const secret = await page.locator('code.ip-pre').innerText();
    const ask = async () => {
      const headers = { authorization: `Bearer ${secret}` };
      return (await fetch(`${url}/api/v1/jobs`, { headers })).status;
    };
    assert.equal(await ask(), 200);
    // Without the secret.
    await page.reload();
    await page.getByRole('cell', { name: 'notebook' }).waitFor();
    await picture('settings');
    const row = rows('Tokens').filter({ hasText: 'notebook' });
    await row.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('button', { name: 'Revoke token' }).click();
    await row.waitFor({ state: 'detached' });
    assert.equal(await ask(), 401);
  });

  it('fits a phone', async () => {
    const storageState = await context.storageState();
    const viewport = { width: 390, height: 844 };
    const phone = await browser.newContext({ viewport, storageState, isMobile: true });
    const small = await phone.newPage();
    const heard = witness(small);
    for (const [path, name, shown] of [
      ['/', 'phone-live', 'canvas'],
      ['/flow-runs', 'phone-flow-runs', 'tbody tr'],
    ] as const) {
      await small.goto(`${url}${path}`);
      await small.locator(shown).first().waitFor();
      const out = await findSticksOut(small);
      await picture(name, small);
      assert.deepEqual(out, [], `${path} on a phone`);
    }
    assert.deepEqual(heard.take(), []);
    await phone.close();
  });
});
