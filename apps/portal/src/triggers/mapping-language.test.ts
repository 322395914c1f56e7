import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mappingLanguage } from './mapping-language.ts';

const schema = {
  type: 'object',
  properties: { input: { type: 'object', properties: { file: { type: 'string' } } } },
};
const example = { file: 'raw:/1.h5', metadata: { frames: 3, 'odd name': 1 } };
const { marks, propose } = mappingLanguage(example, schema);
const labels = (text: string) => propose(text, text.length)?.items.map(({ label }) => label);

test('paths and names of the example are proposed, and keys of the input', () => {
  assert.deepEqual(labels('input:\n  file.$: $.'), [
    '$.file',
    '$.metadata',
    '$.metadata.frames',
    "$.metadata['odd name']",
  ]);
  assert.ok(labels('input:\n  n.=: 1 + meta')?.includes('metadata.frames'));
  assert.deepEqual(labels('input:\n  '), ['file', 'file.$', 'file.=']);
  assert.equal(propose('a.=: 1 + meta', 13)?.from, 9);
});

test('faults are marked where they are', async () => {
  assert.deepEqual(await marks(''), []);
  const [wrong] = await marks("a: 1\n'b.=': 1 +\n");
  assert.equal(wrong?.from, 12);
  const [path] = await marks('a.$: file\n');
  assert.match(String(path?.msg), /\$/);
  assert.equal((await marks('- 1')).length, 1);
});
