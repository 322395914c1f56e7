import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { PilotBench, processesWith, until, type TaskWishes } from './pilot-test-kit.ts';

const withoutProc = existsSync('/proc/self/environ') ? false : 'this system has no /proc';

describe('a pilot', () => {
  it('introduces itself, runs a task without a shell, and reports both ends of it', async (t) => {
    const bench = await PilotBench.start(t);
    const [state] = bench.said;
    assert.ok(
      state?.type === 'pilotState' && state.nodes[0]?.cores === 4 && state.tasks.length === 0,
    );
    const script = 'echo "$1 $WORD $INTERPULSE_JOB_ID $INTERPULSE_CORES"; env >&2; echo 1 > r.txt';
    const task = bench.task(['sh', '-c', script, 'sh', '$HOME; two'], {
      environment: { WORD: 'w' },
      outputs: [{ name: 'result', path: 'r.*', required: true }],
      appVersion: '2.1',
      resources: { cores: 2 },
    });
    await bench.give(task);
    const end = await bench.end(task);
    assert.equal(end.event, 'completed', end.reason ?? '');
    const sha256 = createHash('sha256').update('1\n').digest('hex');
    const location = `${task.workFolder}/r.txt`;
    assert.deepEqual(end.outputs, [{ name: 'result', location, sizeBytes: 2, sha256 }]);
    // One report tells both ends of a task that is short, unless the machine is slow.
    assert.deepEqual(bench.reports(task)[0]?.argv, task.argv);
    assert.ok((end.pid ?? 0) > 0 && (end.startedAt ?? '') <= end.at);
    const { interpulse, node, os, app } = end.versions;
    assert.ok(interpulse !== undefined && os !== undefined && app === '2.1');
    assert.equal(node, process.versions.node);
    assert.deepEqual([end.user, end.host], [userInfo().username, hostname()]);
    assert.deepEqual(end.hosts, [hostname()]);
    const { wallSeconds = 0, peakMemoryBytes } = end.usage ?? {};
    assert.ok(wallSeconds > 0 && (peakMemoryBytes ?? 0) > 0, JSON.stringify(end.usage));
    const said = readFileSync(join(task.cwd, 'stdout'), 'utf8');
    assert.equal(said, `$HOME; two w ${task.jobId} 2\n`);
    assert.doesNotMatch(readFileSync(join(task.cwd, 'stderr'), 'utf8'), /TOKEN|AGENT_ADDRESS/);
  });

  it('says why a task failed', async (t) => {
    const bench = await PilotBench.start(t);
    const failing = bench.task(['sh', '-c', 'echo so it is >&2; exit 7']);
    const missing = bench.task(['no-such-program']);
    const homeless = bench.task(['true'], { cwd: '/proc/nowhere/at/all' });
    const crooked = bench.task(['true'], { cwd: join(bench.folder, 'file', 'work') });
    writeFileSync(join(bench.folder, 'file'), '');

    const unwritable = bench.task(['true'], { cwd: '/sys/kernel' });
    const killed = bench.task(['sh', '-c', 'kill -SEGV $$']);
    const huge = bench.task(['true'], { resources: { cores: 5 } });
    const long = bench.task(['true'], { resources: { walltimeSeconds: 6000 } });
    await bench.give(failing, missing, homeless, crooked, unwritable, killed, huge, long);
    const end = await bench.end(failing);
    assert.equal(end.event, 'failed');
    assert.equal(end.exitCode, 7);
    assert.equal(end.stderrTail, 'so it is\n');
    assert.match((await bench.end(missing)).reason ?? '', /no-such-program was not found/);
    assert.match((await bench.end(homeless)).reason ?? '', /work directory is gone/);
    assert.match((await bench.end(crooked)).reason ?? '', /is not a folder/);
    assert.match((await bench.end(unwritable)).reason ?? '', /may not be used|read-only/);
    assert.equal((await bench.end(killed)).signal, 'SIGSEGV');
    assert.match((await bench.end(huge)).reason ?? '', /asks for 5 cores; pilots here have 4/);
    assert.match((await bench.end(long)).reason ?? '', /asks for 6000 s/);
    assert.deepEqual(
      bench.reports(missing).map(({ event }) => event),
      ['failed'],
    );
  });

  it('fails a task that did not write what it must, and keeps to its folder', async (t) => {
    const bench = await PilotBench.start(t);
    const outputs = [{ name: 'result', path: 'out/*.h5', required: true }];
    const lazy = bench.task(['true'], { outputs });
    const sly = bench.task(['sh', '-c', 'mkdir out; ln -s /etc/passwd out/x.h5'], { outputs });
    const preview = {
      kind: 'curves',
      title: 't',
      x: { label: 'x' },
      y: { label: 'y' },
      curves: [],
    };
    const good = bench.task(['sh', '-c', 'cp "$1" p.json', 'sh', join(bench.folder, 'p.json')], {
      outputs: [{ name: 'preview', path: 'p.json', required: true }],
    });
    writeFileSync(join(bench.folder, 'p.json'), JSON.stringify(preview));
    symlinkSync('/', join(lazy.cwd, 'root'));
    await bench.give(lazy, sly, good);
    assert.match((await bench.end(lazy)).reason ?? '', /"result" \(out\/\*\.h5\) is missing/);
    const end = await bench.end(sly);
    assert.equal(end.event, 'failed');
    assert.match(end.reason ?? '', /leads out of the work directory/);
    assert.deepEqual(end.outputs, []);
    assert.equal((await bench.end(good)).preview?.title, 't');
  });

  it('ends a task that is over its walltime, and its whole process group', async (t) => {
    const bench = await PilotBench.start(t);
    const word = `300.${process.pid}1`;
    const script = `trap "" TERM; sleep ${word} & sleep ${word}`;
    const task = bench.task(['sh', '-c', script], { resources: { walltimeSeconds: 1 } });
    await bench.give(task);
    const end = await bench.end(task);
    assert.equal(end.event, 'timedOut');
    assert.match(end.reason ?? '', /walltime of 1 s/);
    await until('nothing of it is left', () => processesWith(`sleep ${word}`).length === 0);
  });

  it('cancels what runs and what waits, and fills the cores again', async (t) => {
    const bench = await PilotBench.start(t);
    const running = bench.task(['sleep', '100'], { resources: { cores: 4 } });
    const waiting = bench.task(['true'], { resources: { cores: 4 } });
    const last = bench.task(['true'], { resources: { cores: 4 } });
    await bench.give(running, waiting, last);
    await bench.started(running);
    const tasks = [waiting, running].map(({ jobId, attempt }) => ({ jobId, attempt }));
    await bench.session.send({ type: 'cancelTasks', tasks });
    assert.equal((await bench.end(waiting)).event, 'canceled');
    assert.equal((await bench.end(running)).event, 'canceled');
    assert.equal((await bench.end(last)).event, 'completed');
    assert.equal(bench.reports(waiting).length, 1);
  });

  it('begins what is urgent at the next free core, before all that it had at hand', async (t) => {
    const bench = await PilotBench.start(t, { INTERPULSE_CORES: '1' });
    const [gate, order] = [join(bench.folder, 'gate'), join(bench.folder, 'order')];
    const running = bench.task(['sh', '-c', `until test -e ${gate}; do sleep 0.01; done`]);
    const writes = (name: string, more: TaskWishes = {}) =>
      bench.task(['sh', '-c', `echo ${name} >> ${order}`], more);
    const kept = ['a', 'b', 'c'].map((name) => writes(name));
    await bench.give(running, ...kept);
    await bench.started(running);
    const least = writes('least', { urgency: 'backfill', priority: 5 });
    const soon = writes('soon', { deadlineAt: '2026-11-21T10:00:00.000Z' });
    const urgent = writes('urgent', { urgency: 'urgent', priority: -1 });
    await bench.give(least);
    await bench.give(soon, urgent);
    writeFileSync(gate, '');
    await Promise.all([least, soon, urgent, ...kept].map((task) => bench.end(task)));
    assert.equal(readFileSync(order, 'utf8'), 'urgent\nsoon\na\nb\nc\nleast\n');
  });

  it('gives back what is wanted elsewhere, where it has not begun', async (t) => {
    const bench = await PilotBench.start(t);
    const running = bench.task(['sleep', '100'], { resources: { cores: 3 } });
    const large = bench.task(['true'], { resources: { cores: 4 } });
    const behind = bench.task(['true'], { resources: { cores: 2 } });
    await bench.give(running, large, behind);
    await bench.started(running);
    const unknown = { ...large, attempt: 2 };
    const tasks = [running, large, unknown].map(({ jobId, attempt }) => ({ jobId, attempt }));
    await bench.session.send({ type: 'returnTasks', tasks });
    const end = await bench.end(large);
    assert.deepEqual(
      [end.event, end.attempt, end.reason],
      ['released', 1, 'another pilot has room for it'],
    );
    const next = { ...large, attempt: 3, resources: { ...large.resources, cores: 1 } };
    await bench.give(next);
    await until('its next attempt ends', () => bench.reports(large).at(-1)?.event === 'completed');
    assert.deepEqual(bench.reports(behind), []);
    assert.deepEqual(
      bench.reports(running).map(({ event }) => event),
      ['started'],
    );
    assert.equal(bench.reports().filter(({ event }) => event === 'released').length, 1);
  });

  it('runs an attempt once, however often it comes', async (t) => {
    const bench = await PilotBench.start(t);
    const task = bench.task(['sh', '-c', 'echo x >> ../count']);
    await Promise.all([bench.give(task, task), bench.give(task)]);
    await bench.end(task);
    await bench.give(task);
    const next = { ...task, attempt: 2 };
    await bench.give(next);
    await until('the next attempt ends', () => bench.reports(task).length >= 2);
    assert.equal(readFileSync(join(bench.folder, 'count'), 'utf8'), 'x\nx\n');
    assert.deepEqual(
      bench.reports(task).map(({ attempt }) => attempt),
      [1, 2],
    );
  });

  it('leaves no process behind when it is killed', { skip: withoutProc }, async (t) => {
    const bench = await PilotBench.start(t);
    const word = `300.${process.pid}2`;
    const plain = bench.task(['sleep', word]);
    // Out of the process group, and with an empty environment: one of the two finds each.
    const away = bench.task(['sh', '-c', `setsid sleep ${word} & wait`]);
    const bare = bench.task(['env', '-i', '/bin/sleep', word]);
    await bench.give(plain, away, bare);
    await until('all of it runs', () => processesWith(`sleep ${word}`).length >= 4);
    bench.process.kill('SIGKILL');
    await until('nothing is left', () => processesWith(`sleep ${word}`).length === 0);
  });

  it('keeps what an agent that died did not hear, and tells the next one', async (t) => {
    const bench = await PilotBench.start(t);
    bench.onMessage = () => new Promise(() => undefined);
    const early = bench.task(['true']);
    await bench.give(early);
    await bench.end(early);
    const late = bench.task(['sh', '-c', 'while [ ! -e ../go ]; do sleep 0.01; done']);
    await bench.give(late);
    await bench.started(late);
    await bench.stopAgent();
    writeFileSync(join(bench.folder, 'go'), '');
    bench.said.length = 0;
    bench.onMessage = () => Promise.resolve();
    await bench.startAgent();
    await bench.end(late);
    const state = bench.said.find(({ type }) => type === 'pilotState');
    assert.ok(state?.type === 'pilotState');
    assert.deepEqual(
      bench.reports(early).map(({ event }) => event),
      ['completed'],
    );
    assert.deepEqual(
      bench.reports(late).map(({ event }) => event),
      ['started', 'completed'],
    );
  });
});
