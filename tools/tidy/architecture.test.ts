import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const root = dirname(dirname(import.meta.dirname));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const namesOf = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, name = '']) => name).sort();

test('ARCHITECTURE.md can be read in one go', () => {
  const lines = read('ARCHITECTURE.md').trimEnd().split('\n').length;
  assert.ok(lines <= 250, `${lines} lines; the insides of flows and of compute have pages in docs`);
});

test('ARCHITECTURE.md has every reconciler', () => {
  const source = read('apps/hub/src/reconcilers/all-reconcilers.ts');
  const running = namesOf(source, /reconciler\('(\w+)'/g);
  const [, table = ''] = read('ARCHITECTURE.md').split('## Reconcilers');
  const told = namesOf(table.split('\n## ')[0] ?? '', /^\| `(\w+)` +\|/gm);
  assert.ok(running.length > 10);
  assert.deepEqual(told, running);
});

test('run-on-a-server.md has every key of the hub configuration', () => {
  const keysOf = (path: string, schema: string): string[] => {
    const [, after = ''] = read(path).split(`export const ${schema} = z.strictObject({`);
    return namesOf(after.split('\n});')[0] ?? '', /^ {2}(\w+):/gm);
  };
  const keys = [
    ...keysOf('apps/hub/src/hub-config.ts', 'hubConfigSchema'),
    ...keysOf('apps/hub/src/messages/message-settings.ts', 'messageSettingsSchema'),
  ];
  const page = read('docs/how-to/run-on-a-server.md');
  assert.ok(keys.includes('folder') && keys.includes('webhooks'), keys.join());
  assert.deepEqual(
    keys.filter((key) => !page.includes(`| \`${key}\``)),
    [],
  );
});
