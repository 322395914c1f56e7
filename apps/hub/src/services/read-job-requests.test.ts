import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Fault } from '@interpulse/domain/error.ts';
import { jobRequestSchema } from '@interpulse/domain/job/job.ts';
import { newJobIds } from './new-job-ids.ts';
import { readJobRequests } from './read-job-requests.ts';

/** Values of a request, right and wrong ones. */
const fields = fc.record(
  {
    app: fc.constantFrom('fit', 'Not A Name', 7),
    command: fc.constantFrom(['true'], [], 'true'),
    label: fc.constantFrom('a', '', 3),
    site: fc.constantFrom('any', ['alpha'], { label: 'gpu' }, []),
    parameters: fc.constantFrom({}, { n: 1 }, []),
    resources: fc.constantFrom({}, { cores: 2 }, { cores: 0 }, { gpus: 1.5 }),
    priority: fc.constantFrom(0, 5, 101),
    parents: fc.constantFrom([], [0], [-1]),
    returnTo: fc.constantFrom(null, 'results:/a', 'results:/../a'),
    tags: fc.constantFrom({}, { a: 'b' }, { a: 1 }),
    mayUseHub: fc.constantFrom(true, 'yes'),
    unknown: fc.constant(1),
  },
  { requiredKeys: [] },
);

describe('reading the jobs of a submission', () => {
  test('is the same as parsing each of them laid over what they share', () => {
    fc.assert(
      fc.property(fields, fc.array(fields, { minLength: 1, maxLength: 4 }), (common, jobs) => {
        const faults: Fault[] = [];
        const read = readJobRequests(common, jobs, faults);
        const parsed = jobs.map((job) => jobRequestSchema.safeParse({ ...common, ...job }));
        // A wrong value that every job replaces is still wrong in what they share.
        const commonFaults = faults.filter(({ loc }) => loc[0] === 'common');
        if (commonFaults.length > 0) return;
        for (const [place, result] of parsed.entries()) {
          const own = faults.filter(({ loc }) => loc[0] === 'jobs' && loc[1] === place);
          assert.equal(own.length === 0, result.success, JSON.stringify([own, result.error]));
          if (result.success) assert.deepEqual(read[place]?.request, result.data);
        }
      }),
    );
  });

  test('tells all faults with their paths', () => {
    const faults: Fault[] = [];
    readJobRequests(
      { urgency: 'soon' },
      [{ command: ['a'] }, { app: 'x', resources: { cores: -1, nodes: 'two' } }, {}],
      faults,
    );
    assert.deepEqual(
      faults.map(({ loc }) => loc.join('.')),
      ['common.urgency', 'jobs.1.resources.nodes', 'jobs.1.resources.cores', 'jobs.2.app'],
    );
  });

  test('knows which jobs are alike in all that they share', () => {
    const read = readJobRequests(
      { app: 'fit' },
      [
        { label: 'a', parameters: { n: 1 } },
        { label: 'b', tags: { x: 'y' } },
        { resources: { cores: 2 } },
      ],
      [],
    );
    const [first, second, third] = read.map(({ likeness }) => likeness);
    assert.equal(first, second);
    assert.notEqual(first, third);
  });
});

test('ids of one request are its own, in its order', () => {
  const seeds = ['000000', 'zzzzzz', 'fzzzzz', '0zzzzy'];
  for (const seed of seeds) {
    const first = `job_01k9z3abcdefghjkmnpq${seed}` as const;
    const ids = newJobIds({ newId: () => first as never }, 3000);
    assert.equal(new Set(ids).size, 3000);
    assert.deepEqual(ids.toSorted(), ids);
    for (const id of [ids[0], ids.at(-1)]) assert.match(id ?? '', /^job_[0-9a-hjkmnp-tv-z]{26}$/);
  }
});
