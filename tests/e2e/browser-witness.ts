import type { Locator, Page } from 'playwright-core';

/** What went wrong in a browser's pages, in words. */
export interface BrowserWitness {
  /** Everything since the last call; nothing when all went well. */
  take(): string[];
  /** From now on answers of this address (a part of it) may have this status. */
  expect(status: number, address: string): void;
}

/** Listens to a page: its errors, its console, and every answer that is not a good one. */
export function witness(page: Page): BrowserWitness {
  let heard: string[] = [];
  const expected: [number, string][] = [];
  const isExpected = (status: number, url: string) =>
    expected.some(([code, part]) => code === status && url.includes(part));
  page.on('pageerror', (error) => heard.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    // Chromium says every bad answer here too; those are judged below.
    const isAnswer = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isAnswer) heard.push(`console: ${message.text()}`);
  });
  page.on('response', (response) => {
    const [status, url] = [response.status(), response.url()];
    if (status >= 400 && !isExpected(status, url)) heard.push(`${status} ${url}`);
  });
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    // Leaving a page ends what it still asks for.
    if (why !== 'net::ERR_ABORTED') heard.push(`${why} ${request.url()}`);
  });
  return {
    take() {
      const words = heard;
      heard = [];
      return words;
    },
    expect: (status, address) => expected.push([status, address]),
  };
}

/** How many strong colours (of 4,096) an element shows, each on 20 pixels or more. */
export async function countColours(page: Page, element: Locator): Promise<number> {
  const png = (await element.screenshot()).toString('base64');
  return Number(await page.evaluate(`(${countInBrowser})('${png}')`));
}

/** As text, for this program knows no browser's types. A grey or pale pixel is no strong colour. */
const countInBrowser = `async (text) => {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const counts = new Map();
  for (let at = 0; at < data.length; at += 4) {
    const [red, green, blue] = data.subarray(at, at + 3);
    if (Math.max(red, green, blue) - Math.min(red, green, blue) < 60) continue;
    const colour = ((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return [...counts.values()].filter((count) => count >= 20).length;
}`;

/** What ends beyond the right edge of the page's panels, as text. */
export async function findSticksOut(page: Page): Promise<string[]> {
  return (await page.evaluate(`(() => {
    const { right } = document.querySelector('main .ip-panel').getBoundingClientRect();
    return [...document.querySelectorAll('main *')]
      .filter((each) => each.getBoundingClientRect().right > right + 1)
      .map((each) => each.tagName + ' ' + each.className + ' ' + each.textContent.slice(0, 40));
  })()`)) as string[];
}

/** Cells of short words in which a line ends within a word, as text. */
export async function findBrokenWords(page: Page): Promise<string[]> {
  return (await page.evaluate(`(() => {
    const lines = (cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
    };
    return [...document.querySelectorAll('td[data-words]')]
      .filter((cell) => lines(cell) > cell.textContent.trim().split(/[\\s-]+/).length)
      .map((cell) => cell.textContent);
  })()`)) as string[];
}
