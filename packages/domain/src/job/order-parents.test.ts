import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { orderParents } from './order-parents.ts';

test('ids and places are told apart, each once, parents before children', () => {
  const { parents, order, faults } = orderParents([[1, 'job_a', 'job_a', 2, 1], [2], []]);
  assert.deepEqual(faults, []);
  assert.deepEqual(parents, [
    { ids: ['job_a'], places: [1, 2] },
    { ids: [], places: [2] },
    { ids: [], places: [] },
  ]);
  assert.deepEqual(order, [2, 1, 0]);
});

test('places that are not there and jobs that wait for themselves are faults', () => {
  const { faults } = orderParents([['job_a', 5], [1], [-1, 0.5]]);
  assert.deepEqual(
    faults.map(({ loc, msg }) => [loc.join('.'), msg]),
    [
      ['jobs.0.parents.1', 'there is no job 5 in this request of 3 (the first is 0)'],
      ['jobs.1.parents.0', 'job 1 waits for itself'],
      ['jobs.2.parents.0', 'there is no job -1 in this request of 3 (the first is 0)'],
      ['jobs.2.parents.1', 'there is no job 0.5 in this request of 3 (the first is 0)'],
    ],
  );
});

test('a cycle is named by its path, what only leads to it is not', () => {
  const { faults, order } = orderParents([[], [0, 3], [1], [2], [3], [6], [5]]);
  assert.deepEqual(
    faults.map(({ loc, msg }) => [loc.join('.'), msg]),
    [
      [
        'jobs.1.parents.1',
        'a cycle: job 1 waits for job 3, which waits for job 2, which waits for job 1; ' +
          'leave one out',
      ],
      ['jobs.5.parents.0', 'a cycle: job 5 waits for job 6, which waits for job 5; leave one out'],
    ],
  );
  assert.deepEqual(order, [0]);
});

test('whatever is given: an order that keeps it, or a cycle that is one', () => {
  const request = fc
    .integer({ min: 1, max: 12 })
    .chain((jobs) =>
      fc.array(fc.array(fc.nat(jobs - 1), { maxLength: 2 }), { minLength: jobs, maxLength: jobs }),
    );
  fc.assert(
    fc.property(request, (given) => {
      const { parents, order, faults } = orderParents(given);
      const seen = new Set<number>();
      for (const place of order) {
        assert.ok(parents[place]?.places.every((parent) => seen.has(parent)));
        assert.ok(!seen.has(place));
        seen.add(place);
      }
      const cycles = faults.filter(({ type }) => type === 'cycle');
      assert.equal(seen.size === given.length, cycles.length === 0);
      for (const { msg } of cycles) {
        const path = [...msg.matchAll(/job (\d+)/g)].map(([, place]) => Number(place));
        assert.equal(path[0], path.at(-1));
        for (const [index, place] of path.slice(0, -1).entries()) {
          assert.ok(parents[place]?.places.includes(path[index + 1] ?? -1), msg);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('ten thousand jobs in one chain are ordered at once, backwards too', () => {
  const jobs = 10_000;
  const chain = Array.from({ length: jobs }, (_, place) => (place + 1 < jobs ? [place + 1] : []));
  const { order, faults } = orderParents(chain);
  assert.deepEqual([order.length, order[0], faults.length], [jobs, jobs - 1, 0]);
  const ring = chain.map((own, place) => (place === jobs - 1 ? [0] : own));
  assert.equal(orderParents(ring).faults.length, 1);
});
