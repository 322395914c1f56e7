import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { launchBrowser } from '@interpulse/testing/browser/launch-browser.ts';
import { startChild, type Child } from '@interpulse/testing/facility/child.ts';
import { findProcesses } from '@interpulse/testing/facility/find-processes.ts';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { witness, type BrowserWitness } from './browser-witness.ts';

const root = dirname(dirname(import.meta.dirname));

/** A facility as `interpulse up` starts it, in a folder of its own, and a browser beside it. */
export interface BrowserOfUp {
  url: string;
  /** Signs a browser in, once. */
  link: string;
  browser: Browser;
  context: BrowserContext;
  page: Page;
  seen: BrowserWitness;
  open(path: string): Promise<unknown>;
  /** Of the whole page; of the live page what a screen shows. */
  picture(name: string, page?: Page): Promise<unknown>;
  /** Ends all of it; fails when a process is left. */
  stop(): Promise<void>;
}

/** Starts both; nobody is signed in yet. */
export async function startBrowserOfUp(periodSeconds: number): Promise<BrowserOfUp> {
  const folder = mkdtempSync(join(tmpdir(), 'ip-live-'));
  const pictures = process.env['INTERPULSE_SCREENSHOTS'] ?? join(folder, 'pictures');
  mkdirSync(pictures, { recursive: true });
  const main = join(root, 'apps', 'cli', 'src', 'main.ts');
  const args = ['up', '--folder', join(folder, 'up'), '--port', '0', '--no-open'];
  const up = startChild('up', main, [...args, '--period', String(periodSeconds)]);
  let browser: Browser | undefined;
  const stop = async () => {
    await browser?.close();
    await up.kill('SIGINT');
    const left = findProcesses(folder);
    rmSync(folder, { recursive: true, force: true });
    assert.deepEqual(left, [], 'processes that outlived "up"');
  };
  try {
    browser = await launchBrowser();
    const viewport = { width: 1920, height: 1080 };
    const context = await browser.newContext({ viewport, colorScheme: 'light' });
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    const seen = witness(page);
    const url = await printed(up, 'Portal: ');
    const link = await printed(up, 'Sign in once with: ');
    const picture: BrowserOfUp['picture'] = (name, each = page) => {
      const path = join(pictures, `${name}.png`);
      return each.screenshot({ path, fullPage: !name.startsWith('live') });
    };
    const open = (path: string) => page.goto(`${url}${path}`);
    return { url, link, browser, context, page, seen, open, picture, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function printed(up: Child, start: string): Promise<string> {
  return (await up.line((line) => line.startsWith(start))).slice(start.length);
}
