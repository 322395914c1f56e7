import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { noBrowser } from '@interpulse/testing/browser/launch-browser.ts';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startBrowserOfUp, type BrowserOfUp } from './browser-of-up.ts';
import { findSticksOut, witness, type BrowserWitness } from './browser-witness.ts';

/** Many items, then a question. */
const definition = {
  StartAt: 'Count',
  States: {
    Count: {
      Type: 'Pass',
      Parameters: { items: Array.from({ length: 300 }, (_, item) => item) },
      ResultPath: '$.list',
      Next: 'Each',
    },
    Each: {
      Type: 'Map',
      ItemsPath: '$.list.items',
      ItemSelector: { 'item.$': '$._context.Map.Item.Value' },
      ItemProcessor: {
        StartAt: 'Look',
        States: { Look: { Type: 'Pass', Next: 'Keep' }, Keep: { Type: 'Pass', End: true } },
      },
      ResultPath: '$.looked',
      Next: 'Ask',
    },
    Ask: {
      Type: 'CreateWebInput',
      Parameters: {
        InputType: 'Selection',
        Context: { Title: 'Go on?' },
        Options: [
          { Value: 'go', Label: 'Go on' },
          { Value: 'stop', Label: 'Stop' },
        ],
      },
      ResultPath: '$.ask',
      Next: 'Answer',
    },
    Answer: {
      Type: 'AwaitWebInput',
      Parameters: { 'web_input_id.$': '$.ask.web_input_id' },
      ResultPath: '$.answer',
      End: true,
    },
  },
};
const inputSchema = {
  type: 'object',
  required: ['sample'],
  properties: { sample: { type: 'string', title: 'Sample', minLength: 2 } },
};

describe('flows in the portal of a real hub', { skip: noBrowser }, () => {
  let world: BrowserOfUp;
  let url = '';
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let seen: BrowserWitness;

  const open = (path: string) => world.open(path);
  const picture = (name: string, each = page) => world.picture(name, each);
  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name });
  const state = (name: string) => page.getByRole('button', { name: new RegExp(`^${name}, `) });
  /** Puts a text in place of the whole text of an editor. */
  const write = async (label: string, text: string) => {
    await page.getByRole('textbox', { name: label }).click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(text);
  };

  before(async () => {
    world = await startBrowserOfUp(3600);
    ({ url, browser, context, page, seen } = world);
    await page.goto(world.link);
    await heading('Simulated XPCS beamline').waitFor();
  });
  after(() => world?.stop());
  afterEach(() => assert.deepEqual(seen.take(), [], 'the browser complained'));

  it('a flow is written, its fault is marked, and it is saved', async () => {
    // Whether the name is free.
    seen.expect(404, '/api/v1/flows/look-and-ask');
    await open('/flows/new');
    const problems = page.getByRole('list', { name: 'Problems' });
    await write('Definition', JSON.stringify(definition).replace('"Next":"Ask"', '"Next":"Aks"'));
    await problems.getByText('there is no state Aks').waitFor();
    await page.locator('.cm-lintRange-error').first().waitFor();
    await picture('flow-editor-fault');
    await write('Definition', JSON.stringify(definition, null, 2));
    await page.getByRole('tab', { name: 'Input' }).click();
    await write('Input schema', JSON.stringify(inputSchema, null, 2));
    await picture('flow-editor-input');
    await page.getByRole('tab', { name: 'Name and description' }).click();
    await page.getByLabel('Name', { exact: false }).first().fill('look-and-ask');
    await page.getByLabel('Title').fill('Look, then ask');
    await page.getByRole('button', { name: 'Save…' }).click();
    const dialog = page.getByRole('dialog');
    await picture('flow-save');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await heading(/Look, then ask/).waitFor();
    await state('Each').waitFor();
    await picture('flow');
    await open('/flows');
    await page.getByRole('link', { name: 'Look, then ask', exact: true }).waitFor();
    await picture('flows');
  });

  it('the form starts it, and the drawing shows it wait for its question', async () => {
    await open('/flows/look-and-ask/start');
    await page.getByLabel('Sample').fill('silica');
    await page.getByLabel('Label').fill('three hundred');
    await picture('flow-start');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await heading('three hundred').waitFor();
    await state('Each').getByText(/300/).waitFor();
    await page.locator('[data-standing=waiting]').first().waitFor();
    await page.getByRole('button', { name: /300 begun: 300 done/ }).click();
    await page.getByText('and 260 more').waitFor();
    await state('Look').click();
    await page.getByText('Show more of 300 visits').waitFor();
    await picture('flow-run-waits');
  });

  it('the question is answered, and the flow run ends', async () => {
    const address = page.url();
    await page
      .getByRole('link', { name: /Go on\?|answer/i })
      .first()
      .click();
    await heading(/Go on\?/).waitFor();
    await picture('question');
    await page.getByText('Go on', { exact: true }).click();
    await page.locator('form button[type=submit]').click();
    await page.locator('form button[type=submit]').waitFor({ state: 'detached' });
    await picture('question-answered');
    await page.goto(address);
    await page.locator('[data-standing=good]').nth(3).waitFor();
    await page.getByText('completed', { exact: true }).first().waitFor();
    assert.equal(await page.locator('[data-standing=waiting]').count(), 0);
    await picture('flow-run-ended');
  });

  it('fits a phone', async () => {
    const storageState = await context.storageState();
    const viewport = { width: 390, height: 844 };
    const phone = await browser.newContext({
      viewport,
      storageState,
      isMobile: true,
      colorScheme: 'dark',
    });
    const small = await phone.newPage();
    const heard = witness(small);
    const run = new URL(page.url()).pathname;
    for (const [path, name, shown] of [
      ['/flows', 'phone-flows', 'tbody tr'],
      ['/flows/look-and-ask', 'phone-flow', 'h1'],
      ['/flows/look-and-ask/edit', 'phone-flow-editor', '.cm-content'],
      ['/flows/look-and-ask/start', 'phone-flow-start', 'form'],
      [run, 'phone-flow-run', 'h1'],
      ['/questions', 'phone-questions', 'h1'],
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
