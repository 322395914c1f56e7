import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { noBrowser } from '@interpulse/testing/browser/launch-browser.ts';
import { PortalInBrowser } from './portal-in-browser.ts';

describe('jobs, ensembles, apps and sites in a browser', { skip: noBrowser }, () => {
  let portal: PortalInBrowser;
  let page: Page;

  before(async () => {
    portal = await PortalInBrowser.start();
    ({ page } = portal);
    await portal.signIn();
  });
  after(() => portal?.stop());
  afterEach(() => portal.assertNoComplaints());

  const states = () => page.getByRole('group', { name: 'State' });
  const rows = (label: string) => page.locator(`table[aria-label="${label}"] tbody tr`);
  const dialog = () => page.getByRole('dialog');
  const numberIn = async (name: RegExp) => {
    const words = await states().getByRole('button', { name }).innerText();
    return Number(words.replaceAll(/\D/g, ''));
  };

  test('jobs are found by state, ensemble and reason, which the address says', async () => {
    const ensemble = await portal.firstId('ensembles?limit=1');
    await portal.open(`/jobs?ensemble=${ensemble}`);
    await states()
      .getByRole('button', { name: /^5 000|^5\s?000 All/ })
      .waitFor();
    const failed = await numberIn(/Failed/);
    assert.ok(failed > 20, `${failed} failed`);
    await states()
      .getByRole('button', { name: /Failed/ })
      .click();
    await page.waitForURL(/state=failed/);
    await rows('Jobs').first().getByText('failed', { exact: true }).waitFor();
    await page.getByText('night 7, all positions').waitFor();
    await page.getByRole('button', { name: 'Without this limit: ensemble' }).click();
    await page.waitForURL((url) => !url.search.includes('ensemble'));
  });

  test('chosen jobs, or all that match, are run again after their number is said', async () => {
    const ensemble = await portal.firstId('ensembles?limit=1');
    await portal.open(`/jobs?ensemble=${ensemble}&state=failed&reason=is+missing`);
    await rows('Jobs').first().waitFor();
    await page.getByLabel('Choose position').nth(0).check();
    await page.getByLabel('Choose position').nth(1).check();
    await page.getByRole('button', { name: 'Run again 2…' }).click();
    await dialog().getByRole('button', { name: 'Run again: 2 jobs' }).click();
    await page.getByText('2 jobs run again.').waitFor();
    const left = await numberIn(/Failed/);
    await page.getByLabel('Choose all rows shown').check();
    const all = page.getByRole('button', { name: /^Choose all .* that match/ });
    // Only where there are more than one page shows.
    if (await all.isVisible()) await all.click();
    await page.getByRole('button', { name: /^Run again/ }).click();
    await dialog()
      .getByText(/Run again: \d+ jobs\. They are queued anew/)
      .waitFor();
    await dialog()
      .getByRole('button', { name: /^Run again: \d+ jobs/ })
      .click();
    await page.getByText(/jobs run again\./).waitFor();
    assert.ok(left > 2);
    await portal.until('none left', async () => (await page.locator('tbody tr').count()) < 2);
  });

  test('an ensemble tells each job by keys and opens it, and retries by reason', async () => {
    const ensemble = await portal.firstId('ensembles?limit=1');
    await portal.open(`/ensembles/${ensemble}`);
    await page.getByText(/of 5\s000 ended/).waitFor();
    await page.getByText(/expected to end/).waitFor();
    const grid = page.getByRole('slider', { name: /Jobs of the ensemble/ });
    await grid.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    assert.match((await grid.getAttribute('aria-valuetext')) ?? '', /^job 2: completed, ran/);
    await page.getByText('position 2', { exact: false }).first().waitFor();
    const before = await rows('Failures by reason').count();
    assert.ok(before >= 2);
    await page.getByRole('button', { name: 'Run these again…' }).first().click();
    await dialog()
      .getByRole('button', { name: /^Run again: \d+ jobs/ })
      .click();
    await dialog().waitFor({ state: 'detached' });
    await portal.until('a reason less', async () => {
      return (await rows('Failures by reason').count()) < before;
    });
    await grid.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'position 1' }).waitFor();
  });

  test('a log is followed live without its colours, paused, and goes on', async () => {
    const job = await portal.firstId('jobs?label=refinement&limit=1');
    await portal.open(`/jobs/${job}`);
    const log = page.getByRole('log', { name: 'stdout' });
    await log.getByText(/frame/).waitFor();
    const text = async () => (await log.textContent()) ?? '';
    assert.ok(!(await text()).includes('[33m'));
    const first = await text();
    await portal.until('another line', async () => (await text()) !== first);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText(/^paused/).waitFor();
    const paused = await text();
    await page.getByRole('button', { name: 'Go on' }).click();
    await portal.until('another line', async () => (await text()).length > paused.length);
    assert.ok((await text()).startsWith(paused.trimEnd()), 'nothing is lost or doubled');
  });

  test('why a site was chosen: bars of all that were looked at', async () => {
    const job = await portal.firstId('jobs?state=completed&limit=1');
    await portal.open(`/jobs/${job}`);
    const sites = page.getByRole('list', { name: /Sites that could take it/ });
    await sites
      .getByRole('img', { name: /transfer .* wait .* run .* return/ })
      .first()
      .waitFor();
    assert.equal(await sites.getByRole('listitem').count(), 2);
    await page.getByText('has no pool for urgent work').waitFor();
  });

  test('urgent work gets warm nodes, and no more than the site allows', async () => {
    await portal.open('/sites/alpha');
    await page.getByRole('button', { name: 'Change pool demand' }).click();
    await dialog().getByLabel('Pilots kept warm').fill('5');
    await dialog().getByText('more than the site allows').waitFor();
    assert.ok(await dialog().getByRole('button', { name: 'Save pool' }).isDisabled());
    await dialog().getByLabel('Pilots kept warm').fill('3');
    await dialog().getByLabel('Walltime of a pilot').fill('2 h 30 min');
    await dialog().getByRole('button', { name: 'Save pool' }).click();
    await page.getByText('3 kept warm, 4 at most').waitFor();
    const settings = portal.mock.world.sites[0]?.pools[0]?.settings;
    assert.deepEqual([settings?.minWarm, settings?.walltimeSeconds], [3, 9000]);
  });

  test('a site goes into maintenance, says so, and is taken back', async () => {
    await portal.open('/sites/beta');
    await page.getByRole('button', { name: 'Announce maintenance…' }).click();
    await dialog().getByLabel('Reason').fill('new switches');
    await dialog().getByRole('button', { name: 'Announce' }).click();
    await page.getByText(/^In maintenance until .*: new switches\.$/).waitFor();
    await page.getByRole('button', { name: 'Take back' }).click();
    await dialog().getByRole('button', { name: 'Take it back' }).click();
    await page.getByText('None is announced.').waitFor();
  });

  test('a limit is set for an app at a site, and removed', async () => {
    await portal.open('/sites/beta');
    await page.getByRole('button', { name: 'Set a limit…' }).click();
    await dialog().getByLabel('App').selectOption('xpcs-correlate');
    await dialog().getByLabel('Jobs at most').fill('12');
    await dialog().getByRole('button', { name: 'Set limit' }).click();
    const row = rows('Limits').filter({ hasText: 'app xpcs-correlate here' });
    await row.getByRole('button', { name: 'Remove' }).click();
    await dialog().getByRole('button', { name: 'Remove limit' }).click();
    await row.waitFor({ state: 'detached' });
  });

  test('a job is submitted by the form of its app, with faults at their fields', async () => {
    await portal.open('/apps/xpcs-correlate');
    await page.getByRole('link', { name: 'Submit a job' }).click();
    await page.getByRole('button', { name: 'Submit job' }).click();
    await page.getByText('2 fields need attention.').waitFor();
    await page.getByRole('textbox', { name: 'frames' }).fill('xpcs-raw:/a.h5');
    await page.getByLabel('bin').fill('100');
    await page.getByText('at most 64', { exact: true }).waitFor();
    await page.getByLabel('bin').fill('4');
    await page.getByLabel('Label').fill('by hand');
    await page.getByRole('button', { name: 'Submit job' }).click();
    await page.getByRole('heading', { level: 1, name: 'by hand' }).waitFor();
    assert.deepEqual(portal.mock.world.submitted[0]?.job.parameters, { bin: 4 });
    await page.getByRole('link', { name: 'Edit and submit anew' }).click();
    await page.getByRole('heading', { level: 1, name: 'Submit a job' }).waitFor();
    assert.equal(await page.getByLabel('bin').inputValue(), '4');
  });
});
