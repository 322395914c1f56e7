import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recordedAnswers } from '@interpulse/testing/batch/recorded-answers.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { readQstatDsv } from './read-qstat-dsv.ts';
import { readQstat } from './read-qstat.ts';

const { skip, read } = recordedAnswers('openpbs-23.06.06');
const one = (attributes: object) => {
  const Jobs = { '7.pbs1': { Job_Name: 'p', job_state: 'Q', ...attributes } };
  return readQstat(JSON.stringify({ pbs_version: '23', Jobs }))?.[0];
};

describe('what qstat says', () => {
  it('is read from a recorded answer', { skip }, () => {
    const jobs = readQstat(read('qstat-x-f.json')) ?? [];
    const told = Object.fromEntries(jobs.map((job) => [job.batchJobId, job]));
    const { state, hosts, restarts, name } = told['0.pbs1'] ?? {};
    assert.deepEqual([state, hosts, restarts, name], ['running', ['pbs1'], 1, 'pilot']);
    assert.equal(told['1.pbs1']?.state, 'ended');
    assert.deepEqual([told['1.pbs1']?.exitCode, told['1.pbs1']?.reason], [0, null]);
    assert.deepEqual([told['3.pbs1']?.state, told['3.pbs1']?.isHopeless], ['queued', false]);
  });

  it('is the same in the other format', { skip }, () => {
    const { Jobs } = JSON.parse(read('qstat-x-f.json'));
    const flat = (prefix: string, value: object): string[] =>
      Object.entries(value).flatMap(([name, inner]) =>
        typeof inner === 'object'
          ? flat(`${prefix}${name}.`, inner)
          : [`${prefix}${name}=${String(inner).replaceAll('|', '\\|')}`],
      );
    const lines = Object.keys(Jobs).map((id) => [`Job Id: ${id}`, ...flat('', Jobs[id])].join('|'));
    assert.deepEqual(readQstatDsv(lines.join('\n')), readQstat(read('qstat-x-f.json')));
  });

  it('tells signals, and that a pilot was never started', () => {
    const end = (Exit_status: unknown, comment = 'why') => {
      const job = one({ job_state: 'F', Exit_status, comment });
      return [job?.exitCode, job?.signal, job?.reason];
    };
    assert.deepEqual(end(3), [3, null, null]);
    assert.deepEqual(end('3'), [3, null, null]);
    assert.deepEqual(end(265), [null, 'SIGKILL', null]);
    assert.deepEqual(end(271), [null, 'SIGTERM', null]);
    assert.deepEqual(end(-1), [null, null, 'why']);
    assert.deepEqual(one({ job_state: 'F' })?.exitCode, null);
  });

  it('reads names of digits, nodes, restarts and states nobody knows', () => {
    assert.equal(one({ Job_Name: 123 })?.name, '123');
    const exec_host = 'a/0*8+b.c/1*8+a/2*8';
    assert.deepEqual(one({ job_state: 'R', exec_host, run_count: 3 })?.hosts, ['a', 'b.c']);
    assert.equal(one({ job_state: 'R', exec_host, run_count: 3 })?.restarts, 2);
    assert.equal(one({ job_state: 'Q', run_count: 1 })?.restarts, 1);
    assert.equal(one({ job_state: 'M' })?.state, 'unknown');
    assert.equal(one({ comment: 'Can Never Run: too many nodes' })?.isHopeless, true);
    assert.equal(
      one({ comment: 'Not Running: Insufficient amount of resource' })?.isHopeless,
      false,
    );
  });

  it('reads times without a zone by those that are told twice', () => {
    const estimated = { start_time: 'Sat Nov 21 14:00:00 2026' };
    const qtime = 'Sat Nov 21 13:07:20 2026';
    // 12:07:20 UTC: the server is an hour ahead.
    const queue_rank = Date.parse('2026-11-21T12:07:21Z') * 1000;
    const expected = (extra: object) => one({ estimated, qtime, ...extra })?.expectedAt;
    assert.equal(expected({ queue_rank }), '2026-11-21T13:00:00.000Z');
    assert.equal(expected({ queue_rank: 17 }), '2026-11-21T14:00:00.000Z');
    assert.equal(one({ estimated: { start_time: 'UNKNOWN' } })?.expectedAt, null);
  });

  it('is not taken for an empty queue when it is something else', () => {
    assert.equal(readQstat('{"pbs_version": "23", "Jobs": {"7": {"a": nan}}}'), null);
    assert.deepEqual(readQstat('{"pbs_version": "23"}'), []);
    assert.throws(() => readQstat('{"pbs_version": "23", "Jobs": {"7": {}}}'), unavailable);
    assert.throws(() => readQstatDsv('Welcome'), unavailable);
    assert.throws(() => readQstatDsv('Job Id: 7.pbs1|Job_Name=x'), unavailable);
    const [job] = readQstatDsv('Job Id: 7.pbs1|Job_Name = a\\|b|job_state = R');
    assert.deepEqual([job?.name, job?.state], ['a|b', 'running']);
  });
});

function unavailable(error: unknown): boolean {
  return error instanceof DomainError && error.kind === 'unavailable';
}
