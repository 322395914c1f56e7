import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { newId, quietLog } from '../agent-test-kit.ts';
import { testReport } from './compute-test-kit.ts';
import { createJobRelay } from './job-relay.ts';

const pilotId = newId('pilot');

function twoWords(): [JobReport, JobReport] {
  const of = { jobId: newId('job'), attempt: 1, pilotId };
  return [
    testReport({ ...of, event: 'started', argv: ['fit'], pid: 7, versions: { app: '1' } }),
    testReport({ ...of, event: 'completed', exitCode: 0 }),
  ];
}

describe('the relay of reports', () => {
  it('tells a start within its end when both are there', async () => {
    const told: JobReport[][] = [];
    const relay = createJobRelay((reports) => {
      told.push(reports);
      return Promise.resolve();
    }, quietLog);
    const [start, end] = twoWords();
    const [other] = twoWords();
    await Promise.all([relay.add([start, other]), relay.add([end])]);
    assert.equal(told.length, 1);
    assert.deepEqual(
      told[0]?.map(({ event }) => event),
      ['started', 'completed'],
    );
    const merged = told[0]?.[1];
    assert.deepEqual([merged?.argv, merged?.pid, merged?.startedAt], [['fit'], 7, start.at]);
    assert.deepEqual(merged?.versions, { app: '1' });
  });

  it('keeps their order, and holds only what was refused responsible for it', async () => {
    const told: string[] = [];
    const bad = newId('job');
    const relay = createJobRelay((reports) => {
      if (reports.some(({ jobId }) => jobId === bad)) {
        return Promise.reject(new DomainError('invalid', 'no'));
      }
      told.push(...reports.map(({ jobId, event }) => `${jobId} ${event}`));
      return Promise.resolve();
    }, quietLog);
    const reports = Array.from({ length: 50 }, twoWords).flat();
    const refused = testReport({ jobId: bad, attempt: 1, pilotId, event: 'failed' });
    await relay.add([...reports.slice(0, 33), refused, ...reports.slice(33)]);
    assert.equal(new Set(told.map((word) => word.split(' ')[0])).size, 50);
    assert.ok(told.every((word) => word.endsWith('completed')));
  });

  it('gathers 20,000 reports into few messages', async () => {
    let [messages, reports] = [0, 0];
    const relay = createJobRelay((batch) => {
      messages += 1;
      reports += batch.length;
      return new Promise((resolve) => setImmediate(resolve));
    }, quietLog);
    const words = Array.from({ length: 10_000 }, twoWords);
    await Promise.all(words.map((word) => relay.add(word)));
    assert.equal(reports, 10_000);
    assert.ok(messages <= 30, `${messages} messages`);
  });
});
