import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { turnSchema, type Turn } from '@interpulse/domain/job/compare-turns.ts';
import { insertInTurn } from './insert-in-turn.ts';

const turn: fc.Arbitrary<Turn> = fc.record({
  urgency: fc.constantFrom(...turnSchema.shape.urgency.options),
  priority: fc.integer({ min: -1, max: 1 }),
  deadlineAt: fc.constantFrom(null, '2026-11-21T10:00:00.000Z', '2026-11-21T11:00:00.000Z'),
});

/** As text that sorts like the order of the hub's leases. */
const asText = ({ urgency, priority, deadlineAt }: Turn): string =>
  `${turnSchema.shape.urgency.options.indexOf(urgency)} ${5 - priority} ${deadlineAt ?? '~'}`;

describe('the queue of a pilot', () => {
  it('is in the order of urgency, priority, deadline and arrival', () => {
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 30 }), (turns) => {
        const queue: (Turn & { arrival: number })[] = [];
        for (const [arrival, one] of turns.entries()) insertInTurn(queue, { ...one, arrival });
        const sorted = turns
          .map((one, arrival) => ({ text: asText(one), arrival }))
          .toSorted((a, b) =>
            a.text === b.text ? a.arrival - b.arrival : a.text < b.text ? -1 : 1,
          );
        assert.deepEqual(
          queue.map(({ arrival }) => arrival),
          sorted.map(({ arrival }) => arrival),
        );
      }),
    );
  });
});
