import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recordedAnswers } from '@interpulse/testing/batch/recorded-answers.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { SeenJob } from '../seen-job.ts';
import { readSqueueJson } from './read-squeue-json.ts';
import { readSqueue } from './read-squeue.ts';

const { skip, read } = recordedAnswers('slurm-22.05.8');
const heading = 'JOBID|STATE|RESTART_COUNT|EXIT_CODE|START_TIME|NODELIST|REASON|NAME|';
const text = (...lines: string[]): SeenJob[] => readSqueue([heading, ...lines, ''].join('\n'));

describe('what squeue says', () => {
  it('is read as text, with any name', () => {
    const jobs = text(
      '5|PENDING|2|0|1795282021||Priority|pilot_1|',
      '6|RUNNING|0|0|1795282021|n[1-2],n4|None|a|b|',
      '7|FAILED|0|768|1795282021|n1|NonZeroExitCode|pilot_2|',
      '8|PREEMPTED|0|0|1795282021|n1|None|pilot_3|',
      '9|COMPLETING|0|0|1795282021|n1|None|pilot_4|',
      '10|DREAMING|0|0|N/A||None|pilot_5|',
    );
    assert.deepEqual(jobs[0], {
      batchJobId: '5',
      name: 'pilot_1',
      state: 'queued',
      hosts: [],
      expectedAt: '2026-11-21T17:27:01.000Z',
      restarts: 2,
      exitCode: null,
      signal: null,
      reason: 'Priority',
      isHopeless: false,
    });
    assert.deepEqual(
      jobs.map(({ name, state, hosts, exitCode, reason }) => [
        name,
        state,
        hosts,
        exitCode,
        reason,
      ]),
      [
        ['pilot_1', 'queued', [], null, 'Priority'],
        ['a|b', 'running', ['n1', 'n2', 'n4'], null, null],
        ['pilot_2', 'ended', ['n1'], 3, null],
        ['pilot_3', 'ended', ['n1'], null, 'PREEMPTED'],
        ['pilot_4', 'running', ['n1'], null, null],
        ['pilot_5', 'unknown', [], null, 'DREAMING'],
      ],
    );
  });

  it('is not taken for an empty queue when it is cut short or something else', () => {
    assert.deepEqual(text(), []);
    for (const odd of ['', '\n\n', 'Welcome', `${heading}\n5|PEND`, '5|PENDING|0|0|N/A||None|x|']) {
      assert.throws(() => readSqueue(odd), unavailable, odd);
    }
  });

  it('tells reasons for which a job would wait for ever', () => {
    const hopeless = (reason: string) => text(`5|PENDING|0|0|N/A||${reason}|p|`)[0]?.isHopeless;
    const never = [
      ...['PartitionTimeLimit', 'PartitionNodeLimit', 'PartitionConfig', 'BadConstraints'],
      ...['QOSMaxNodePerJobLimit', 'AssocMaxCpuPerJobLimit', 'QOSNotAllowed', 'InvalidAccount'],
      ...['AssocMaxWallDurationPerJobLimit', 'DependencyNeverSatisfied', 'QOSMaxCpuPerJob'],
      'launch_failure_limit_exceeded_requeued_held',
    ];
    for (const reason of never) assert.equal(hopeless(reason), true, reason);
    const later = [
      ...['Priority', 'Resources', 'BeginTime', 'QOSGrpNodeLimit', 'AssocGrpCPUMinutesLimit'],
      ...['ReqNodeNotAvail, UnavailableNodes:n4', 'Reservation', 'PartitionDown', 'JobHeldUser'],
      ...['QOSMaxJobsPerUserLimit', 'QOSMaxNodePerUserLimit', 'Licenses', 'None'],
    ];
    for (const reason of later) assert.equal(hopeless(reason), false, reason);
  });

  it('is read from recorded JSON of 22.05', { skip }, () => {
    const jobs = readSqueueJson(read('squeue-mixed.json'), null);
    const told = Object.fromEntries(jobs.map((job) => [job.batchJobId, job]));
    assert.deepEqual(told['4']?.hosts, ['n1', 'n2']);
    assert.equal(told['4']?.state, 'running');
    assert.equal(told['8']?.isHopeless, true);
    assert.equal(told['9']?.isHopeless, true);
    assert.equal(told['10']?.state, 'queued');
    assert.equal(told['10']?.expectedAt !== null, true);
    assert.equal(told['7']?.reason, 'JobHeldUser');
    assert.deepEqual(readSqueueJson(read('squeue-mixed.json'), 4242), []);
    const ended = readSqueueJson(read('squeue-preempted.json'), null);
    const exits = ended.map(({ name, exitCode, signal }) => [name, exitCode ?? signal]);
    assert.ok(
      exits.some(([name, exit]) => name === 'exit3' && exit === 3),
      String(exits),
    );
    assert.ok(exits.some(([name, exit]) => name === 'sigkill' && exit === 'SIGKILL'));
    const pilot = ended.find(({ name }) => name === 'ip-pilot-01');
    assert.deepEqual([pilot?.state, pilot?.restarts, pilot?.reason], ['queued', 1, 'BeginTime']);
  });

  it('is read from JSON of newer releases: lists of states, numbers with flags', () => {
    const number = (value: number, set = true) => ({ set, infinite: false, number: value });
    const job = (extra: object) => ({
      job_id: 7,
      name: 'p',
      user_id: 1000,
      nodes: 'n[08-10]',
      restart_cnt: 1,
      start_time: number(1_795_282_021),
      state_reason: 'None',
      ...extra,
    });
    const one = (extra: object) =>
      readSqueueJson(JSON.stringify({ jobs: [job(extra)], meta: {} }), 1000)[0];
    const running = one({ job_state: ['RUNNING'], exit_code: { return_code: number(0) } });
    assert.deepEqual([running?.state, running?.hosts], ['running', ['n08', 'n09', 'n10']]);
    assert.equal(one({ job_state: ['PREEMPTED', 'COMPLETING'] })?.state, 'running');
    assert.equal(one({ job_state: ['PENDING', 'REQUEUED'] })?.state, 'queued');
    const exit = { status: ['ERROR'], return_code: number(3), signal: { id: number(0, false) } };
    assert.equal(one({ job_state: ['FAILED'], exit_code: exit })?.exitCode, 3);
    const killed = { return_code: number(0, false), signal: { id: number(9), name: 'KILL' } };
    assert.equal(one({ job_state: ['FAILED'], exit_code: killed })?.signal, 'SIGKILL');
    assert.equal(one({ job_state: ['DREAMING'] })?.state, 'unknown');
    const waits = one({ job_state: ['PENDING'], start_time: number(0, false), nodes: '' });
    assert.equal(waits?.expectedAt, null);
    for (const odd of ['', 'no', '{}', '{"jobs": [7]}', '{"jobs": [{"job_id": 1}]}']) {
      assert.throws(() => readSqueueJson(odd, null), unavailable, odd);
    }
  });
});

function unavailable(error: unknown): boolean {
  return error instanceof DomainError && error.kind === 'unavailable';
}
