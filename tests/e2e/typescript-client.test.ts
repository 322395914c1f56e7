import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rm, writeFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Interpulse } from '@interpulse/api/client/interpulse.ts';
import { JobFailed } from '@interpulse/api/client/job-failed.ts';
import type { HistoryEvent } from '@interpulse/domain/event/event.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { openInBatch } from '@interpulse/domain/flow-run/open-in-batch.ts';
import { bundleClient } from '../../tools/package/bundle-client.ts';
import { startClientWorld, type ClientWorld } from './client-world.ts';

const source = import.meta.resolve('@interpulse/api/client/interpulse.ts');

/** Runs in a job: submits, waits, reads, cancels, with what it finds in its environment. */
const children = `
  const { Interpulse } = await import(${JSON.stringify(source)});
  const { writeFile } = await import('node:fs/promises');
  const hub = new Interpulse();
  const squares = await hub.map('square', [2, 3, 4].map((n) => ({ parameters: { n } })));
  const results = await squares.results();
  const values = await Promise.all(results.map((result) => result.output('square').json()));
  const stopped = await hub.submit('pause', { parameters: { gate: '/' } });
  if (!(await stopped.cancel())) throw new Error('not canceled');
  await writeFile('total.txt', String(values[0] + values[1] + values[2]));
  hub.close();
`;

async function all<T>(things: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const thing of things) list.push(thing);
  return list;
}

describe('the TypeScript client', { timeout: 180_000 }, () => {
  let world: ClientWorld;
  let hub: Interpulse;
  let gates = 0;

  /** While this file is there, jobs of the app `pause` go on. */
  const makeGate = async (): Promise<string> => {
    const gate = join(world.facility.folder, `gate-${(gates += 1)}`);
    await writeFile(gate, '');
    return gate;
  };

  before(async () => {
    world = await startClientWorld({});
    hub = new Interpulse({ baseUrl: world.facility.url, token: world.facility.token });
  });
  after(async () => {
    hub?.close();
    await world?.stop();
  });

  it('submits a job and gives its result', async () => {
    const handle = await hub.submit('square', { parameters: { n: 12 }, label: 'twelve' });
    const result = await handle.result();
    assert.equal(await result.output('square').json(), 144);
    assert.equal(await handle.log(), 'square of 12\n');
    assert.equal((await handle.attempts())[0]?.outcome, 'completed');
    assert.match((await handle.explain()).summary, /^Completed/);
    assert.throws(() => result.output('circle'), /it has square/);
  });

  it('brings local files along, and outputs back to a collection', async () => {
    const bytes = Buffer.alloc(2 * 1024 * 1024 + 3, 'x');
    const files = { first: bytes, second: { name: 'b.txt', bytes: Buffer.from('end\n') } };
    const options = { files, returnTo: 'data:/answers/', site: 'beta' };
    const result = await (await hub.submit('join', options)).result();
    const answer = await readFile(join(world.dataFolder, 'answers', 'joined.txt'));
    assert.deepEqual(answer, Buffer.concat([bytes, Buffer.from('end\n')]));
    assert.deepEqual(Buffer.from(await result.output('joined').bytes()), answer);
    const large = { first: Buffer.alloc(17 * 1024 * 1024), second: Buffer.from('x') };
    await assert.rejects(hub.submit('join', { files: large }), /too many/);
  });

  it('says why a job failed, and where a request is wrong', async () => {
    const failing = await hub.submit('fail');
    await assert.rejects(failing.result(), (error) => {
      assert.ok(error instanceof JobFailed);
      assert.equal(error.exitCode, 3);
      assert.match(error.message, /exit code 3.*on fire/s);
      return true;
    });
    const wrong = hub.map('square', [{ parameters: { n: 1 } }, { parameters: { n: 'two' } }]);
    await assert.rejects(wrong, (error) => {
      assert.ok(error instanceof DomainError && error.kind === 'invalid');
      assert.deepEqual(error.faults[0]?.loc, ['jobs', 1, 'parameters', 'n']);
      return true;
    });
  });

  it('maps over many inputs as one ensemble', async () => {
    const items = Array.from({ length: 200 }, (_, n) => ({ parameters: { n } }));
    const ensemble = await hub.map('square', items, { ensemble: { label: 'squares' } });
    const seen = new Set<string>();
    for await (const handle of ensemble) seen.add(handle.id);
    assert.equal(seen.size, 200);
    const results = await ensemble.results();
    assert.equal(await results[14]?.output('square').json(), 196);
    assert.deepEqual(await ensemble.counts(), { completed: 200 });
    const again = await hub.ensemble(ensemble.id);
    assert.deepEqual(
      [...again].map(({ id }) => id),
      ensemble.handles.map(({ id }) => id),
    );
  });

  it('follows a log to its end, and cancels', async () => {
    const gate = await makeGate();
    const handle = await hub.submit('pause', { parameters: { gate } });
    const pieces: string[] = [];
    for await (const piece of handle.followLog()) {
      pieces.push(piece);
      await rm(gate, { force: true });
    }
    assert.equal(pieces.join(''), 'begun\ndone\n');
    const gates = [await makeGate(), await makeGate()];
    const open = gates.map((each) => ({ parameters: { gate: each } }));
    const ensemble = await hub.map('pause', open);
    assert.equal(await ensemble.cancel(), 2);
    assert.deepEqual(
      (await ensemble.ended()).map(({ state }) => state),
      ['canceled', 'canceled'],
    );
    await assert.rejects(
      ensemble.results(),
      (error) => error instanceof JobFailed && error.isCanceled,
    );
  });

  it('starts a flow over many inputs, and does again what failed', async () => {
    const Good = { Type: 'Pass', End: true };
    const Bad = { Type: 'Fail', Error: 'Broken', CausePath: '$.bad' };
    const Slow = { Type: 'Wait', Seconds: 3600, End: true };
    const Choices = [
      { Variable: '$.bad', IsPresent: true, Next: 'Bad' },
      { Variable: '$.slow', IsPresent: true, Next: 'Slow' },
    ];
    const Which = { Type: 'Choice', Choices, Default: 'Good' };
    const definition = { StartAt: 'Which', States: { Which, Good, Bad, Slow } };
    const params = { path: { flow: 'mixed-js' } };
    await hub.client.PUT('/api/v1/flows/{flow}', { params, body: { definition } });
    const inputs = [{ bad: 'no beam' }, {}, {}];
    const batch = await hub.startFlowBatch('mixed-js', { inputs, label: 'three' });
    assert.ok(batch !== null);
    const ended: number[] = [];
    for await (const now of batch) ended.push(now.total - openInBatch(now));
    assert.deepEqual(ended, [...new Set(ended)]);
    assert.equal(ended.at(-1), 3);
    const { progress } = await batch.ended();
    assert.deepEqual(
      progress.failures.map(({ reason, count }) => [reason, count]),
      [['Broken: no beam', 1]],
    );
    const again = await batch.rerun({ label: 'again' });
    assert.equal((await again?.ended())?.batch.total, 1);
    const failed = await all(batch.flowRuns({ status: 'FAILED' }));
    assert.equal(failed.length, 1);
    const slow = await hub.startFlowBatch('mixed-js', { inputs: [{ slow: true }] });
    await slow?.cancel();
    assert.equal((await slow?.ended())?.progress.failures.length, 0);
    assert.equal(await hub.startFlowBatch('mixed-js', { datasets: { filter: { q: 'x9' } } }), null);
  });

  it('changes a flow run, and reads its log', async () => {
    const run = await hub.startFlow('mixed-js', { slow: true });
    assert.equal((await run.change({ label: 'better' })).label, 'better');
    const codes = (await all(run.log())).map(({ code }) => code);
    assert.equal(codes[0], 'FlowStarted');
    assert.ok(await run.cancel());
    const found = await all(hub.flowRuns({ flow: 'mixed-js', label: 'better' }));
    assert.deepEqual(
      found.map(({ id }) => id),
      [run.id],
    );
  });

  it('tells what happens, from a cursor on', async () => {
    const handle = await hub.submit('square', { parameters: { n: 1 } });
    await handle.result();
    const query = { subjectType: 'job' as const, subjectId: handle.id };
    const { data } = await hub.client.GET('/api/v1/events', { params: { query } });
    const [first, ...rest] = (data?.items ?? []) as HistoryEvent[];
    const heard: string[] = [];
    for await (const event of hub.events({ subjectType: 'job', after: first?.cursor ?? '' })) {
      if (event.subjectId === handle.id) heard.push(event.kind);
      if (heard.length === rest.length) break;
    }
    assert.deepEqual(
      heard,
      rest.map(({ kind }) => kind),
    );
    assert.equal(heard.at(-1), 'job.completed');
  });

  it('waits on while the hub is away, and submits when it is back', async () => {
    const gate = await makeGate();
    const atWork = await hub.submit('pause', { parameters: { gate } });
    await atWork.followLog().next();
    const ended = atWork.result();
    await world.facility.kill('hub');
    await rm(gate);
    const later = hub.submit('square', { parameters: { n: 7 } });
    await world.facility.start('hub');
    assert.equal((await ended).job.state, 'completed');
    assert.equal(await atWork.log(), 'begun\ndone\n');
    const result = await (await later).result();
    assert.equal(await result.output('square').json(), 49);
  });

  it('does what the how-to says', async () => {
    const page = new URL('../../docs/how-to/use-from-typescript.md', import.meta.url);
    const blocks = [...(await readFile(page, 'utf8')).matchAll(/```js\n(.*?)```/gs)];
    assert.ok(blocks.length >= 6);
    const folder = world.facility.folder;
    await bundleClient(fileURLToPath(new URL('../..', import.meta.url)), folder);
    const program = join(folder, 'how-to.mjs');
    const text = blocks.map(([, block]) => block).join('');
    await writeFile(program, text.replaceAll("'interpulse/client'", "'./client.js'"));
    const { url, token } = world.facility;
    const env = { ...process.env, INTERPULSE_URL: url, INTERPULSE_TOKEN: token };
    const { stdout } = await promisify(execFile)(process.execPath, [program], { env });
    assert.match(
      stdout,
      /apple\npear\n.*20 \{ completed: 20 \}.*smooth.*3 .*no beam.*sum: 3.*sum: 42/s,
    );
  });

  it('works within a job, with the token of the job', async () => {
    const command = [process.execPath, '--input-type=module', '-e', '{script}'];
    const handle = await hub.submit(command, {
      parameters: { script: children },
      outputs: [{ name: 'total', path: 'total.txt', required: true }],
      mayUseHub: true,
    });
    const result = await handle.result();
    assert.equal(await result.output('total').text(), '29');
    const query = { limit: 20 };
    const { data } = await hub.client.GET('/api/v1/jobs', { params: { query } });
    const states = (data?.items ?? [])
      .filter(({ createdByJobId }) => createdByJobId === handle.id)
      .map(({ state }) => state)
      .toSorted();
    assert.deepEqual(states, ['canceled', 'completed', 'completed', 'completed']);
  });
});
