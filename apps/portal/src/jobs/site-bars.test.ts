import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { layOutSiteBars } from './site-bars.ts';

const start = 1_790_000_000_000;
const instant = (seconds: number) => new Date(start + seconds * 1000).toISOString();
const site = (siteName: string, [transfer, wait, run, back]: [number, number, number, number]) => ({
  siteName,
  refusal: null,
  estimate: {
    transferSeconds: transfer,
    waitSeconds: wait,
    runSeconds: run,
    returnSeconds: back,
    finishAt: instant(Math.max(transfer, wait) + run + back),
    inTime: true,
  },
});

test('the earliest site comes first; transfer and wait go side by side', () => {
  const { bars } = layOutSiteBars([site('far', [30, 2, 5, 1]), site('near', [2, 8, 5, 1])], null);
  assert.deepEqual(
    bars.map((bar) => [bar.siteName, bar.totalSeconds]),
    [
      ['near', 14],
      ['far', 36],
    ],
  );
  assert.equal(bars[0]?.pieces.find((piece) => piece.part === 'run')?.fromSeconds, 8);
});

test('a near deadline is on the scale, a far or missed one is not', () => {
  const sites = [site('a', [1, 1, 8, 1])];
  const near = layOutSiteBars(sites, instant(12));
  assert.equal(near.deadlineSeconds, 12);
  assert.ok(near.scaleSeconds > 12);
  assert.equal(layOutSiteBars(sites, instant(3600)).deadlineSeconds, null);
  assert.equal(layOutSiteBars(sites, instant(-5)).deadlineSeconds, null);
});

test('refusals are kept, and one hopeless site does not press the others flat', () => {
  const refused = { siteName: 'c', refusal: 'is closed: cooling', estimate: null };
  const drawn = layOutSiteBars(
    [site('a', [0, 0, 10, 0]), site('b', [9000, 0, 10, 0]), refused],
    null,
  );
  assert.deepEqual(drawn.refused, [{ siteName: 'c', refusal: 'is closed: cooling' }]);
  assert.ok(drawn.scaleSeconds <= 120);
});

test('no piece begins before the one that it waits for', () => {
  const seconds = fc.double({ min: 0, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(fc.tuple(seconds, seconds, seconds, seconds), (parts) => {
      const [bar] = layOutSiteBars([site('a', parts)], null).bars;
      const end = (name: string) => {
        const piece = bar?.pieces.find((each) => each.part === name);
        return (piece?.fromSeconds ?? 0) + (piece?.seconds ?? 0);
      };
      const begin = (name: string) => bar?.pieces.find((each) => each.part === name)?.fromSeconds;
      assert.ok((begin('run') ?? -1) >= Math.max(end('transfer'), end('wait')));
      assert.ok((begin('return') ?? -1) >= end('run') - 1e-6);
    }),
  );
});
