import { posix } from 'node:path';

import { isTest, isTypeScript, type Rule } from './rule.ts';
import { listImports } from './syntax.ts';

/**
 * What each room may import. Written out and not computed, so that a new door between rooms is a
 * line somebody has read; every line must lead down (see the test).
 */
const doors: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  formats: ['domain'],
  analysis: ['domain', 'formats'],
  api: ['domain', 'formats'],
  store: ['domain', 'formats', 'api'],
  adapters: ['domain', 'formats', 'analysis', 'api'],
  testing: ['domain', 'formats', 'analysis', 'api', 'store', 'adapters'],
  hub: ['domain', 'formats', 'analysis', 'api', 'store', 'adapters'],
  agent: ['domain', 'formats', 'analysis', 'api', 'adapters'],
  pilot: ['domain', 'api', 'adapters'],
  cli: ['domain', 'formats', 'api', 'adapters', 'store'],
  portal: ['domain', 'api'],
};

/** Rooms from the ground up; a door leads from a later one to an earlier one. */
export const roomOrder: readonly string[] = Object.keys(doors);

/** The rooms a room may import from. */
export function doorsOf(room: string): readonly string[] {
  return doors[room] ?? [];
}

/** The room a path lies in; undefined for tests/, bench/, tools/, which may import any. */
function roomOf(path: string): string | undefined {
  return /^(?:packages|apps)\/([^/]+)\//.exec(path)?.[1];
}

function targetRoom(path: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return roomOf(posix.join(posix.dirname(path), specifier));
  return /^@interpulse\/([^/]+)/.exec(specifier)?.[1];
}

function explain(path: string, specifier: string): string | undefined {
  const from = roomOf(path);
  const to = targetRoom(path, specifier);
  if (specifier.startsWith('.')) {
    if (from === to) return undefined;
    return `${specifier} leaves its room; import @interpulse/${to ?? '...'}/... instead`;
  }
  if (to === undefined || from === undefined || from === to) return undefined;
  // A room's own folder `src/testing` or `test` is of its tests.
  if (to === 'testing' && (isTest(path) || /^apps\/[a-z]+\/(src\/testing|test)\//.test(path)))
    return undefined;
  if (doorsOf(from).includes(to)) return undefined;
  const allowed = doorsOf(from).join(', ') || 'no room';
  return `${from} may not import ${to} (${specifier}); it may import: ${allowed}`;
}

/** Imports go down: apps never import apps, the agent never imports the store. */
export const floors: Rule = {
  name: 'imports only go down the floors of the house',
  check: (file) => {
    if (!isTypeScript(file.path)) return [];
    return listImports(file).flatMap(({ specifier, line }) => {
      const message = explain(file.path, specifier);
      return message === undefined ? [] : [{ line, message }];
    });
  },
};
