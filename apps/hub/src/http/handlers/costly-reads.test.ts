import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CostlyReads } from './costly-reads.ts';

describe('costly reads', () => {
  /** Reads that count themselves, with a clock of the test's. */
  function world(isCostly: boolean) {
    const state = { nowMs: 0, count: 0, waits: [] as (() => void)[] };
    const wait = (ms: number) =>
      new Promise<void>((resolve) => {
        state.waits.push(() => {
          state.nowMs += ms;
          resolve();
        });
      });
    const reads = new CostlyReads<number>(
      () => isCostly,
      () => state.nowMs,
      wait,
    );
    const get = () => reads.get('a', () => Promise.resolve((state.count += 1)));
    return { state, get, reads };
  }

  test('are done once in a second for all, and never before they were asked for', async () => {
    const { state, get, reads } = world(true);
    assert.equal(await get(), 1);
    const early = Array.from({ length: 50 }, get);
    assert.equal(await reads.get('b', () => Promise.resolve(77)), 77);
    assert.deepEqual([state.count, state.waits.length], [1, 1]);
    state.waits.shift()?.();
    assert.deepEqual(new Set(await Promise.all(early)), new Set([2]));
    assert.equal(state.nowMs, 1000);
    state.nowMs += 1000;
    assert.equal(await get(), 3);
    assert.equal(state.waits.length, 0);
  });

  test('a cheap one is read whenever it is asked for', async () => {
    const { state, get } = world(false);
    assert.deepEqual(await Promise.all([get(), get()]), [1, 2]);
    assert.equal(await get(), 3);
    assert.equal(state.waits.length, 0);
  });

  test('one that fails fails those who waited, and is tried again', async () => {
    const { state, get, reads } = world(true);
    await get();
    const failing = reads.get('a', () => Promise.reject(new Error('away')));
    state.waits.shift()?.();
    await assert.rejects(failing, /away/);
    state.nowMs += 1000;
    assert.equal(await get(), 2);
  });
});
