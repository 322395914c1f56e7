import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressParts } from './address-parts.ts';

const found = (text: string) =>
  addressParts(text).flatMap((part) => (part.isAddress ? [part.text] : []));

test('addresses in a sentence are found, without what ends it', () => {
  const said = 'consent at https://auth.example.org/c?a=1&b=2; asked 6 times';
  assert.deepEqual(found(said), ['https://auth.example.org/c?a=1&b=2']);
  assert.deepEqual(found('see (http://a.example/x), or https://b.example/.'), [
    'http://a.example/x',
    'https://b.example/',
  ]);
  assert.equal(
    addressParts(said)
      .map((part) => part.text)
      .join(''),
    said,
  );
});

test('nothing but pages of the web becomes a link', () => {
  assert.deepEqual(found('javascript:alert(1) file:///etc/passwd http:// alpha:/raw/a.nxs'), []);
  assert.deepEqual(addressParts(''), []);
});
