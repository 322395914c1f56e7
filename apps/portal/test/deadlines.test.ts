import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { noBrowser } from '@interpulse/testing/browser/launch-browser.ts';
import { PortalInBrowser } from './portal-in-browser.ts';

describe('deadlines in the portal', { skip: noBrowser }, () => {
  let portal: PortalInBrowser;

  before(async () => {
    portal = await PortalInBrowser.start();
    await portal.signIn();
  });
  after(() => portal?.stop());
  afterEach(() => portal.assertNoComplaints());

  test('the live page says when the answer is expected, and draws the steps to come', async () => {
    await portal.open('/');
    const analysis = portal.page.getByRole('region', { name: 'Analysis' });
    await analysis.getByText(/Answer expected .* (before|after) the/).waitFor();
    await analysis
      .getByText(/^about /)
      .first()
      .waitFor();
    await analysis.getByText(/due 3 s after the shot/).waitFor();
  });

  test('where the time went: percentages that make up 100, a way to each flow run', async () => {
    await portal.open('/');
    const panel = portal.page.getByRole('region', { name: 'Where the time went' });
    await panel.getByText('running', { exact: true }).waitFor();
    const percents = await panel.locator('em').allInnerTexts();
    assert.ok(percents.length >= 4);
    assert.equal(
      percents.reduce((sum, text) => sum + Number.parseInt(text, 10), 0),
      100,
    );
    await panel.getByRole('link').first().click();
    await portal.page.getByRole('heading', { level: 1, name: /^xpcs-sim shot/ }).waitFor();
  });

  test('flow runs are listed by their deadlines', async () => {
    await portal.open('/flow-runs');
    await portal.page.getByRole('checkbox', { name: 'Next deadline first' }).check();
    await portal.until('the order in the address', () =>
      Promise.resolve(portal.page.url().includes('order=deadline')),
    );
    await portal.page
      .getByRole('link', { name: /^xpcs-sim shot/ })
      .first()
      .waitFor();
  });
});

describe('a shot that takes longer than usual', { skip: noBrowser }, () => {
  let portal: PortalInBrowser;

  before(async () => {
    portal = await PortalInBrowser.start({ periodSeconds: 600 });
    const { world } = portal.mock;
    world.options.fates.set(world.lastNumber(), 'late');
    // It is overdue, and its deadline is further away than this test may take.
    world.passTo(0.88);
    await portal.signIn();
  });
  after(() => portal?.stop());
  afterEach(() => portal.assertNoComplaints());

  test('will be late on the live page, in words', async () => {
    await portal.open('/');
    const expected = portal.page.getByRole('region', { name: 'Analysis' }).getByRole('status');
    await expected.and(portal.page.locator('[data-late]')).waitFor();
    assert.match(await expected.innerText(), /^Answer expected in .+ s after the next shot$/);
  });

  test('stands among the flow runs that will be late, with by how much', async () => {
    await portal.open('/flow-runs?filter=willBeLate');
    const row = portal.page.getByRole('row', {
      name: new RegExp(`shot ${portal.mock.world.lastNumber()}\\b`),
    });
    await row.getByText(/^expected .+ late$/).waitFor();
  });

  test('"now" and "deadline" stand beside each other, however near they are', async () => {
    portal.mock.world.passTo(0.98);
    await portal.open('/flow-runs?filter=active');
    await portal.page
      .getByRole('link', { name: /^xpcs-sim shot/ })
      .first()
      .click();
    const words = (text: string) => portal.page.locator('i').getByText(text, { exact: true });
    await words('deadline').waitFor();
    const [now, deadline] = [
      await words('now').boundingBox(),
      await words('deadline').boundingBox(),
    ];
    assert.ok(now && deadline);
    const isApart = now.x + now.width <= deadline.x || deadline.x + deadline.width <= now.x;
    assert.ok(isApart, JSON.stringify({ now, deadline }));
  });
});
