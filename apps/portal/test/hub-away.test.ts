import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { noBrowser } from '@interpulse/testing/browser/launch-browser.ts';
import { PortalInBrowser } from './portal-in-browser.ts';

describe('the portal while the hub is away', { skip: noBrowser }, () => {
  let portal: PortalInBrowser;
  let page: Page;

  before(async () => {
    portal = await PortalInBrowser.start();
    ({ page } = portal);
    await portal.signIn();
  });
  after(() => portal?.stop());
  afterEach(() => portal.assertNoComplaints());

  const anything = () => `${portal.mock.url}/**`;

  async function goAway(): Promise<void> {
    await page.route(anything(), (route) => route.abort('connectionrefused'));
    portal.mock.cutStreams(true);
    await page.locator('[data-connection-lost]').waitFor();
  }

  async function comeBack(): Promise<void> {
    await page.unroute(anything());
    portal.mock.cutStreams(false);
  }

  const pages: [link: string, heading: string, code: string][] = [
    ['Flows', 'Flows', 'a style sheet and code'],
    ['Settings', 'Settings', 'code alone'],
  ];
  for (const [link, heading, what] of pages) {
    test(`a page whose ${what} never came says so, and opens when the hub is back`, async () => {
      await portal.open('/');
      await page.locator('main h1').waitFor();
      await goAway();
      await page.getByRole('link', { name: link }).first().click();
      const said = page.getByRole('alert').filter({ hasText: 'could not be loaded' });
      await said.waitFor();
      assert.match(await said.innerText(), /the hub did not answer.*opens when the hub is back/);
      await comeBack();
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
      for (const each of ['ERR_CONNECTION_REFUSED', '/events/stream', 'could not be loaded']) {
        portal.expectComplaints(each);
      }
      await page.evaluate(() => sessionStorage.clear());
    });
  }
});
