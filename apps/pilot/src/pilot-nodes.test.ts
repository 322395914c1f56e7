import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it, type TestContext } from 'node:test';
import { PilotBench, processesWith, until } from './pilot-test-kit.ts';

/** Stands in for Slurm's: notes its words, and runs every rank on this machine. */
const srun = `#!/bin/sh
echo "$@" >> "$FAKE_LOG"
ranks=1
for word in "$@"; do case $word in --ntasks=*) ranks=\${word#*=} ;; esac; done
while [ "\${1#-}" != "$1" ]; do shift; done
[ "$ranks" = 1 ] && exec "$@"
rank=0
while [ $rank -lt $ranks ]; do SLURM_PROCID=$rank "$@" & rank=$((rank + 1)); done
wait
`;

const folder = mkdtempSync(join(tmpdir(), 'interpulse-nodes-'));
after(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, 'srun'), srun, { mode: 0o755 });
const log = join(folder, 'log');
const untilGo = ['sh', '-c', 'while [ ! -e ../go ]; do sleep 0.01; done'];

async function startNodes(t: TestContext, more: Record<string, string> = {}): Promise<PilotBench> {
  const nodes = ['n1', 'n2', 'n3'].map((host) => ({ host, cores: 2, gpus: ['7', '9'] }));
  return PilotBench.start(t, {
    PATH: `${folder}:${process.env['PATH']}`,
    FAKE_LOG: log,
    INTERPULSE_NODES: JSON.stringify(nodes),
    INTERPULSE_LAUNCHER: 'srun',
    ...more,
  });
}

/** Processes that a pilot started to start others. */
function spawnersOf(bench: PilotBench): number[] {
  const { pid = 0 } = bench.process;
  const words = ['--ppid', String(pid), '-o', 'pid=,args='];
  const listed = spawnSync('ps', words, { encoding: 'utf8' }).stdout.split('\n');
  return listed
    .filter((line) => line.endsWith(' spawner'))
    .map((line) => Number.parseInt(line, 10));
}

describe('a pilot of several nodes', () => {
  it('starts tasks on all of them, and leaves nothing behind when it is killed', async (t) => {
    const bench = await startNodes(t);
    const [state] = bench.said;
    assert.ok(state?.type === 'pilotState');
    assert.deepEqual(
      state.nodes.map(({ host, cores, gpus }) => [host, cores, gpus]),
      [
        ['n1', 2, 2],
        ['n2', 2, 2],
        ['n3', 2, 2],
      ],
    );
    const word = `300.${process.pid}3`;
    const tasks = [1, 2, 3].map(() => bench.task(['sleep', word], { resources: { cores: 2 } }));
    await bench.give(...tasks);
    const hosts: string[] = [];
    for (const task of tasks) hosts.push((await bench.started(task)).host);
    assert.deepEqual(hosts.toSorted(), ['n1', 'n2', 'n3']);
    assert.match(readFileSync(log, 'utf8'), /--overlap --nodes=1 --ntasks=1 --nodelist=n3/);
    bench.process.kill('SIGKILL');
    await until('nothing is left', () => processesWith(`sleep ${word}`).length === 0);
  });

  it('runs ranks through the launcher, with what comes around them once', async (t) => {
    const bench = await startNodes(t);
    const task = bench.task(
      ['sh', '-c', 'echo "$SLURM_PROCID $WORD $1" > "rank-$SLURM_PROCID"', 'sh', 'a b'],
      {
        preamble: ['export WORD="from the preamble"', 'echo preamble >> order'],
        pre: [['sh', '-c', 'echo "pre $1" >> order', 'sh', '$HOME; x']],
        post: [['sh', '-c', 'echo post >> order']],
        resources: { nodes: 2, ranksPerNode: 2, cores: 2 },
      },
    );
    await bench.give(task);
    const end = await bench.end(task);
    assert.equal(end.event, 'completed', `${end.reason} ${end.stderrTail}`);
    assert.equal(end.hosts.length, 2);
    assert.equal(end.host, end.hosts[0]);
    for (const rank of [0, 1, 2, 3]) {
      const said = readFileSync(join(task.cwd, `rank-${rank}`), 'utf8');
      assert.equal(said, `${rank} from the preamble a b\n`);
    }
    assert.equal(readFileSync(join(task.cwd, 'order'), 'utf8'), 'preamble\npre $HOME; x\npost\n');
    const words = readFileSync(log, 'utf8');
    const asked = `--nodes=2 --ntasks=4 --ntasks-per-node=2 --cpus-per-task=1 --nodelist=`;
    assert.ok(words.includes(`--overlap ${asked}${end.hosts.join(',')} `), words);
  });

  it('tells what ranks used, on all their nodes', async (t) => {
    const bench = await startNodes(t);
    const script = 'globalThis.kept = Buffer.alloc(1e8, 1); setTimeout(() => {}, 3000)';
    const task = bench.task([process.execPath, '-e', script], {
      resources: { nodes: 2, cores: 2 },
    });
    await bench.give(task);
    const { usage } = await bench.end(task);
    // Both on this machine: each of the two nodes sees both ranks.
    assert.ok((usage?.peakMemoryBytes ?? 0) > 4e8, JSON.stringify(usage));
    assert.ok((usage?.cpuSeconds ?? 0) > 0.1, JSON.stringify(usage));
  });

  it('gives tasks GPUs of their own, and parts of one', async (t) => {
    const bench = await startNodes(t);
    const say = [
      'sh',
      '-c',
      'echo "$CUDA_VISIBLE_DEVICES" > gpus; while [ ! -e ../go ]; do sleep 0.01; done',
    ];
    const tasks = [0.5, 0.5, 1, 0].map((gpus) => bench.task(say, { resources: { gpus } }));
    await bench.give(...tasks);
    const ids: string[] = [];
    for (const task of tasks) {
      const { host } = await bench.started(task);
      const path = join(task.cwd, 'gpus');
      await until('it says its GPUs', () => existsSync(path) && readFileSync(path, 'utf8') !== '');
      ids.push(`${host} ${readFileSync(path, 'utf8').trim()}`);
    }
    writeFileSync(join(bench.folder, 'go'), '');
    assert.equal(ids[0], ids[1], 'halves share one');
    assert.match(ids[0] ?? '', / 7$/);
    assert.notEqual(ids[2], ids[0]);
    assert.match(ids[3] ?? '', /^n\d $/);
  });

  it('refuses what no node of it could run', async (t) => {
    const bench = await startNodes(t, { INTERPULSE_LAUNCHER: 'none' });
    const wide = bench.task(['true'], { resources: { nodes: 2 } });
    const hungry = bench.task(['true'], { resources: { gpus: 3 } });
    await bench.give(wide, hungry);
    assert.match((await bench.end(wide)).reason ?? '', /no launcher/);
    assert.match(
      (await bench.end(hungry)).reason ?? '',
      /3 GPUs; pilots here have 2 cores, 2 GPUs/,
    );
  });

  it('goes on without a node that does not answer', async (t) => {
    const start = JSON.stringify(['no-such-launcher', '{host}', '{cores}']);
    const bench = await startNodes(t, { INTERPULSE_NODE_START: start });
    const wide = bench.task(['true'], { resources: { nodes: 3 } });
    const small = bench.task(['true']);
    await bench.give(wide, small);
    const end = await bench.end(wide);
    assert.equal(end.event, 'released');
    assert.match(end.reason ?? '', /nodes that it needs are gone/);
    const left = bench.said.findLast((message) => message.type === 'pilotState');
    const first = bench.said.find((message) => message.type === 'pilotState');
    assert.ok(left && first && left.nodes.length < first.nodes.length, 'it says what it has left');
    assert.equal((await bench.end(small)).event, 'completed');
  });

  it('gives back what a dead spawner ran, and starts another one', async (t) => {
    const bench = await PilotBench.start(t);
    const word = `300.${process.pid}4`;
    const away = bench.task(['sh', '-c', `setsid sleep ${word} & exec sleep ${word}`]);
    const last = bench.task(untilGo, { attempt: 5 });
    await bench.give(away, last);
    await bench.started(away);
    await bench.started(last);
    const before = spawnersOf(bench);
    assert.ok(before.length > 0);
    for (const pid of before) process.kill(pid, 'SIGKILL');
    const end = await bench.end(away);
    assert.equal(end.event, 'preempted');
    assert.match(end.reason ?? '', /gone: it ended with SIGKILL/);
    // What takes its spawner down each time is not tried for ever.
    assert.equal((await bench.end(last)).event, 'failed');
    await until('nothing is left', () => processesWith(`sleep ${word}`).length === 0);
    const next = bench.task(['true']);
    await bench.give(next);
    assert.equal((await bench.end(next)).event, 'completed');
    assert.ok(spawnersOf(bench).every((pid) => !before.includes(pid)));
  });
});
