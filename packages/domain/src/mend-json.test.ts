import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mendJson } from './mend-json.ts';

test('texts that cannot be stored are mended wherever they are, names too', () => {
  const message = { a: ['x\0y', { 'n\ud800': '\udc00', ok: 1 }], b: null };
  const mended = { a: ['x\u{fffd}y', { 'n\u{fffd}': '\u{fffd}', ok: 1 }], b: null };
  assert.deepEqual(mendJson(message), mended);
});

test('numbers that are none in JSON are null', () => {
  assert.deepEqual(mendJson([1, Infinity, { a: -Infinity }]), [1, null, { a: null }]);
});

test('what needs no mending is the same object', () => {
  const message = { a: [1, 'grüße 🙂', { b: [1, true, null] }], c: {} };
  assert.equal(mendJson(message), message);
});
