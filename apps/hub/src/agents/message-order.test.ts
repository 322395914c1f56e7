import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { MessageOrder } from './message-order.ts';

const someKeys = fc
  .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 2 })
  .map((keys) => new Set<string>(keys));

/** What a message is about, and how many turns of the event loop it takes. */
const message = fc.record({
  keys: fc.option(fc.record({ own: someKeys, shared: someKeys })),
  turns: fc.nat(6),
  fails: fc.boolean(),
});

const about = (own: string[], shared: string[] = []) => {
  return { own: new Set(own), shared: new Set(shared) };
};

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
          if (one === null || two === null) return true;
          const all = (keys: typeof one): string[] => [...keys.own, ...keys.shared];
          const isFree = (key: string): boolean => one.shared.has(key) && two.shared.has(key);
          return all(one).some((key) => {
            if (!all(two).includes(key)) return false;
            return !isFree(key) || one.own.has(key) || two.own.has(key);
          });
        };
        const handled = messages.map(({ keys, turns, fails }, place) =>
          order.run(keys, async () => {
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
    const slow = order.run(about(['a']), () => first.promise);
    await order.run(about(['b']), () => Promise.resolve());
    first.resolve();
    await slow;
  });

  test('files of an instrument are handled side by side, its runs in order', async () => {
    const order = new MessageOrder();
    const [file, said] = [Promise.withResolvers<void>(), [] as string[]];
    const say = (what: string) => async () => void said.push(what);
    const slow = order.run(about(['scope /1'], ['scope']), () => file.promise);
    await order.run(about(['scope /2'], ['scope']), say('another file'));
    const shot = order.run(about(['scope']), say('a shot'));
    const after = order.run(about(['scope /3'], ['scope']), say('a later file'));
    const same = order.run(about(['scope /1'], ['scope']), say('the same file'));
    await order.run(about(['camera /1'], ['camera']), say('another instrument'));
    assert.deepEqual(said, ['another file', 'another instrument']);
    file.resolve();
    await Promise.all([slow, shot, after, same]);
    assert.equal(said[2], 'a shot');
    assert.deepEqual(said.slice(3).toSorted(), ['a later file', 'the same file']);
  });
});
