import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { noBrowser } from '@interpulse/testing/browser/launch-browser.ts';
import { PortalInBrowser } from './portal-in-browser.ts';

describe('the pages of flows', { skip: noBrowser }, () => {
  let portal: PortalInBrowser;
  let page: Page;

  const open = (path: string) => portal.open(path);
  const state = (name: string) => page.getByRole('button', { name: new RegExp(`^${name}, `) });
  const runOf = async (place: number) => {
    const response = await page.request.get(
      `${portal.mock.url}/api/v1/flow-runs?flow=survey&limit=5`,
    );
    const { items } = (await response.json()) as { items: { id: string }[] };
    return items[place]?.id ?? assert.fail('no flow run of the survey');
  };
  /** Puts a text in place of the whole definition. */
  const write = async (text: string) => {
    await page.getByRole('textbox', { name: 'Definition' }).click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(text);
  };

  before(async () => {
    portal = await PortalInBrowser.start();
    ({ page } = portal);
    await portal.signIn();
  });
  after(() => portal?.stop());
  afterEach(() => portal.assertNoComplaints());

  test('the library says how flows fare, and is searched', async () => {
    await open('/flows');
    const rows = page.locator('table[aria-label="Flows"] tbody tr');
    await rows.first().waitFor();
    assert.equal(await rows.count(), 4);
    const live = rows.filter({ hasText: 'XPCS between shots' });
    await live.getByText(/\d+ of \d+ good/).waitFor();
    await live.getByText(/usually/).waitFor();
    await page.getByLabel('Search').fill('tomography');
    await rows.filter({ hasText: 'XPCS between shots' }).waitFor({ state: 'detached' });
    await rows.getByRole('link', { name: /^Tomography/ }).click();
    await page.getByRole('heading', { level: 1, name: /^Tomography/ }).waitFor();
  });

  test('a flow is drawn, as a list too; a state is read, and the definition as YAML', async () => {
    await open('/flows/survey');
    await state('GoodEnough').waitFor();
    await page.getByText('Calibrate.details.error < 0.02').first().waitFor();
    const words = await state('Calibrate').getAttribute('aria-label');
    assert.match(words ?? '', /then GoodEnough; on any error GiveUp/);
    await state('Reduce').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'State Reduce' }).getByText('"reduce"').waitFor();
    await page.getByLabel('How the flow is shown').getByText('List').click();
    const inside = page.getByRole('region', { name: 'ReduceAll, each item' });
    await inside.getByRole('button', { name: 'Check', exact: true }).waitFor();
    await page.getByLabel('Format').getByText('YAML').click();
    await page.getByText('StartAt: Calibrate').waitFor();
  });

  test('the editor marks faults where they are, and the drawing follows', async () => {
    await open('/flows/survey/edit');
    const problems = page.getByRole('list', { name: 'Problems' });
    await problems.getByText(/Retry is an extension/).waitFor();
    const save = page.getByRole('button', { name: 'Save…' });
    await write('{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}');
    await problems.getByText('there is no state B').waitFor();
    await page.locator('.cm-lintRange-error').filter({ hasText: 'B' }).waitFor();
    await page.getByRole('button', { name: /^B, missing/ }).waitFor();
    assert.ok(await save.isDisabled());
    await write('{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}');
    await problems.getByText(/^not JSON/).waitFor();
    await state('A').waitFor();
    await write('{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true, "Comment": "x"}}}');
    await problems.getByText('Nothing is wrong.').waitFor();
    assert.ok(await save.isEnabled());
    await state('A').click();
    const line = page.locator('.cm-activeLine').first();
    assert.match(await line.innerText(), /"A"/);
  });

  test('YAML that is pasted where JSON is expected is taken when it is chosen', async () => {
    await open('/flows/survey/edit');
    const problems = page.getByRole('list', { name: 'Problems' });
    await state('Calibrate').waitFor();
    await write('StartAt: Map\nStates:\n  Map: { Type: Succeed }\n');
    await problems.getByText(/it reads as YAML, so choose YAML above/).waitFor();
    await page.getByLabel('Format').getByText('YAML').click();
    await state('Map').waitFor();
    await problems.getByText('Succeed is an extension that Globus does not know').waitFor();
    assert.equal(await page.locator('.cm-lint-marker-warning').count(), 0);
    assert.ok(await page.getByRole('button', { name: 'Save…' }).isEnabled());
  });

  test('names, keys and paths are completed', async () => {
    await open('/flows/survey/edit');
    await state('Calibrate').waitFor();
    await write('{"StartAt": "", "States": {"First": {"Type": "Pass", "End": true}}}');
    await page.keyboard.press('Control+Home');
    for (let step = 0; step < 13; step += 1) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Control+Space');
    const choices = page.locator('.cm-tooltip-autocomplete');
    await choices.getByText('First').click();
    await page.locator('.cm-content').getByText('"StartAt": "First"').waitFor();
  });

  test('a version is saved after a look at what it changes, then started', async () => {
    await open('/flows/survey/edit');
    await state('Calibrate').waitFor();
    await page.getByLabel('Format').getByText('YAML').click();
    await page.locator('.cm-content').getByText('StartAt: Calibrate').waitFor();
    await page.getByRole('tab', { name: 'Name and description' }).click();
    await page.getByLabel('Description').fill('Calibrates, and so on');
    await page.getByRole('button', { name: 'Save…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/It has another description/).waitFor();
    await dialog.locator('.cm-changedText').first().waitFor();
    await dialog.getByRole('button', { name: 'Save as version 5' }).click();
    await page.getByRole('link', { name: '5, shown here' }).waitFor();
    await page.getByText('Calibrates, and so on').waitFor();
  });

  test('what is worth a look stands on the page of a flow that was saved with it', async () => {
    await open('/flows/new');
    const [Type, ActionUrl, ResultPath] = ['Action', 'interpulse:compute', '$.a'];
    const Parameters = { app: 'nobody' };
    const A = { Type, ActionUrl, Parameters, ResultPath, WaitTime: 9, End: true };
    await write(JSON.stringify({ StartAt: 'A', States: { A } }));
    await state('A').waitFor();
    await page.getByRole('tab', { name: 'Name and description' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('early');
    await page.getByRole('button', { name: 'Save…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
    const worth = page.getByRole('region', { name: 'Worth a look' });
    await worth.getByText('no app is called nobody').waitFor();
    // Whether there is such a flow already was asked.
    portal.expectComplaints('404');
    await open('/flows/survey');
    await state('GoodEnough').waitFor();
    assert.equal(await worth.count(), 0);
  });

  test('a form asks for the input, says what is missing, and starts a flow run', async () => {
    await open('/flows/survey/start');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByText(/fields? needs? attention/).waitFor();
    await page.getByRole('button', { name: 'Choose Reference from the collections' }).click();
    const picker = page.getByRole('dialog');
    await picker.getByLabel('Collection').selectOption('xpcs-raw');
    await picker.getByRole('button', { name: 'night7' }).click();
    await picker.getByRole('button', { name: 'frame_2.h5' }).click();
    await picker.waitFor({ state: 'detached' });
    const reference = page.getByLabel('Reference', { exact: false }).first();
    assert.equal(await reference.inputValue(), 'xpcs-raw:/night7/frame_2.h5');
    await page.getByRole('button', { name: 'Add an element' }).click();
    const file = page.getByRole('textbox', { name: 'File 1' });
    await file.fill('nowhere');
    await page.getByText('must match format', { exact: false }).or(file).first().waitFor();
    await file.fill('xpcs-raw:/night7/frame_1.h5');
    await page.getByLabel('Patience').fill('99');
    await page.getByText('at most 10', { exact: true }).waitFor();
    await page.getByLabel('Patience').fill('3');
    await page.getByText('JSON', { exact: true }).click();
    const typed = JSON.parse(
      await page.getByLabel('Input', { exact: true }).inputValue(),
    ) as object;
    assert.deepEqual(typed, {
      input: {
        mode: 'quick',
        publish: true,
        reference: 'xpcs-raw:/night7/frame_2.h5',
        files: ['xpcs-raw:/night7/frame_1.h5'],
        patience: 3,
      },
    });
    await page.getByLabel('Label').fill('started by hand');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'started by hand' }).waitFor();
  });

  test('flow runs are limited to a flow, and no instant is broken by a long reason', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await open('/flow-runs');
    const rows = page.locator('table[aria-label="Flow runs"] tbody tr');
    await rows.first().waitFor();
    await page.getByLabel('Flow', { exact: true }).selectOption('survey');
    await portal.until('flow runs of one flow', async () => {
      const names = await rows.locator('[data-label="Flow"]').allInnerTexts();
      return names.length > 0 && names.every((name) => name === 'survey');
    });
    assert.match(page.url(), /flow=survey/);
    for (const time of await rows.locator('time').all()) {
      const box = await time.boundingBox();
      assert.ok(box !== null && box.height < 30, `an instant is ${box?.height} pixels high`);
    }
    await page.setViewportSize({ width: 1920, height: 1080 });
  });

  test('a flow run shows its items summed up, in the drawing and in time', async () => {
    await open(`/flow-runs/${await runOf(0)}`);
    const each = state('ReduceAll');
    await each.getByText(/211.*of 400/s).waitFor();
    assert.equal(await page.locator('[data-standing=active]').count(), 2);
    await state('Compare').waitFor();
    const fold = page.getByRole('button', { name: /219 begun: 211 done, 8 active/ });
    await fold.click();
    await page.getByText('and 179 more').waitFor();
    await state('Calibrate').click();
    const visits = page.getByRole('region', { name: 'Visits of Calibrate' });
    await visits.getByText('28.4 s').first().waitFor();
    await page.getByLabel('Which lines').selectOption('bad');
    await page.getByText('No line matches.').waitFor();
  });

  test('what failed is in view, and runs again from there', async () => {
    await open(`/flow-runs/${await runOf(1)}`);
    await page.locator('[data-standing=bad]').first().waitFor();
    const visits = page.getByRole('region', { name: 'Visits of Reduce' });
    await visits.getByText('exit code 3: no frames in the file').waitFor();
    // Not by its colour alone, and not for eyes alone.
    const drawn = page.getByRole('button', { name: /^Reduce, Action, .*; failed$/ });
    await drawn.getByText(/^failed \d/).waitFor();
    await page.getByRole('button', { name: 'Run again…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('From', { exact: true }).selectOption('start');
    await dialog.getByText('The survey', { exact: true }).waitFor();
    await dialog.getByLabel('From', { exact: true }).selectOption('failed');
    await dialog.getByLabel('Label').fill('second try');
    await dialog.getByRole('textbox', { name: 'Changes of its state' }).fill('{"site": "beta"}');
    await dialog.getByRole('button', { name: 'Run again', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'second try' }).waitFor();
    await page.getByRole('link', { name: 'an earlier flow run' }).waitFor();
    const begun = page.locator('section', { hasText: 'State with which it began at' }).last();
    await begun.getByText('"site": "beta"').waitFor();
  });

  test('a flow is shared, and acts as an account', async () => {
    await open('/flows/survey');
    const panel = page.getByRole('region', { name: 'Who has a part' });
    await panel.getByText('nobody else has a part').waitFor();
    await panel.getByRole('button', { name: 'Share…' }).click();
    const dialog = page.getByRole('dialog');
    const save = dialog.getByRole('button', { name: 'Save' });
    const field = (label: string) => dialog.getByLabel(label).and(page.locator('input')).first();
    const type = async (label: string, name: string) => {
      await field(label).fill(name);
      await page.keyboard.press('Enter');
    };
    await type('May start it', 'Not A Name');
    await dialog.getByText(/"Not A Name" is no name/).waitFor();
    assert.ok(await save.isDisabled());
    await page.keyboard.press('Backspace');
    await type('May start it', 'nobody');
    await save.click();
    await dialog.getByText('there is no user or service account "nobody"').waitFor();
    portal.expectComplaints('status of 4');
    await field('May start it').focus();
    await page.keyboard.press('Backspace');
    await type('May start it', 'everyone');
    await type('See its flow runs', 'grace');
    await dialog.getByLabel('Service account').selectOption('xpcs-service');
    await dialog.getByRole('button', { name: 'Add a role' }).click();
    await dialog.getByLabel('Role 1', { exact: true }).fill('Analyst');
    await dialog.getByLabel('Account of role 1').selectOption('tomo-service');
    await save.click();
    await dialog.waitFor({ state: 'detached' });
    await panel.getByText('Analyst as tomo-service').waitFor();
    const response = await page.request.get(`${portal.mock.url}/api/v1/flows/survey`);
    const flow = (await response.json()) as Record<string, unknown>;
    const { starters, viewers, runMonitors, serviceAccount } = flow;
    assert.deepEqual(
      { starters, viewers, runMonitors, serviceAccount },
      {
        starters: ['everyone'],
        viewers: [],
        runMonitors: ['grace'],
        serviceAccount: 'xpcs-service',
      },
    );
  });

  test("a flow run's label, tags and deadline are changed", async () => {
    await open(`/flow-runs/${await runOf(0)}`);
    await page.getByRole('button', { name: 'Change…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Label').fill('survey with gold');
    await dialog.getByLabel('Tags').fill('sample:gold');
    await dialog.getByLabel('Due, from now on').fill('soon');
    await dialog.getByText('write it as 10 min or 2 h, or never').waitFor();
    await dialog.getByLabel('Due, from now on').fill('2 h');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'survey with gold' }).waitFor();
    await page.getByText('sample=gold').waitFor();
    await page.getByText(/1 h 59 min.* left|2 h.* left/).waitFor();
    await page.getByRole('button', { name: 'Change…' }).click();
    await dialog.getByLabel('Due, from now on').fill('never');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/ left$/).waitFor({ state: 'detached' });
  });

  test('a flow run that waits for a person is resumed', async () => {
    await open(`/flow-runs/${await runOf(2)}`);
    await page.getByText('the site asks for a new login').first().waitFor();
    const waits = page.locator('section', { hasText: 'What it waits for' });
    await waits.last().locator('[data-tone=waiting]').waitFor();
    const visit = page.getByRole('region', { name: 'Visits of Calibrate' }).first();
    await visit.locator('summary [data-tone=waiting]').waitFor();
    assert.equal(await page.locator('summary :is(a, button)').count(), 0, 'nothing in a switch');
    const login = waits.last().getByRole('link', { name: 'https://alpha.example.org/login' });
    assert.equal(await login.getAttribute('rel'), 'noreferrer noopener');
    await page.getByRole('button', { name: 'Resume' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('goes on, or says again what it needs').waitFor();
    await dialog.getByRole('button', { name: 'Resume' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Resume' }).waitFor({ state: 'detached' });
  });

  test('on a phone the flow is a list, and nothing sticks out', async () => {
    const phone = await portal.browser.newContext({
      viewport: { width: 390, height: 844 },
      storageState: await portal.context.storageState(),
    });
    const small = portal.listen(await phone.newPage());
    const run = await runOf(0);
    for (const path of [
      '/flows',
      '/flows/survey',
      '/flows/survey/edit',
      '/flows/survey/start',
      '/flows/new',
      `/flow-runs/${run}`,
    ]) {
      await small.goto(`${portal.mock.url}${path}`);
      await small.getByRole('heading', { level: 1 }).waitFor();
      await small.waitForSelector('main .ip-panel');
      const width = await small.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 390, `${path} is ${width} px wide on a phone of 390`);
    }
    await small.getByRole('button', { name: 'Calibrate', exact: true }).first().waitFor();
    await phone.close();
  });
});
