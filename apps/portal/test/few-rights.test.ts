import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { noBrowser } from '@interpulse/testing/browser/launch-browser.ts';
import { PortalInBrowser } from './portal-in-browser.ts';

describe('the portal of somebody who may only look', { skip: noBrowser }, () => {
  let portal: PortalInBrowser;

  before(async () => {
    portal = await PortalInBrowser.start();
    const me = { id: 'user_x', name: 'visitor', kind: 'user', admin: false, jobId: null };
    await portal.context.route('**/api/v1/me', (route) =>
      route.fulfill({ json: { ...me, projects: { demo: 'reader' } } }),
    );
    await portal.signIn();
  });
  after(() => portal?.stop());
  afterEach(() => portal.assertNoComplaints());

  test('offers nothing that the hub would refuse', async () => {
    const { page } = portal;
    const one = async (list: string) => portal.firstId(list);
    const pages: [path: string, shown: string][] = [
      ['/flow-runs', 'tbody tr'],
      [`/flow-runs/${await one('flow-runs?limit=1&filter=failed')}`, '.ip-panel'],
      ['/triggers', 'tbody tr'],
      ['/jobs', 'tbody tr'],
      [`/jobs/${await one('jobs?limit=1&state=failed')}`, '.ip-panel'],
      [`/ensembles/${await one('ensembles?limit=1')}`, '.ip-panel'],
      ['/catalog', 'tbody tr'],
      ['/sites/alpha', '.ip-panel'],
    ];
    const refused =
      /^(New|Start|Edit|Submit|Pause|Fire|Delete|Change|Run .*again|Cancel|Close|Set a limit)\b/;
    for (const [path, shown] of pages) {
      await portal.open(path);
      await page.locator(`main ${shown}`).first().waitFor();
      await page.getByRole('link', { name: 'Settings' }).getByText('visitor').waitFor();
      const offered = await page.locator('main :is(a, button)').allInnerTexts();
      assert.deepEqual(
        offered.filter((word) => refused.test(word)),
        [],
        `${path} offers what is refused`,
      );
      assert.equal(await page.getByLabel('Choose all rows shown').count(), 0, path);
    }
  });

  test('of flows those are offered that are seen because they were shared', async () => {
    const { page } = portal;
    await portal.open('/flows');
    await page.getByRole('link', { name: 'Settings' }).getByText('visitor').waitFor();
    await page.locator('tbody tr').first().waitFor();
    assert.deepEqual(await page.locator('main table').getByText('Start').allInnerTexts(), [
      'Start',
    ]);
    assert.equal(await page.getByText('New flow').count(), 0);
  });

  test('no form is shown that the hub would refuse at its end', async () => {
    const { page } = portal;
    const pages: [path: string, words: string][] = [
      ['/flows/xpcs-live/edit', 'not change this flow. The managers of project'],
      ['/flows/xpcs-live/start', 'not start this flow'],
      ['/flows/new', 'not make a flow'],
      ['/triggers/every-scan/edit', 'not change this trigger'],
      ['/triggers/new', 'not make a trigger. The managers of a project'],
    ];
    for (const [path, words] of pages) {
      await portal.open(path);
      await page.getByText(`You may look, but ${words}`).waitFor();
      assert.equal(await page.locator('main :is(input, textarea, .cm-editor)').count(), 0, path);
    }
  });
});

describe('the portal of somebody in no project', { skip: noBrowser }, () => {
  let portal: PortalInBrowser;

  before(async () => {
    portal = await PortalInBrowser.start();
    const me = { id: 'user_y', name: 'stranger', kind: 'user', admin: false, jobId: null };
    await portal.context.route('**/api/v1/me', (route) =>
      route.fulfill({ json: { ...me, projects: {} } }),
    );
    for (const list of ['flows', 'flow-runs', 'triggers']) {
      await portal.context.route(`**/api/v1/${list}?*`, (route) =>
        route.fulfill({ json: { items: [], next: null } }),
      );
    }
    for (const thing of ['flow-runs/flowrun_*', 'datasets/*/preview']) {
      await portal.context.route(`**/api/v1/${thing}`, (route) => {
        const problem = { type: '/problems/notFound', title: 'no', status: 404, detail: 'no' };
        return route.fulfill({ status: 404, json: problem });
      });
    }
    await portal.signIn();
  });
  after(() => portal?.stop());

  test('empty lists say who lets them in', async () => {
    const { page } = portal;
    for (const path of ['/flows', '/flow-runs', '/triggers']) {
      await portal.open(path);
      await page.getByText('you are in no project. Its managers make you a member').waitFor();
    }
  });

  test('what is not theirs to see is said, and no page waits for it', async () => {
    const { page } = portal;
    await portal.open('/');
    await page.getByText('This answer has no preview, or it is not yours to see.').waitFor();
    await page.getByText('You may not see this flow run.').waitFor();
    assert.equal(await page.getByText('Add a trigger').count(), 0);
    portal.expectComplaints('status of 404');
    portal.assertNoComplaints();
  });
});
