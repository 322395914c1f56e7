import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { noBrowser } from '@interpulse/testing/browser/launch-browser.ts';
import { PortalInBrowser } from './portal-in-browser.ts';

/** Words up to this long are names of people, sites and pools; paths and digests may be broken. */
const wordCharacters = 20;

describe('pages in windows of every width', { skip: noBrowser }, () => {
  let portal: PortalInBrowser;
  let page: Page;

  before(async () => {
    portal = await PortalInBrowser.start({ periodSeconds: 20 });
    ({ page } = portal);
    await portal.signIn();
  });
  after(() => portal?.stop());
  afterEach(() => portal.assertNoComplaints());

  const lists = [
    '/flows',
    '/flows/survey',
    '/flow-runs',
    '/triggers',
    '/triggers/every-scan',
    '/questions?filter=all',
    '/jobs',
    '/ensembles',
    '/sites/alpha',
    '/catalog',
    '/instruments/xpcs-sim/runs',
  ];

  /** Words of tables that stand in two lines, though no longer than a name. */
  const brokenWords = (most: number) =>
    page.locator('tbody td').evaluateAll((cells, longest) => {
      const broken: string[] = [];
      for (const cell of cells) {
        const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
          for (const { index, 0: word } of (node.textContent ?? '').matchAll(/[\p{L}\d:.]+/gu)) {
            const range = document.createRange();
            range.setStart(node, index);
            range.setEnd(node, index + word.length);
            if (word.length <= longest && range.getClientRects().length > 1) broken.push(word);
          }
        }
      }
      return broken;
    }, most);

  test('on a small screen no name is broken, and a table scrolls in its own place', async () => {
    await page.setViewportSize({ width: 1024, height: 768 });
    for (const path of lists) {
      await portal.open(path);
      await page.locator('tbody tr').first().waitFor();
      assert.deepEqual(await brokenWords(wordCharacters), [], `words are broken at ${path}`);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 1024, `${path} is ${width} px wide in a window of 1024`);
    }
  });

  test('short names stand in one line where there is room', async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await portal.open('/flow-runs');
    await page.locator('tbody tr').first().waitFor();
    const lines = await page.locator('td[data-label="Flow"]').evaluateAll((cells) =>
      cells.map((cell) => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        return range.getClientRects().length;
      }),
    );
    assert.ok(
      lines.length > 10 && lines.every((count) => count === 1),
      `lines: ${lines.join(' ')}`,
    );
  });

  test('the longest names that there are push nothing out of a table', async () => {
    const long = 'a-name-that-is-as-long-as-the-hub-takes-it-of-beamline-8-3-2-xx';
    await page.route('**/api/v1/triggers?*', async (route) => {
      const answer = await route.fetch();
      const { items, ...rest } = (await answer.json()) as { items: object[] };
      const named = items.map((item, place) => ({ ...item, name: `${long}${place}` }));
      await route.fulfill({
        json: { ...rest, items: named.map((item) => ({ ...item, flowName: long })) },
      });
    });
    await page.setViewportSize({ width: 1440, height: 900 });
    await portal.open('/triggers');
    await page.getByRole('link', { name: `${long}0` }).waitFor();
    await page.unroute('**/api/v1/triggers?*');
    const frame = page.locator('main table').locator('..');
    const over = await frame.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    assert.ok(over <= 0, `${over} px of the table are out of sight`);
  });

  test('what a flow run waits for has room beside its name', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await portal.open(`/flow-runs/${await portal.firstId('flow-runs?limit=1')}`);
    const list = page.locator('main dl').first();
    await list.waitFor();
    const share = await list.evaluate((facts) => {
      const value = facts.querySelector('dd');
      return (value?.getBoundingClientRect().width ?? 0) / facts.getBoundingClientRect().width;
    });
    assert.ok(share > 0.65, `values have ${Math.round(share * 100)} % of the line`);
  });

  for (const [width, height] of [
    [1024, 768],
    [1440, 900],
    [1920, 1080],
  ] as const) {
    test(`the live page cuts nothing off at ${width} × ${height}`, async () => {
      await page.setViewportSize({ width, height });
      await portal.open('/');
      await page.getByText('between steps').waitFor();
      const cut = await page
        .locator('main .ip-panel')
        .evaluateAll((panels) =>
          panels
            .filter((panel) => panel.scrollHeight > panel.clientHeight + 1)
            .map((panel) => panel.querySelector('h2')?.textContent),
        );
      assert.deepEqual(cut, []);
      const pageHeight = await page.evaluate(() => document.documentElement.scrollHeight);
      assert.ok(pageHeight <= Math.max(1100, height + 1), `${pageHeight} px high`);
    });
  }

  test('every page says in which zone its times are', async () => {
    const abroad = await portal.browser.newContext({
      viewport: { width: 390, height: 844 },
      timezoneId: 'Asia/Kolkata',
      storageState: await portal.context.storageState(),
    });
    const small = portal.listen(await abroad.newPage());
    await small.goto(`${portal.mock.url}/flow-runs`);
    await small.getByTitle(/Asia\/(Kolkata|Calcutta) \(GMT\+05:30\)/).waitFor();
    await abroad.close();
  });

  test('on a phone one reads why something failed, and fields do not make it zoom', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await portal.open('/flow-runs?filter=failed');
    await page.getByText('no beam in 98 of 100 frames').first().waitFor();
    await portal.open('/jobs?state=failed');
    await page.getByText('no beam in 98 of 100 frames').first().waitFor();
    await portal.open('/flows/survey/start');
    await page.getByLabel('Label').waitFor();
    const sizes = await page
      .locator('input:visible, select:visible, textarea:visible')
      .evaluateAll((fields) => fields.map((field) => parseFloat(getComputedStyle(field).fontSize)));
    assert.ok(sizes.length > 5);
    assert.ok(
      sizes.every((size) => size >= 16),
      `letters of ${Math.min(...sizes)} px`,
    );
  });

  test('a failed step shows the end of what its job wrote', async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    const id = await portal.firstId('flow-runs?filter=failed&flow=xpcs-live&limit=1');
    await portal.open(`/flow-runs/${id}`);
    const visits = page.getByRole('region', { name: 'Visits of Correlate' });
    await visits.getByText('The end of stderr').waitFor();
    await visits.getByRole('link', { name: 'all of it' }).click();
    await page.getByRole('heading', { level: 1, name: /correlate shot/ }).waitFor();
  });

  test('a dialog that is closed gives the keyboard back to what opened it', async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await portal.open(`/flow-runs/${await portal.firstId('flow-runs?filter=failed&limit=1')}`);
    for (const name of ['Change…', 'Run again…']) {
      const button = page.getByRole('button', { name, exact: true });
      await button.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      const focused = await page.evaluate(() => document.activeElement?.textContent);
      assert.equal(focused, name);
    }
  });

  test('the keyboard sees where it is, and gets out of the editor again', async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await portal.open('/flows');
    await page.getByLabel('Search').focus();
    const ring = await page
      .getByLabel('Search')
      .evaluate((field) => parseFloat(getComputedStyle(field).outlineWidth));
    assert.ok(ring >= 2, `a ring of ${ring} px`);
    await portal.open('/flows/survey/edit');
    await page.getByRole('textbox', { name: 'Definition' }).focus();
    await page.getByText('Tab indents; Esc, then Tab leaves').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    const isInside = () =>
      page.evaluate(() => document.activeElement?.closest('.cm-content') !== null);
    assert.ok(!(await isInside()), 'Tab leaves the editor');
    assert.ok(!(await page.getByText('Tab indents; Esc, then Tab leaves').isVisible()));
  });
});
