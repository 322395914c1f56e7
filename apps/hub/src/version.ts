import { readFileSync } from 'node:fs';

/** The version of this hub, as its package says. */
export const hubVersion: string = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  }
).version;
