import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bytesBefore, hideInLog, wordsInLog } from './hide-in-log.ts';

const words = wordsInLog(['swordfish', 'fish and chips', 'key', 'größe']);

/** A log as who follows it reads it, in pieces that end at these bytes; hidden once is enough. */
function follow(log: Buffer, cuts: readonly number[]): string {
  let shown = '';
  let at = 0;
  for (const cut of [...cuts.toSorted((one, other) => one - other), log.length]) {
    const end = Math.min(cut, log.length);
    if (end < at) continue;
    const before = log.subarray(Math.max(0, at - bytesBefore(words)), at);
    const piece = { before, bytes: log.subarray(at, end), isLast: cut === log.length };
    const told = hideInLog(piece, words);
    shown += told.shown.toString('latin1');
    at += told.usedBytes;
  }
  return Buffer.from(shown, 'latin1')
    .toString()
    .replaceAll(/(\(private\))+/g, '(private)');
}

test('words are hidden, those that overlap as one, and short ones stay', () => {
  const log = Buffer.from('the key: swordfish and chips, größe; a sword');
  assert.equal(follow(log, []), 'the key: (private), (private); a sword');
});

test('however a log is cut into pieces, it reads the same', () => {
  const part = fc.constantFrom(
    'swordfish',
    'sword',
    ' ',
    'fish and chips',
    'fis',
    'größe',
    'ü',
    '\n',
  );
  const log = fc.array(part, { maxLength: 12 }).map((parts) => Buffer.from(parts.join('')));
  fc.assert(
    fc.property(log, fc.array(fc.nat(80), { maxLength: 8 }), (bytes, cuts) => {
      assert.equal(follow(bytes, cuts), follow(bytes, []));
    }),
  );
});

test('who begins in the middle of a word sees nothing of it', () => {
  const log = Buffer.from('a swordfish b');
  for (let from = 3; from < 11; from += 1) {
    const piece = { before: log.subarray(0, from), bytes: log.subarray(from), isLast: true };
    assert.equal(hideInLog(piece, words).shown.toString(), '(private) b', String(from));
  }
});
