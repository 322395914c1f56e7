import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DomainError } from './error.ts';
import { baseName, collectionOf, locationSchema, nameSchema, parseLocation } from './location.ts';

test('a location is a collection and a path', () => {
  assert.deepEqual(parseLocation('raw:/a/shot 7.h5'), { collection: 'raw', path: '/a/shot 7.h5' });
  assert.deepEqual(parseLocation('raw:/'), { collection: 'raw', path: '/' });
  assert.deepEqual(parseLocation('raw:/a:b/'), { collection: 'raw', path: '/a:b/' });
  assert.equal(collectionOf('raw:/a:b/'), 'raw');
  assert.equal(baseName('raw:/a/shot_7.h5'), 'shot_7.h5');
  assert.equal(baseName('raw:/a/folder/'), 'folder');
});

test('what leads out of a collection, or is none, is refused', () => {
  const wrong = ['raw', 'raw:a', ':/a', 'Raw:/a', 'raw:/a/../b', 'raw:/..', 'raw:/./a', 'raw://a'];
  for (const text of [
    ...wrong,
    'raw:/a//b',
    'raw:/a\0',
    '../raw:/a',
    '',
    `raw:/${'a'.repeat(4096)}`,
  ]) {
    assert.throws(() => parseLocation(text), DomainError, text);
  }
});

test('no text that is accepted climbs or doubles a slash', () => {
  const part = fc.constantFrom('..', '.', '', 'a', '...', ' ', '..a', '\0', '\n', '%2e%2e');
  const text = fc.array(part, { maxLength: 6 }).map((parts) => `raw:/${parts.join('/')}`);
  fc.assert(
    fc.property(
      fc.oneof(
        text,
        fc.string().map((tail) => `raw:/${tail}`),
      ),
      (location) => {
        if (!locationSchema.safeParse(location).success) return;
        const { collection, path } = parseLocation(location);
        assert.equal(`${collection}:${path}`, location);
        const parts = path.slice(1).replace(/\/$/, '').split('/');
        assert.ok(!parts.includes('..') && !parts.includes('.') && !path.includes('//'));
        assert.ok(!path.includes('\0') && path.startsWith('/'));
      },
    ),
  );
});

test('a name that is too long is told so, not that its letters are wrong', () => {
  assert.ok(nameSchema.safeParse('a'.repeat(63)).success);
  const wrong = nameSchema.safeParse('a'.repeat(64));
  assert.match(wrong.error?.message ?? '', /at most 63 lower-case letters/);
});
