import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { startSlurm, type TestSlurm } from '@interpulse/testing/slurm/start-slurm.ts';
import { whyNoSlurm } from '@interpulse/testing/slurm/why-no-slurm.ts';
import { PilotBench, processesWith, until } from './pilot-test-kit.ts';

describe('a pilot on two nodes of Slurm', { skip: whyNoSlurm() }, () => {
  let slurm: TestSlurm;
  before(async () => {
    slurm = await startSlurm({ nodes: 2 });
  });
  after(() => slurm.stop());

  const start = (t: TestContext): Promise<PilotBench> =>
    PilotBench.start(
      t,
      { ...slurm.environment, INTERPULSE_CORES: '8', INTERPULSE_LAUNCHER: 'srun' },
      ['salloc', '--quiet', '--nodes=2', '--exclusive'],
    );

  /** Gives the nodes back. */
  const leave = async (bench: PilotBench): Promise<void> => {
    await bench.session.send({ type: 'drain' });
    await bench.exit();
  };

  it('knows both, and starts tasks on each and across them', async (t) => {
    const bench = await start(t);
    const [state] = bench.said;
    assert.ok(state?.type === 'pilotState');
    assert.deepEqual(
      state.nodes.map(({ host, cores }) => [host, cores]),
      [
        ['n1', 8],
        ['n2', 8],
      ],
    );
    const apart = [1, 2].map(() => bench.task(['sleep', '1'], { resources: { cores: 8 } }));
    await bench.give(...apart);
    const hosts: string[] = [];
    for (const task of apart) hosts.push((await bench.end(task)).host);
    assert.deepEqual(hosts.toSorted(), ['n1', 'n2']);

    const script = 'echo "$SLURMD_NODENAME $SLURM_NTASKS $WORD" > "rank-$SLURM_PROCID"';
    const together = bench.task(['sh', '-c', script], {
      preamble: ['export WORD=preamble'],
      resources: { nodes: 2, ranksPerNode: 2, cores: 8 },
    });
    await bench.give(together);
    const end = await bench.end(together);
    assert.equal(end.event, 'completed', `${end.reason} ${end.stderrTail}`);
    const ranks = [0, 1, 2, 3].map((rank) => {
      return readFileSync(join(together.cwd, `rank-${rank}`), 'utf8').trim();
    });
    const said = ['n1', 'n1', 'n2', 'n2'].map((host) => `${host} 4 preamble`);
    assert.deepEqual(ranks, said);
    await leave(bench);
  });

  it('ends every rank of a task that is canceled', async (t) => {
    const bench = await start(t);
    const word = `300.${process.pid}7`;
    const script = `trap "" TERM; sleep ${word} & sleep ${word}`;
    const task = bench.task(['sh', '-c', script], { resources: { nodes: 2, cores: 8 } });
    await bench.give(task);
    await until('both ranks run', () => processesWith(`sleep ${word}`).length >= 4);
    await bench.session.send({
      type: 'cancelTasks',
      tasks: [{ jobId: task.jobId, attempt: task.attempt }],
    });
    assert.equal((await bench.end(task)).event, 'canceled');
    await until('nothing is left', () => processesWith(`sleep ${word}`).length === 0);
    await leave(bench);
  });
});
