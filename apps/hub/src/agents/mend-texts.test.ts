import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mendTexts } from './mend-texts.ts';

test('texts that cannot be stored are mended wherever they are, names too', () => {
  const message = { a: ['x\0y', { 'n\ud800': '\udc00', ok: 1 }], b: null };
  const mended = { a: ['x\u{fffd}y', { 'n\u{fffd}': '\u{fffd}', ok: 1 }], b: null };
  assert.deepEqual(mendTexts(message), mended);
});

test('what needs no mending is the same object', () => {
  const message = { a: ['grüße 🙂', { b: [1, true, null] }], c: {} };
  assert.equal(mendTexts(message), message);
});
