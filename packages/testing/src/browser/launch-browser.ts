import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** Debian's Chromium. */
const chromiumPath = '/usr/bin/chromium';

/** Why browser tests cannot run here; false when they can. */
export const noBrowser = existsSync(chromiumPath) ? false : `${chromiumPath} is not installed`;

/** Starts Chromium without its own network traffic; WebGL comes from software. */
export function launchBrowser(): Promise<Browser> {
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      ...(isRoot ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--enable-unsafe-swiftshader',
    ],
  });
}
