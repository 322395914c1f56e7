import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sampleStep } from './sample-step.ts';
import { axisTicks, timeLineBars } from './time-line-bars.ts';
import { readableName, upcomingStates } from './upcoming-states.ts';

const at = (seconds: number) => new Date(seconds * 1000).toISOString();

const jobId = 'job_00000000000000000000000000';
const step = sampleStep({ stateName: 'Correlate', status: 'active', jobId, startedAt: at(12) });

test('a step waits until its job starts, and for all its time while it has not', () => {
  const bar = (startedAt: string | null) =>
    timeLineBars([step], [{ id: jobId, startedAt }], at(10), 20_000)[0];
  assert.deepEqual([bar(at(15))?.from, bar(at(15))?.workFrom, bar(at(15))?.to], [2, 5, 10]);
  assert.equal(bar(null)?.workFrom, 10);
});

test('a step of several jobs waits until the first of them starts', () => {
  const ensembleId = 'ensemble_00000000000000000000000000';
  const several = { ...step, jobId: null, ensembleId } as const;
  const work = [null, at(16), at(15)].map((startedAt, n) => {
    return { id: `job_${n}`, ensembleId, startedAt };
  });
  const [bar] = timeLineBars([several], work, at(10), 20_000);
  assert.deepEqual([bar?.from, bar?.workFrom], [2, 5]);
  const [waiting] = timeLineBars([several], work.slice(0, 1), at(10), 20_000);
  assert.equal(waiting?.workFrom, 10);
});

test('a step without a job is work from its beginning', () => {
  const [bar] = timeLineBars([{ ...step, jobId: null, endedAt: at(13) }], [], at(10), 20_000);
  assert.deepEqual([bar?.from, bar?.workFrom, bar?.to], [2, 2, 3]);
});

test('an axis has a handful of ticks, whatever its length', () => {
  assert.deepEqual(axisTicks(20), [0, 5, 10, 15, 20]);
  assert.deepEqual(axisTicks(300, 5), [0, 60, 120, 180, 240, 300]);
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e7, noNaN: true }), (seconds) => {
      const ticks = axisTicks(seconds);
      assert.ok(ticks.length >= 1 && ticks.length <= 10, `${ticks.length} ticks`);
    }),
  );
});

test('what follows a state is known up to a choice, and a loop ends', () => {
  const definition = {
    StartAt: 'A',
    States: {
      A: { Type: 'Action', Next: 'B' },
      B: { Type: 'Action', Next: 'C' },
      C: { Type: 'Choice', Choices: [] },
      X: { Type: 'Wait', Next: 'Y' },
      Y: { Type: 'Pass', Next: 'X' },
    },
  };
  assert.deepEqual(upcomingStates(definition, null), ['A', 'B', 'C']);
  assert.deepEqual(upcomingStates(definition, 'A'), ['B', 'C']);
  assert.deepEqual(upcomingStates(definition, 'X'), ['Y']);
  assert.deepEqual(upcomingStates({ anything: 1 }, 'A'), []);
});

test('names of states read as words', () => {
  assert.equal(readableName('MoveToSite'), 'Move to site');
  assert.equal(readableName('return_answer'), 'Return answer');
  assert.equal(readableName('WriteHDF5File'), 'Write HDF5 file');
  assert.equal(readableName('TakeAVeryLongScan'), 'Take a very long scan');
});
