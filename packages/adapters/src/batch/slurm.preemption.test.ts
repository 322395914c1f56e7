import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import type { BatchJob } from './batch-system.ts';
import { expandHosts } from '@interpulse/domain/site/expand-hosts.ts';
import { batchRequest } from '@interpulse/testing/batch/batch-request.ts';
import { untilState } from '@interpulse/testing/batch/until-state.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { startSlurm, type TestSlurm } from '@interpulse/testing/slurm/start-slurm.ts';
import { whyNoSlurm } from '@interpulse/testing/slurm/why-no-slurm.ts';
import { slurmBatch } from './slurm.ts';

/** A pilot that writes down what it is told, and leaves on TERM. */
const diary = `
say() { echo "$1" >> "$DIARY"; }
trap 'say USR1' USR1
trap 'say TERM; exit 0' TERM
say "start $SLURM_RESTART_COUNT"
while :; do sleep 0.1 & wait $!; done
`;

describe('real Slurm with work that preempts', { skip: whyNoSlurm() }, () => {
  let slurm: TestSlurm;
  before(async () => {
    slurm = await startSlurm({ nodes: 4, minJobAgeSeconds: 2 });
  });
  after(() => slurm.stop());

  const setUp = (t: TestContext) => {
    // Its name is a trap for whoever quotes it wrongly, twice: in a directive and in the script.
    const folder = mkdtempSync(join(tmpdir(), `interpulse a'b"c%j `));
    const batch = slurmBatch({ folder: join(folder, 'notes'), environment: slurm.environment });
    t.after(async () => {
      await slurm.run('scancel', '--user=root');
      await until(
        'the queue to be empty',
        15,
        async () => (await slurm.run('squeue', '-h')) === '',
      );
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    });
    const wait = (pilotId: BatchJob['pilotId'], state: BatchJob['state']) =>
      untilState({ batch, pilotId, state, patienceSeconds: 30 });
    return { folder, batch, wait };
  };

  it('queues a pilot again whose nodes were taken, and says how often', async (t) => {
    const { folder, batch, wait } = setUp(t);
    const notes = join(folder, 'diary');
    const pilot = batchRequest({
      command: ['sh', '-c', diary],
      environment: { PATH: '/usr/bin:/bin', DIARY: notes },
      folder,
      nodes: 4,
      options: { queue: 'preemptable', coresPerNode: 0, requeue: true, warnSeconds: 60 },
      walltimeSeconds: 600,
    });
    const batchJobId = await batch.submit(pilot);
    const first = await wait(pilot.pilotId, 'running');
    assert.deepEqual([first.hosts, first.restarts], [['n1', 'n2', 'n3', 'n4'], 0]);
    await until('the pilot to start', 10, async () => existsSync(notes));

    const startedMs = performance.now();
    const urgent = batchRequest({
      command: ['sleep', '1'],
      folder,
      nodes: 2,
      options: { queue: 'demand', coresPerNode: 0 },
    });
    await batch.submit(urgent);
    await wait(urgent.pilotId, 'running');
    t.diagnostic(`urgent work ran after ${Math.round(performance.now() - startedMs)} ms`);
    const again = await wait(pilot.pilotId, 'queued');
    assert.deepEqual([again.batchJobId, again.restarts, again.hosts], [batchJobId, 1, []]);
    assert.equal(again.exitCode, null);
    await wait(urgent.pilotId, 'ended');
    const back = await wait(pilot.pilotId, 'running');
    assert.equal(back.restarts, 1);
    await until('the pilot to start again', 10, async () =>
      /start 1/.test(readFileSync(notes, 'utf8')),
    );
    const lines = readFileSync(notes, 'utf8').trim().split('\n');
    assert.equal(lines[0], 'start ');
    assert.ok(lines.includes('USR1') && lines.includes('TERM'), lines.join());
    assert.equal(lines.at(-1), 'start 1');
    // The second attempt has not overwritten what the first has written.
    assert.ok(existsSync(join(pilot.folder, 'stdout')));
  });

  it('does not queue again what shall not be', async (t) => {
    const { folder, batch, wait } = setUp(t);
    const pilot = batchRequest({
      command: ['sleep', '600'],
      folder,
      nodes: 4,
      options: { queue: 'preemptable', coresPerNode: 0 },
    });
    await batch.submit(pilot);
    await wait(pilot.pilotId, 'running');
    const options = { queue: 'demand', coresPerNode: 0 };
    const urgent = batchRequest({ command: ['sleep', '1'], folder, nodes: 4, options });
    await batch.submit(urgent);
    const ended = await wait(pilot.pilotId, 'ended');
    assert.match(ended.reason ?? '', /PREEMPTED/);
    assert.notEqual(ended.exitCode, 0);
  });

  it('remembers what the queue has forgotten', async (t) => {
    const { folder, batch, wait } = setUp(t);
    const pilots = ['exit 0', 'exit 7', 'kill -9 $$'].map((script) =>
      batchRequest({ command: ['sh', '-c', script], folder }),
    );
    for (const pilot of pilots) await batch.submit(pilot);
    await until('the queue to forget them', 45, async () => {
      return (await slurm.run('squeue', '-h', '-a', '--states=all')) === '';
    });
    const ends = await Promise.all(pilots.map(({ pilotId }) => wait(pilotId, 'ended')));
    assert.deepEqual(
      ends.map(({ exitCode, signal }) => exitCode ?? signal),
      [0, 7, 'SIGKILL'],
    );
  });

  it('takes a reservation, a constraint and directives, and keeps a deadline', async (t) => {
    const { folder, batch, wait } = setUp(t);
    await slurm.run(
      ...([
        'scontrol',
        'create',
        'reservation',
        'ReservationName=beamtime',
        'StartTime=now',
      ] as const),
      ...['Duration=60', 'Users=root', 'Nodes=n1,n2'],
    );
    const pilot = batchRequest({
      command: ['sh', '-c', 'sleep 2'],
      folder,
      options: {
        reservation: 'beamtime',
        constraint: 'even&even',
        memoryBytesPerNode: 1024 ** 3,
        directives: ['--comment="two words"', '--nice=7'],
        endsBeforeAt: new Date(Date.now() + 3600_000).toISOString(),
      },
    });
    const id = await batch.submit(pilot);
    const shown = await slurm.run('scontrol', 'show', 'job', '-o', id);
    assert.match(shown, /Reservation=beamtime/);
    assert.match(shown, /Comment=two words/);
    assert.match(shown, /Nice=7/);
    assert.match(shown, /MinMemoryNode=1G/);
    assert.match(shown, /TimeLimit=00:02:00/);
    assert.match(shown, /Requeue=0/);
    assert.doesNotMatch(shown, /Deadline=N\/A/);
    const running = await wait(pilot.pilotId, 'running');
    assert.deepEqual(running.hosts, ['n2']);
    await wait(pilot.pilotId, 'ended');
    await slurm.run('scontrol', 'delete', 'ReservationName=beamtime');
  });

  it('reads lists of nodes as Slurm does', { timeout: 30_000 }, async () => {
    const number = fc.integer({ min: 0, max: 120 });
    const range = fc
      .tuple(number, fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 4 }))
      .map(([first, more, width]) => {
        const pad = (value: number): string => String(value).padStart(width, '0');
        return more === 0 ? pad(first) : `${pad(first)}-${pad(first + more)}`;
      });
    const name = fc.stringMatching(/^[a-z]{1,4}$/);
    const item = fc.oneof(
      fc.tuple(name, number).map(([word, value]) => `${word}${value}`),
      fc
        .tuple(name, fc.array(range, { minLength: 1, maxLength: 4 }))
        .map(([word, ranges]) => `${word}[${ranges.join(',')}]`),
    );
    const lists = fc.array(item, { minLength: 1, maxLength: 4 }).map((items) => items.join(','));
    const check = fc.asyncProperty(lists, async (list) => {
      const told = await slurm.run('scontrol', 'show', 'hostnames', list);
      assert.deepEqual(expandHosts(list), told.trim().split('\n'));
    });
    await fc.assert(check, { numRuns: 60 });
  });
});
