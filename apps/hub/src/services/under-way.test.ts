import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { UnderWay } from './under-way.ts';

/** A transaction as the property drives it: it looks, what it reads comes, it decides, it ends. */
interface Work {
  lookedAt: number | null;
  read: ReadonlySet<number> | null;
  decided: number[];
}

const most = 5;
const steps = fc.array(
  fc.record({
    who: fc.nat({ max: most - 1 }),
    what: fc.constantFrom('look', 'read', 'decide', 'commit', 'rollBack', 'hear'),
  }),
  { maxLength: 80 },
);

describe('what transactions have under way', () => {
  test('whatever others decide is in what is read, or under way', () => {
    fc.assert(
      fc.property(steps, (moves) => {
        const underWay = new UnderWay<number>();
        const works = Array.from({ length: most }, fresh);
        /** What the database shows to who reads now. */
        const stored = new Set<number>();
        /** Committed there; who committed has not heard of it. */
        const unheard = new Set<Work>();
        let next = 0;
        for (const { who, what } of moves) {
          const work = works[who] ?? fresh();
          if (what === 'look' && work.lookedAt === null) work.lookedAt = underWay.now();
          if (what === 'read' && work.lookedAt !== null) work.read ??= new Set(stored);
          if (what === 'decide' && !unheard.has(work)) {
            if (work.read !== null && work.lookedAt !== null) {
              const seen = new Set([...work.read, ...underWay.since(work.lookedAt, work)]);
              const others = works.filter((each) => each !== work).flatMap((it) => it.decided);
              for (const each of [...stored, ...others]) {
                assert.ok(seen.has(each) || work.decided.includes(each), `${each} is not seen`);
              }
            }
            work.decided.push(next);
            underWay.add(work, [next]);
            next += 1;
          }
          if (what === 'commit') {
            for (const each of work.decided) stored.add(each);
            unheard.add(work);
          }
          const ends = what === 'rollBack' ? !unheard.has(work) : unheard.has(work);
          if ((what === 'hear' || what === 'rollBack') && ends) {
            unheard.delete(work);
            underWay.end(work);
            works[who] = fresh();
          }
        }
      }),
    );
  });

  test('who decides does not see itself, and what was over before it looked is read', () => {
    const underWay = new UnderWay<string>();
    const [one, two] = [{}, {}];
    underWay.add(one, ['a']);
    underWay.add(one, ['b']);
    assert.deepEqual(underWay.since(underWay.now(), one), []);
    const before = underWay.now();
    underWay.end(one);
    assert.deepEqual(underWay.since(before, two), ['a', 'b']);
    assert.deepEqual(underWay.since(underWay.now(), two), []);
  });
});

function fresh(): Work {
  return { lookedAt: null, read: null, decided: [] };
}
