import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { appendLog, emptyLog, shownLog } from './log-text.ts';

const big = 1_000_000;
const shownOf = (...pieces: string[]) =>
  shownLog(pieces.reduce((log, piece) => appendLog(log, piece, big), emptyLog));
const esc = String.fromCodePoint(27);

test('colours, titles and cursor moves are not shown', () => {
  assert.equal(shownOf(`${esc}[31;1mred${esc}[0m and plain\n`), 'red and plain\n');
  assert.equal(shownOf(`${esc}]0;title${String.fromCodePoint(7)}text\n`), 'text\n');
  assert.equal(shownOf(`a${esc}[2K${esc}[1Gb`), 'ab');
});

test('a sequence cut in two pieces is not shown either', () => {
  assert.equal(shownOf('a', esc, '[3', '1mb\n'), 'ab\n');
  assert.equal(shownOf(`a${esc}[3`), 'a');
});

test('a progress line shows its newest state', () => {
  assert.equal(shownOf('10 %\r20 %\r'), '20 %');
  assert.equal(shownOf('10 %\r', '20 %\r', '30 %\n'), '30 %\n');
  assert.equal(shownOf('windows\r\n'), 'windows\n');
});

test('however it is cut in pieces, the same is shown', () => {
  const word = fc.constantFrom('a', 'b ', '\n', '\r', `${esc}[31m`, `${esc}[0m`, 'x\r\n');
  fc.assert(
    fc.property(fc.array(word), fc.array(fc.nat(60)), (words, cuts) => {
      const whole = words.join('');
      const places = [...new Set(cuts.map((cut) => cut % (whole.length + 1)))].sort(
        (a, b) => a - b,
      );
      const pieces = [0, ...places].map((from, index) => whole.slice(from, places[index]));
      assert.equal(shownOf(...pieces), shownOf(whole));
    }),
  );
});

test('the oldest lines go first, whole ones, and it is said', () => {
  const lines = Array.from({ length: 100 }, (_, number) => `line ${number}\n`);
  const log = lines.reduce((before, line) => appendLog(before, line, 100), emptyLog);
  assert.ok(log.isCut);
  assert.ok(log.lines.length <= 100);
  assert.match(log.lines, /^line \d+\n/);
  assert.ok(log.lines.endsWith('line 99\n'));
  assert.ok(!appendLog(emptyLog, 'short\n', 100).isCut);
});
