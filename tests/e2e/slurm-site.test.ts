import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { findProcesses } from '@interpulse/testing/facility/find-processes.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { whyNoSlurm } from '@interpulse/testing/slurm/why-no-slurm.ts';
import { allCompleted, readJob, startSlurmWorld, type SlurmWorld } from './slurm-world.ts';

const members = 200;
const backfillJobs = 6;
/** Notes that it runs; the second time it ends. */
const restartable = 'echo run >> "$1/restarted"; [ $(wc -l < "$1/restarted") -ge 2 ] || sleep 500';
/** Holds its cores until the file `go` is there. */
const holding = 'echo run >> "$1/holding-$2"; until [ -e "$1/go" ]; do sleep 1; done';

describe('a centre with a real Slurm', { skip: whyNoSlurm(), timeout: 400_000 }, () => {
  let world: SlurmWorld;
  let restarting = '';
  const submitted: string[] = [];

  const submit = async (body: Schemas['SubmitJobsBody']): Promise<string[]> => {
    const { jobIds } = await unwrap(world.facility.client.POST('/api/v1/jobs', { body }));
    submitted.push(...jobIds);
    return jobIds;
  };
  const command = (script: string) => ['sh', '-c', script, 'x', '{notes}', '{n}'];
  const parameters = (n: number) => ({ notes: world.notes, n });
  const note = (name: string) => readFileSync(join(world.notes, name), 'utf8');
  const completed = async (ensemble: string) => {
    const { client } = world.facility;
    const params = { query: { ensemble } };
    return (await unwrap(client.GET('/api/v1/jobs/counts', { params }))).counts.completed ?? 0;
  };
  const pilots = async () => {
    const query = { limit: 100 };
    const { client } = world.facility;
    return (await unwrap(client.GET('/api/v1/pilots', { params: { query } }))).items;
  };
  const poolOf = async (pilotId: string | null) =>
    (await pilots()).find(({ id }) => id === pilotId)?.pool;

  before(async () => {
    world = await startSlurmWorld();
    [restarting = ''] = await submit({
      jobs: [
        {
          ...{ command: command(restartable), parameters: parameters(0), label: 'restarts' },
          ...{ allocation: 'short', restartable: true, resources: { walltimeSeconds: 600 } },
        },
      ],
    });
  });
  after(() => world?.stop());

  it('runs an ensemble and what waits for it, once, though the controller is away', async () => {
    const jobs: object[] = Array.from({ length: members }, (_, n) => ({
      command: command('echo "$2" >> "$1/member-$2"; sleep 0.4'),
      parameters: parameters(n),
    }));
    jobs.push({
      command: command('cat "$1"/member-* | wc -l > "$1/total"'),
      parameters: parameters(members),
      parents: jobs.map((_, place) => place),
    });
    const common = { resources: { walltimeSeconds: 20 } };
    const { client } = world.facility;
    const ensemble = { label: 'many' };
    const body = { common, ensemble, jobs };
    const { jobIds, ensembleId } = await unwrap(client.POST('/api/v1/jobs', { body }));
    submitted.push(...jobIds);
    assert.ok(ensembleId !== null);
    await until('some of them to end', 60, async () => (await completed(ensembleId)) >= 5);
    await world.slurm.stopController();
    const before = await completed(ensembleId);
    await assert.rejects(world.slurm.run('squeue'), 'nobody answers for Slurm');
    await until('more to end meanwhile', 60, async () => {
      return (await completed(ensembleId)) >= Math.min(before + 40, members);
    });
    await world.slurm.startController();
    await allCompleted(world, jobIds, 90);
    assert.equal(note('total').trim(), String(members), 'the last waited for all others');
    for (let n = 0; n < members; n += 1) assert.equal(note(`member-${n}`), `${n}\n`);
  });

  it('runs ranks on two nodes', async () => {
    const script = 'echo "$SLURMD_NODENAME" > "$1/rank-$SLURM_PROCID"';
    const [jobId = ''] = await submit({
      jobs: [
        {
          ...{ command: command(script), parameters: parameters(0), label: 'ranks' },
          resources: { nodes: 2, ranksPerNode: 2, cores: 2, walltimeSeconds: 30 },
        },
      ],
    });
    await allCompleted(world, [jobId], 60);
    const hosts = [0, 1, 2, 3].map((rank) => note(`rank-${rank}`).trim());
    const { attempts } = await readJob(world, jobId);
    const wanted = attempts.at(-1)?.hosts.flatMap((host) => [host, host]);
    assert.equal(new Set(hosts).size, 2);
    assert.deepEqual(hosts, wanted);
  });

  it('refuses what no node of it has, and says who comes nearest', async () => {
    const body = {
      jobs: [{ command: ['true'], resources: { cores: 4, gpus: 0.5, walltimeSeconds: 60 } }],
    };
    await assert.rejects(
      unwrap(world.facility.client.POST('/api/v1/jobs', { body })),
      /centre comes nearest, but .*has 0 GPUs a node, 0.5 asked for/,
    );
  });

  describe('whose nodes are all busy with work that may wait', () => {
    let holders: string[] = [];
    const allHold = (what: string) =>
      until(what, 60, async () => {
        const query = { state: 'active', urgency: 'backfill' as const };
        const { client } = world.facility;
        const found = await unwrap(client.GET('/api/v1/jobs/counts', { params: { query } }));
        return found.total === backfillJobs;
      });
    const endsOfHolders = async () => {
      const found = await Promise.all(holders.map((jobId) => readJob(world, jobId)));
      // What one pilot gave back to another before it began is no end.
      return found.flatMap(({ attempts }) =>
        attempts.filter(({ outcome }) => outcome !== null && outcome !== 'released'),
      );
    };

    it('takes nodes for urgent work at once, and runs the other again', async () => {
      const jobs = Array.from({ length: backfillJobs }, (_, n) => ({ parameters: parameters(n) }));
      const resources = { cores: 2, walltimeSeconds: 1800 };
      const common = { command: command(holding), urgency: 'backfill' as const, resources };
      holders = await submit({ common, jobs });
      await allHold('all nodes to be busy');
      const [urgent = ''] = await submit({
        jobs: [
          {
            ...{ command: ['true'], urgency: 'urgent', label: 'urgent' },
            resources: { cores: 4, walltimeSeconds: 60 },
          },
        ],
      });
      await allCompleted(world, [urgent], 60);
      const { attempts } = await readJob(world, urgent);
      assert.equal(await poolOf(attempts.at(-1)?.pilotId ?? null), 'demand');
      await allHold('what had to leave to run again');
      const ends = await endsOfHolders();
      assert.ok(ends.length > 0);
      for (const { outcome, reason } of ends) {
        assert.equal(outcome, 'preempted');
        assert.match(reason ?? '', /preempt|taken|queued again/i);
      }
    });

    it('runs again what a pilot held that was ended behind its back', async () => {
      const before = (await endsOfHolders()).length;
      const held = await readJob(world, holders[0] ?? '');
      const victim = (await pilots()).find(({ id }) => id === held.job.pilotId);
      assert.ok(victim?.batchJobId);
      await world.slurm.run('scancel', victim.batchJobId);
      await until('the attempt to be over', 60, async () => {
        return (await readJob(world, held.job.id)).job.attempt > held.job.attempt;
      });
      await allHold('what it ran to run again');
      const ends = await endsOfHolders();
      assert.ok(ends.length > before);
      writeFileSync(join(world.notes, 'go'), '');
      await allCompleted(world, holders, 60);
    });

    it('was never charged for it as for urgent work', async () => {
      for (const { pilotId } of await endsOfHolders()) assert.equal(await poolOf(pilotId), 'free');
    });
  });

  it('goes on with what may restart when the walltime of its pilot is over', async () => {
    await allCompleted(world, [restarting], 120);
    const { attempts } = await readJob(world, restarting);
    const begun = attempts.filter(({ startedAt }) => startedAt !== null);
    assert.deepEqual(
      begun.map(({ outcome }) => outcome),
      ['preempted', 'completed'],
    );
    assert.match(begun[0]?.reason ?? '', /its pilot ends: its walltime is over/);
    assert.ok(attempts.length <= 4, `leased ${attempts.length} times`);
    assert.equal(note('restarted'), 'run\nrun\n');
  });

  it('completed every job by exactly one attempt', async () => {
    for (const jobId of submitted) {
      const { job, attempts } = await readJob(world, jobId);
      const outcomes = attempts.map(({ outcome }) => outcome);
      assert.equal(job.state, 'completed', `${jobId} ${job.label}: ${job.reason}`);
      assert.equal(
        outcomes.filter((outcome) => outcome === 'completed').length,
        1,
        outcomes.join(', '),
      );
      assert.equal(outcomes.at(-1), 'completed');
    }
  });

  it('leaves nothing behind: no batch job, no process', async () => {
    await world.facility.stop();
    const { folder } = world.facility;
    await until('all batch jobs to leave', 30, async () => {
      return (await world.slurm.run('squeue', '-h')).trim() === '';
    });
    await until('all processes to end', 30, async () => findProcesses(folder).length === 0).catch(
      () => assert.deepEqual(findProcesses(folder), []),
    );
  });
});
