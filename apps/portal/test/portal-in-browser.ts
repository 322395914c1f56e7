import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '@interpulse/testing/browser/launch-browser.ts';
import { startMockApi, type MockApi } from './mock-api/start-mock-api.ts';

/** Longer than any page takes on a busy machine. */
const waitMilliseconds = 30_000;

const folder = join(import.meta.dirname, '..');

/** Where the portal is built to. */
export const dist = join(folder, 'dist');

function buildPortal(): void {
  if (existsSync(join(dist, 'index.html'))) return;
  const vite = join(folder, '..', '..', 'node_modules', 'vite', 'bin', 'vite.js');
  execFileSync(process.execPath, [vite, 'build', '--logLevel=warn'], { cwd: folder });
}

/** The built portal over a mock of the API, in a browser that notes what goes wrong in it. */
export class PortalInBrowser {
  readonly mock: MockApi;
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly page: Page;
  #complaints: string[] = [];

  private constructor(parts: {
    mock: MockApi;
    browser: Browser;
    context: BrowserContext;
    page: Page;
  }) {
    this.mock = parts.mock;
    this.browser = parts.browser;
    this.context = parts.context;
    this.page = this.listen(parts.page);
  }

  /** Builds the portal where it is not built, and opens an empty page. */
  static async start({ periodSeconds = 3 } = {}): Promise<PortalInBrowser> {
    buildPortal();
    const mock = await startMockApi({ periodSeconds });
    const browser = await launchBrowser();
    const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
    context.setDefaultTimeout(waitMilliseconds);
    const page = await context.newPage();
    return new PortalInBrowser({ mock, browser, context, page });
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.mock.stop();
  }

  /** Notes what a page throws or writes as an error. */
  listen(page: Page): Page {
    page.on('pageerror', (error) => this.#complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error')
        this.#complaints.push(`${message.text()} ${message.location().url}`);
    });
    return page;
  }

  /** Forgets complaints with these words: they are what a test is about. */
  expectComplaints(words: string): void {
    this.#complaints = this.#complaints.filter((each) => !each.includes(words));
  }

  /** Fails when the browser has complained since the last time. */
  assertNoComplaints(): void {
    const heard = this.#complaints;
    this.#complaints = [];
    assert.deepEqual(heard, [], 'the browser complained');
  }

  /**
   * Waits until something is so. Asked from here: a page that paints nothing for a while on a busy
   * machine calls no animation frame, by which the browser's own waiting goes.
   */
  async until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + waitMilliseconds;
    while (!(await isSo())) {
      if (performance.now() > deadline) {
        const shown = (await this.page.locator('body').innerText()).slice(0, 2000);
        throw new Error(`waited in vain for ${what} at ${this.page.url()}, which shows:\n${shown}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async open(path: string): Promise<void> {
    await this.page.goto(`${this.mock.url}${path}`);
  }

  async signIn(): Promise<void> {
    await this.open(`/#code=${this.mock.code}`);
    await this.page.waitForSelector('nav[aria-label="Pages"]');
  }

  /** The id of the first row of a list of the API. */
  async firstId(list: string): Promise<string> {
    const response = await this.page.request.get(`${this.mock.url}/api/v1/${list}`);
    const { items } = (await response.json()) as { items: { id: string }[] };
    return items[0]?.id ?? assert.fail(`nothing in ${list}`);
  }
}
