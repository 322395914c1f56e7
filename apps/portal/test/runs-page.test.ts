import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, afterEach, before, describe, test } from 'node:test';
import { noBrowser } from '@interpulse/testing/browser/launch-browser.ts';
import { PortalInBrowser } from './portal-in-browser.ts';

describe('the run table', { skip: noBrowser }, () => {
  let portal: PortalInBrowser;

  before(async () => {
    portal = await PortalInBrowser.start();
    await portal.signIn();
  });
  after(() => portal?.stop());
  afterEach(() => portal.assertNoComplaints());

  const header = (name: string) => portal.page.getByRole('columnheader', { name });
  const column = async (place: number): Promise<string[]> =>
    portal.page.locator(`tbody tr td:nth-child(${place})`).allInnerTexts();

  test('is reached from the live page, with parameters and results and their units', async () => {
    const { page } = portal;
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
    for (const name of ['temperature', 'sample', 'decay rate (1/s)', 'verdict']) {
      await header(name).waitFor();
    }
    await page.getByText('±').first().waitFor();
    await page.getByText('in equilibrium').first().waitFor();
  });

  test('follows the instrument while it is open', async () => {
    const newest = async () => Number((await column(1))[0]);
    const before = await newest();
    await portal.until('a new run stands on top', async () => (await newest()) > before);
  });

  test('says of each run first how it was answered, however much was found', async () => {
    const names = await portal.page.locator('thead th').allInnerTexts();
    const fixed = ['Run', 'Began', 'Answered after', 'Flow run'];
    assert.deepEqual(names.slice(0, 4), fixed);
  });

  test('is sorted by what was found', async () => {
    await header('decay rate (1/s)').getByRole('button').click();
    await header('decay rate (1/s) ').and(portal.page.locator('[aria-sort]')).waitFor();
    const rates = (await column(8)).map((text) => Number.parseFloat(text)).filter(Number.isFinite);
    assert.ok(rates.length > 10);
    const sort = await header('decay rate (1/s)').getAttribute('aria-sort');
    const sorted = rates.toSorted((a, b) => (sort === 'ascending' ? a - b : b - a));
    assert.deepEqual(rates, sorted);
  });

  test('leaves out columns, in its address too, and is saved as it is shown', async () => {
    const { page } = portal;
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'attenuator' }).uncheck();
    await header('attenuator').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    assert.match(page.url(), /hide=/);
    await page.reload();
    await header('temperature').waitFor();
    assert.equal(await header('attenuator').count(), 0);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as CSV' }).click(),
    ]);
    assert.equal(download.suggestedFilename(), 'xpcs-sim-runs.csv');
    const [head, row] = (await readFile(await download.path(), 'utf8')).split('\r\n');
    assert.match(
      head ?? '',
      /^run,began,.*,temperature,sample,decay rate \(1\/s\),contrast,verdict$/,
    );
    assert.match(row ?? '', /^\d+,20/);
  });

  test('of an instrument that has none says where runs come from', async () => {
    await portal.open('/instruments/tomo-bench/runs');
    await portal.page.getByText('No run yet.').waitFor();
  });
});
