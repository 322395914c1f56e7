import assert from 'node:assert/strict';
import { test } from 'node:test';
import { valueWords } from './value-words.ts';

test('facts are said as people read them', () => {
  const said = [0.1 + 0.2, 12, true, null, '', 'χ²', [1, 'a'], { a: 1 }].map(valueWords);
  assert.deepEqual(said, ['0.3', '12', 'yes', '–', '–', 'χ²', '1, a', '{"a":1}']);
});
