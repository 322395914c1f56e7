import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { noBrowser } from '@interpulse/testing/browser/launch-browser.ts';
import { PortalInBrowser } from './portal-in-browser.ts';

describe('questions to people on a phone', { skip: noBrowser }, () => {
  let portal: PortalInBrowser;
  let phone: BrowserContext;
  let page: Page;

  before(async () => {
    portal = await PortalInBrowser.start();
    phone = await portal.browser.newContext({
      viewport: { width: 390, height: 844 },
      isMobile: true,
    });
    phone.setDefaultTimeout(30_000);
    page = portal.listen(await phone.newPage());
  });
  after(() => portal?.stop());
  afterEach(() => portal.assertNoComplaints());

  const asked = () => portal.mock.world.webInputs;
  const link = () => page.getByRole('link', { name: /^Questions/ }).first();
  const heading = (name: string) => page.getByRole('heading', { level: 1, name });

  test('a link with a one-time code leads to the question, signed in', async () => {
    const id = asked()[0]?.id ?? '';
    await page.goto(`${portal.mock.url}/questions/${id}#code=${portal.mock.code}`);
    await heading('Run 1204: go on with this sample?').waitFor();
    assert.equal(new URL(page.url()).pathname, `/questions/${id}`);
    assert.equal(new URL(page.url()).hash, '');
    await link().getByText('3 open for you').waitFor();
    await page.getByText('silica in water, 10 µm').waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 390, `the page is ${width} px wide`);
  });

  test('an option is chosen and sent; the badge counts down', async () => {
    await page.getByRole('button', { name: 'Answer', exact: true }).click();
    await page.getByRole('alert').getByText('Choose one of the options.').waitFor();
    const card = page.locator('label').filter({ hasText: 'Retry in 30 min' });
    const box = await card.boundingBox();
    assert.ok((box?.height ?? 0) >= 44, 'an option is large enough for a thumb');
    await card.click();
    await page.getByLabel('Comment').fill('trübe – 続けて');
    await page.getByRole('button', { name: 'Answer: Retry in 30 min' }).click();
    await page.getByText('answered', { exact: true }).waitFor();
    await page.getByText('trübe – 続けて').waitFor();
    assert.equal(asked()[0]?.response, 'retry');
    await link().getByText('2 open for you').waitFor();
  });

  test('rows of a table are chosen by their boxes, no more than allowed', async () => {
    await link().click();
    await page.getByRole('link', { name: 'Which projections shall be published?' }).click();
    for (const scan of [1, 2, 3, 4, 6]) await page.getByLabel(`Choose Scan ${scan}`).check();
    await page.getByRole('button', { name: 'Answer: 5 of 6' }).click();
    await page.getByRole('alert').getByText('Please choose at most 4.').waitFor();
    await page.getByLabel('Choose Scan 2').uncheck();
    await page.getByRole('button', { name: 'Answer: 4 of 6' }).click();
    await page.getByText('Scan 1, Scan 3, Scan 4, Scan 6').waitFor();
    assert.deepEqual(asked()[1]?.response, ['scan-1', 'scan-3', 'scan-4', 'scan-6']);
  });

  test('a form is filled in by its schema, and says what is missing', async () => {
    await page.goto(`${portal.mock.url}/questions/${asked()[2]?.id}`);
    await page.getByRole('button', { name: 'Answer', exact: true }).click();
    await page.getByRole('alert').getByText('One field needs attention.').waitFor();
    await page.getByLabel('Exposure').fill('0.25');
    await page.getByRole('button', { name: 'Answer', exact: true }).click();
    await page.getByText('answered', { exact: true }).waitFor();
    assert.deepEqual(asked()[2]?.response, { exposure: 0.25, positions: 20 });
  });

  test('what is for others can be seen and not answered; what ended says how', async () => {
    await page.goto(`${portal.mock.url}/questions?filter=all`);
    const rows = page.locator('table[aria-label="Questions"] tbody tr');
    await portal.until('all questions', async () => (await rows.count()) === 6);
    await page.goto(`${portal.mock.url}/questions/${asked()[3]?.id}`);
    await page.getByText('This question is for others: grace.').waitFor();
    assert.equal(await page.getByRole('button', { name: /^Answer/ }).count(), 0);
    await page.goto(`${portal.mock.url}/questions/${asked()[5]?.id}`);
    await page.getByText('Nobody answered in time.').waitFor();
  });

  test('a flow run leads to its open question, which another one answers meanwhile', async () => {
    const left = asked()[3];
    assert.ok(left);
    await page.goto(`${portal.mock.url}/flow-runs/${left.flowRunId}`);
    const notice = page.getByRole('region', { name: 'Questions of this flow run' });
    await notice.getByRole('link', { name: 'Look at it' }).click();
    await page.getByText('open', { exact: true }).waitFor();
    const close = `${portal.mock.url}/api/v1/web-inputs/${left.id}/close`;
    const answer = await page.request.post(close, { data: { reason: 'beam is gone' } });
    assert.equal(answer.status(), 200);
    await page.getByText('Closed unanswered by ada, beam is gone').waitFor();
  });
});
