import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { PilotBench, processesWith, until } from './pilot-test-kit.ts';

const untilGo = ['sh', '-c', 'while [ ! -e ../go ]; do sleep 0.01; done'];

describe('the end of a pilot', () => {
  it('finishes what runs when it is released, and gives the rest back', async (t) => {
    const bench = await PilotBench.start(t);
    const running = bench.task(untilGo, { resources: { cores: 4 } });
    const waiting = bench.task(['true']);
    const late = bench.task(['true']);
    await bench.give(running, waiting);
    await bench.started(running);
    await bench.session.send({ type: 'drain' });
    await bench.give(late);
    for (const task of [waiting, late]) {
      const end = await bench.end(task);
      assert.equal(end.event, 'released');
      assert.match(end.reason ?? '', /it was released/);
    }
    writeFileSync(join(bench.folder, 'go'), '');
    assert.equal(await bench.exit(), 0);
    assert.equal((await bench.end(running)).event, 'completed');
    assert.equal(bench.said.at(-1)?.type, 'pilotEnds');
  });

  for (const signal of ['SIGTERM', 'SIGUSR1'] as const) {
    it(`passes the warning of the batch system on (${signal}), and tells all ends`, async (t) => {
      const bench = await PilotBench.start(t, { INTERPULSE_GRACE_SECONDS: '1' });
      const word = `300.${process.pid}${signal.length}`;
      const dull = bench.task(['sleep', word]);
      const stubborn = bench.task([
        'sh',
        '-c',
        `trap "" TERM; touch ready; sleep ${word} & sleep ${word}`,
      ]);
      const careful = bench.task([
        'sh',
        '-c',
        'trap "echo saved > state; exit 0" TERM; touch ready; while :; do sleep 0.01; done',
      ]);
      const failing = bench.task([
        'sh',
        '-c',
        'trap "exit 9" TERM; touch ready; while :; do sleep 0.01; done',
      ]);
      const waiting = bench.task(['true'], { resources: { cores: 4 } });
      await bench.give(dull, stubborn, careful, failing, waiting);
      await bench.started(dull);
      for (const { cwd } of [stubborn, careful, failing]) {
        await until('its trap is set', () => existsSync(join(cwd, 'ready')));
      }
      bench.process.kill(signal);
      assert.equal(await bench.exit(), 0);
      const events = [dull, stubborn, careful, failing, waiting].map((task) => {
        return bench.reports(task).at(-1)?.event;
      });
      assert.deepEqual(events, ['preempted', 'preempted', 'completed', 'preempted', 'released']);
      assert.match(bench.reports(dull).at(-1)?.reason ?? '', /taken for other work/);
      const last = bench.said.at(-1);
      assert.ok(last?.type === 'pilotEnds' && last.reason.includes(signal), last?.type);
      await until('nothing is left', () => processesWith(`sleep ${word}`).length === 0);
    });
  }

  it('takes the end of a task by the same signal for its own warning', async (t) => {
    const bench = await PilotBench.start(t);
    const task = bench.task(['sleep', '100']);
    await bench.give(task);
    const { pid } = await bench.started(task);
    assert.ok(pid !== null);
    // Batch systems signal the processes of a job one after another.
    process.kill(pid, 'SIGTERM');
    bench.process.kill('SIGTERM');
    assert.equal(await bench.exit(), 0);
    assert.equal((await bench.end(task)).event, 'preempted');
  });

  it('ends when too little time is left for what waits, and gives it back', async (t) => {
    const bench = await PilotBench.start(t, { INTERPULSE_WALLTIME_SECONDS: '20' });
    const state = bench.said[0];
    assert.ok(state?.type === 'pilotState');
    const leftMs = Date.parse(state.endsAt) - Date.now();
    assert.ok(leftMs > 10_000 && leftMs <= 18_000, `it stops in ${leftMs} ms`);
    const resources = { walltimeSeconds: 18 };
    const able = bench.task(['true'], { resources, restartable: true });
    await bench.give(able);
    assert.equal((await bench.end(able)).event, 'completed');
    const task = bench.task(['true'], { resources });
    await bench.give(task);
    assert.equal(await bench.exit(), 0);
    const last = bench.said.at(-1);
    assert.ok(last?.type === 'pilotEnds');
    assert.match(last.reason, /too little of its walltime/);
    assert.deepEqual(
      bench.reports(task).map(({ event }) => event),
      ['released'],
    );
  });

  it('ends what may go on elsewhere when its walltime is over', async (t) => {
    const bench = await PilotBench.start(t, {
      INTERPULSE_WALLTIME_SECONDS: '3',
      INTERPULSE_GRACE_SECONDS: '0.2',
    });
    const task = bench.task(['sleep', '100'], { restartable: true });
    await bench.give(task);
    assert.equal(await bench.exit(), 0);
    const end = await bench.end(task);
    assert.equal(end.event, 'preempted');
    assert.match(end.reason ?? '', /walltime is over/);
    const [, leaves] = bench.said.filter((message) => message.type === 'pilotState');
    assert.ok(leaves && Date.parse(leaves.endsAt) <= Date.now(), 'it says that it takes no more');
  });

  it('ends itself when it is idle and no agent answers', async (t) => {
    const bench = await PilotBench.start(t, { INTERPULSE_ORPHAN_SECONDS: '0.3' });
    await bench.stopAgent();
    assert.equal(await bench.exit(), 0);
  });

  for (const [name, act] of [
    ['its nodes are taken', (bench: PilotBench) => void bench.process.kill('SIGTERM')],
    ['its session is over', (bench: PilotBench) => bench.session.close()],
  ] as const) {
    it(`waits for nobody who takes its last reports once ${name}`, async (t) => {
      const bench = await PilotBench.start(t, { INTERPULSE_GRACE_SECONDS: '0' });
      bench.onMessage = ({ type }) =>
        type === 'jobReports' ? new Promise(() => undefined) : Promise.resolve();
      const task = bench.task(['true']);
      await bench.give(task);
      await bench.session.send({ type: 'drain' });
      await bench.end(task);
      act(bench);
      await until('it ends', () => bench.process.exitCode === 0, 15);
    });
  }
});
