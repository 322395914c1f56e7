import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { quietLog } from '../agent-test-kit.ts';
import { ReportRelay } from './report-relay.ts';

const numbers = {
  reportsPerMessage: 100,
  charactersOf: () => 10,
  combine: (reports: readonly number[]) => [...reports],
  nameOf: (report: number) => ({ report }),
};

/** A relay to a hub that takes messages when it is told to. */
function relayToSlowHub() {
  const messages: { reports: number[]; take: () => void }[] = [];
  const relay = new ReportRelay(
    numbers,
    (reports) => new Promise<void>((take) => messages.push({ reports, take })),
    quietLog,
  );
  return { relay, messages };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function afterTurns(): Promise<void> {
  for (let n = 0; n < 4; n += 1) await turn();
}

describe('the relay of reports', () => {
  it('sends at once what comes alone, and gathers while that is under way', async () => {
    const { relay, messages } = relayToSlowHub();
    void relay.add([1]);
    await afterTurns();
    assert.deepEqual(messages[0]?.reports, [1]);
    void relay.add([2]);
    void relay.add([3]);
    await afterTurns();
    assert.equal(messages.length, 1);
    messages[0].take();
    await afterTurns();
    assert.deepEqual(messages[1]?.reports, [2, 3]);
    messages[1].take();
    await relay.drained();
  });

  it('does not wait for a hub that is far away', async () => {
    const { relay, messages } = relayToSlowHub();
    void relay.add([1]);
    await afterTurns();
    void relay.add([2]);
    while (messages.length < 2) await sleep(1);
    assert.deepEqual(messages[1]?.reports, [2]);
    for (const { take } of messages) take();
    await relay.drained();
  });

  it('sends more messages beside each other the more there is to tell', async () => {
    const { relay, messages } = relayToSlowHub();
    for (let n = 0; n < 1000; n += 1) {
      void relay.add([n]);
      await turn();
      if (messages.length === 8) break;
    }
    const sizes = messages.map(({ reports }) => reports.length);
    assert.equal(sizes[0], 1);
    assert.ok(messages.length > 3, sizes.join());
    while (messages.length > 0) {
      for (const { take } of messages.splice(0)) take();
      await afterTurns();
    }
    await relay.drained();
  });

  it('tells each report once, in order, whatever the hub takes how fast', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 150 }), { minLength: 1, maxLength: 30 }),
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1 }),
        async (sizes, turns) => {
          const told: number[] = [];
          let [underWay, most, message] = [0, 0, 0];
          const relay = new ReportRelay(
            numbers,
            async (reports) => {
              told.push(...reports);
              assert.ok(reports.length <= Math.max(100, ...sizes));
              underWay += 1;
              most = Math.max(most, underWay);
              const wait = turns[message % turns.length] ?? 0;
              message += 1;
              for (let n = 0; n < wait; n += 1) await turn();
              underWay -= 1;
            },
            quietLog,
          );
          let next = 0;
          for (const size of sizes) {
            void relay.add(Array.from({ length: size }, () => next++));
            if (size % 3 === 0) await turn();
          }
          await relay.drained();
          assert.deepEqual(told, [...Array(next).keys()]);
          assert.ok(most <= 8);
        },
      ),
      { numRuns: 200 },
    );
  });
});
