import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { noBrowser } from '@interpulse/testing/browser/launch-browser.ts';
import { PortalInBrowser } from './portal-in-browser.ts';

describe('the pages of triggers and batches', { skip: noBrowser }, () => {
  let portal: PortalInBrowser;
  let page: Page;
  const open = (path: string) => portal.open(path);
  const heading = (name: string) => page.getByRole('heading', { level: 1, name });
  const button = (name: string) => page.getByRole('button', { name, exact: true });

  before(async () => {
    portal = await PortalInBrowser.start();
    ({ page } = portal);
    await portal.signIn();
  });
  after(() => portal?.stop());
  afterEach(() => portal.assertNoComplaints());

  test('the list says what each listens to and how it stands, and is filtered', async () => {
    await open('/triggers');
    const rows = page.locator('table[aria-label="Triggers"] tbody tr');
    await rows.first().waitFor();
    assert.equal(await rows.count(), 7);
    await rows.filter({ hasText: 'at 02:30, Monday through Friday' }).waitFor();
    const paused = rows.filter({ hasText: 'detector is being changed' });
    await paused.getByText('paused', { exact: true }).waitFor();
    await page.getByLabel('State').selectOption('failing');
    await rows.filter({ hasText: 'every-scan' }).waitFor({ state: 'detached' });
    await rows.filter({ hasText: 'paused itself' }).waitFor();
  });

  test('a trigger is paused with a reason that the Live page shows, and resumed', async () => {
    await open('/triggers/every-scan');
    await page.getByText('at most 2 in 1 min').waitFor();
    await button('Pause…').click();
    await page.getByRole('dialog').getByLabel('Why').fill('new detector');
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
    await page.getByText(/Paused by ada.*new detector/).waitFor();
    await open('/');
    await page.getByText(/Results are not coming.*every-scan.*new detector/).waitFor();
    await open('/triggers/every-scan');
    await button('Resume…').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
    await button('Pause…').waitFor();
  });

  test('a dry run says what would have fired; fired by hand it starts its flow', async () => {
    await open('/triggers/every-scan?dry=true');
    const ran = page.getByRole('region', { name: 'Result of the dry run' });
    await ran.getByText(/of \d+ events would have started/).waitFor();
    await ran
      .getByText(/a newer event took its place/)
      .first()
      .waitFor();
    await button('Fire now…').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/The last event: \/2026-11\/shot_\d+\.h5/).waitFor();
    await dialog.getByText(/xpcs-raw:\/2026-11\/shot_\d+\.h5/).waitFor();
    await dialog.getByRole('button', { name: 'Fire', exact: true }).click();
    await dialog.getByRole('link', { name: 'the flow run' }).waitFor();
  });

  test('where nothing has happened yet, the event is made up, and said to be', async () => {
    await open('/triggers/sample-changed');
    await button('Fire now…').click();
    await page.getByRole('dialog').getByText('An example, made up:').waitFor();
  });

  test('a schedule is made: said in words, with the next five instants', async () => {
    await open('/triggers/new');
    await page.getByText('A schedule').click();
    await page.getByLabel('Cron expression').fill('*/10 8-18 * * 1-5');
    await page.getByText(/Every 10 minutes, between 08:00 and 18:5/).waitFor();
    const next = page.getByRole('list', { name: 'Next instants' }).getByRole('listitem');
    assert.equal(await next.count(), 5);
    await page.getByLabel('Condition').fill('1 +');
    await button('Save').click();
    await page.getByText(/fields need attention/).waitFor();
    await page.getByText('choose a flow').waitFor();
    await page.getByLabel('Condition').fill('');
    await page.getByLabel('Name of the trigger').fill('often');
    await page.getByLabel('Flow', { exact: false }).first().waitFor();
    await page
      .locator('select')
      .filter({ hasText: 'XPCS between shots' })
      .selectOption('xpcs-live');
    await button('Save and dry run').click();
    await heading('often').waitFor();
    await page.getByRole('region', { name: 'Result of the dry run' }).waitFor();
  });

  test('a webhook shows its secret once, with lines that sign', async () => {
    await open('/triggers/new?flow=survey');
    await page.getByText('A webhook').click();
    await page.getByLabel('Name of the trigger').fill('hook');
    await button('Save').click();
    await page.getByText('iphook_pretend0secret', { exact: true }).waitFor();
    await page.getByText(/X-Hub-Signature-256/).waitFor();
    await page.getByRole('link', { name: 'To the trigger' }).click();
    await button('New secret…').waitFor();
    assert.equal(await page.getByText('iphook_pretend0secret').count(), 0);
  });

  test('datasets are reprocessed as a batch, which is canceled', async () => {
    await open('/catalog');
    const boxes = page.getByRole('checkbox', { name: /^Choose / });
    await boxes.nth(2).waitFor();
    const labels = await boxes.evaluateAll((all) => all.map((box) => box.ariaLabel ?? ''));
    // By name: a dataset that comes meanwhile moves the rows.
    for (const name of labels.slice(1, 3)) {
      await page.getByRole('checkbox', { name, exact: true }).check();
    }
    await button('Reprocess with a flow…').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Flow', { exact: true }).selectOption('survey');
    await dialog.getByText(/2 flow runs would be/).waitFor();
    await dialog.getByLabel('Label of the batch').fill('with the new mask');
    await dialog.getByRole('button', { name: 'Start 2' }).click();
    await heading('with the new mask').waitFor();
    await button('Cancel batch…').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel batch' }).click();
    await page.getByText('all have ended').waitFor();
  });

  test('of the datasets that a search finds only the newest are reprocessed', async () => {
    await open('/catalog');
    await page
      .getByRole('checkbox', { name: /^Choose / })
      .nth(2)
      .check();
    await button('Choose all that match').click();
    await button('Reprocess with a flow…').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Flow', { exact: true }).selectOption('survey');
    await dialog.getByText(/121 flow runs would be/).waitFor();
    await dialog.getByLabel('Only the newest').fill('20');
    await dialog.getByRole('button', { name: 'Start 20' }).waitFor();
    await dialog.getByRole('button', { name: 'Leave them' }).click();
  });

  test('a batch tells how far it is, when it ends, and why what failed failed', async () => {
    await open('/flow-batches');
    await page.getByRole('link', { name: 'gold, with the new mask' }).click();
    await page.getByText(/^1\s249 of 2\s197$/).waitFor();
    await page.getByText(/in 1[12] min.*at the pace of the last ones/).waitFor();
    await page.getByText(/half of them up to 14/).waitFor();
    await page.getByRole('link', { name: '96 flow runs' }).waitFor();
    const reasons = page.getByRole('list', { name: 'Reasons' });
    await reasons.getByText('Reduce: the job failed: exit code 3').waitFor();
    await reasons.getByText('and 40 more').waitFor();
    await reasons.getByText(/could not be started/).waitFor();
  });

  test('chosen flow runs are done again after a count', async () => {
    await open('/flow-runs');
    await page.getByRole('checkbox', { name: 'Choose all rows shown' }).check();
    const bar = page.getByRole('region', { name: 'Chosen flow runs' });
    await bar.getByRole('button', { name: 'Run again…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/would be started, as backfill/).waitFor();
    await dialog.getByRole('button', { name: /^Start \d+ flow runs/ }).click();
    await page.waitForURL(/\/flow-batches\//);
  });

  test('on a phone nothing sticks out', async () => {
    const phone = await portal.browser.newContext({
      viewport: { width: 390, height: 844 },
      storageState: await portal.context.storageState(),
    });
    const small = portal.listen(await phone.newPage());
    const paths = ['', '/every-scan', '/new', '/gold-registered/edit', '/nightly-report/edit'];
    for (const path of [...paths.map((each) => `/triggers${each}`), '/flow-batches']) {
      await small.goto(`${portal.mock.url}${path}`);
      await small.waitForSelector('main .ip-panel');
      const width = await small.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 390, `${path} is ${width} px wide on a phone of 390`);
    }
    await phone.close();
  });
});
