import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { MessageOrder } from './message-order.ts';

/** What a message is about, and how many turns of the event loop it takes. */
const message = fc.record({
  keys: fc.option(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 3 })),
  turns: fc.nat(6),
  fails: fc.boolean(),
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('messages of one agent', () => {
  test('about the same are handled in their order and never beside each other', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 20 }), async (messages) => {
        const order = new MessageOrder();
        const begun: number[] = [];
        const ended: number[] = [];
        const meets = (a: number, b: number): boolean => {
          const [one, two] = [messages[a]?.keys ?? null, messages[b]?.keys ?? null];
          return one === null || two === null || one.some((key) => two.includes(key));
        };
        const handled = messages.map(({ keys, turns, fails }, place) =>
          order.run(keys === null ? null : new Set(keys), async () => {
            begun.push(place);
            for (let earlier = 0; earlier < place; earlier += 1) {
              if (meets(earlier, place)) assert.ok(ended.includes(earlier), 'out of order');
            }
            for (let left = turns; left > 0; left -= 1) await turn();
            ended.push(place);
            if (fails) throw new Error('on purpose');
          }),
        );
        const results = await Promise.allSettled(handled);
        assert.equal(begun.length, messages.length);
        for (const [place, { status }] of results.entries()) {
          assert.equal(status, messages[place]?.fails ? 'rejected' : 'fulfilled');
        }
      }),
    );
  });

  test('about different things are handled beside each other', async () => {
    const order = new MessageOrder();
    const first = Promise.withResolvers<void>();
    const slow = order.run(new Set(['a']), () => first.promise);
    await order.run(new Set(['b']), () => Promise.resolve());
    first.resolve();
    await slow;
  });
});
