import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';

import { listFiles } from '../list-files.ts';
import { brokenLinks, lookBelow } from './links.ts';
import { readFiles } from './read-files.ts';

const root = dirname(dirname(import.meta.dirname));
const file = { sizeBytes: 0, sha256: '', path: 'docs/a.md' };
const there: Record<string, string> = {
  'docs/b.md': '# One thing\n\n```\n# no heading\n```\n\n## `say`: it\n\n## `say`: it\n',
  'flows/': '',
};
const complaints = (text: string): string[] =>
  brokenLinks({ ...file, text }, (path) => there[path] ?? null).map(
    ({ line, message }) => `${line} ${message}`,
  );

test('every link of the documentation leads somewhere', () => {
  const found = readFiles(root, listFiles(root)).flatMap((each) =>
    brokenLinks(each, lookBelow(root)).map(
      ({ line, message }) => `${each.path}:${line} ${message}`,
    ),
  );
  assert.deepEqual(found, []);
});

test('every how-to is linked from the index', () => {
  const paths = listFiles(root).filter((path) => path.startsWith('docs/how-to/'));
  const index = readFiles(root, ['docs/how-to/README.md'])[0]?.text ?? '';
  const missing = paths
    .map((path) => path.slice('docs/how-to/'.length))
    .filter((name) => name !== 'README.md' && !index.includes(`](${name})`));
  assert.deepEqual(missing, []);
});

test('links to files, folders and headings are followed', () => {
  const right =
    '[b](b.md) [t](b.md#one-thing) [s](b.md#say-it-1) [f](../flows/) [w](https://a.b/c)';
  assert.deepEqual(complaints(right), []);
  assert.deepEqual(complaints('# Here\n\n[here](#here)'), []);
  assert.deepEqual(complaints('x\n[c](c.md)'), ['2 a link to docs/c.md, which is not there']);
  assert.deepEqual(complaints('[h](b.md#no-heading)'), [
    '1 a link to "#no-heading", no heading of docs/b.md',
  ]);
});

test('code is not read for links', () => {
  assert.deepEqual(complaints('```\n[c](c.md)\n```\nand `[c](c.md)`'), []);
});
