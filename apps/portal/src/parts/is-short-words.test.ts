import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createElement } from 'react';
import { isShortWords } from './is-short-words.ts';

test('names and links of them are short words; sentences and what has parts are not', () => {
  assert.ok(isShortWords('xpcs-service'));
  assert.ok(isShortWords(17));
  assert.ok(isShortWords(createElement('a', { href: '/' }, 'xpcs-live')));
  assert.ok(!isShortWords('no beam in 98 of 100 frames'));
  assert.ok(!isShortWords(createElement('a', { href: '/' }, 'one', 'two')));
  assert.ok(!isShortWords(createElement('a', { href: '/' }, 'x'.repeat(25))));
  assert.ok(!isShortWords(null));
});
