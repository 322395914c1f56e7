import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { TestHub } from '../testing/start-test-hub.ts';
import { passFlow as pass, TriggerWorld } from '../testing/trigger-world.ts';

describe('triggers', () => {
  let world: TriggerWorld;
  let hub: TestHub;

  before(async () => {
    world = await TriggerWorld.make();
    ({ hub } = world);
    await world.flow('after');
    await world.flow('loop');
  });
  after(() => world.end());

  test('a file fires once, with what the event gives and the constants', async () => {
    const source = { kind: 'file', instrument: 'tokamak', pattern: '/plain/*.h5' };
    await world.save('plain', { source, input: { level: 3 }, tags: { cell: 'a' }, deadline: 20 });
    await world.file('/plain/a.h5');
    await world.file('/plain/a.h5');
    await world.file('/other/a.h5');
    const [run, ...others] = await world.runsOf('plain');
    assert.deepEqual(others, []);
    assert.ok(run);
    const { input } = run.input as { input: Record<string, unknown> };
    assert.deepEqual(
      { ...input, dataset: typeof input['dataset'] },
      {
        level: 3,
        file: 'raw:/plain/a.h5',
        dataset: 'string',
        returnTo: 'results:/answers/a/',
        shot: 7,
      },
    );
    assert.equal(run.label, 'shot 7');
    assert.equal(run.trigger, 'plain');
    assert.deepEqual(run.tags, { cell: 'a' });
    assert.equal(run.deadlineAt, '2026-11-21T12:00:20.000Z');
    assert.equal((await world.firings('plain'))[0]?.repeats, 1);
    await world.forget('plain');
  });

  test('an input is mapped, a condition holds back, an expression says when and what', async () => {
    await world.save('mapped', {
      source: { kind: 'file', instrument: 'tokamak', pattern: '/mapped/*' },
      input: { 'from.$': '$.file', 'twice.=': 'metadata.gain * 2', deep: [{ 'n.=': 'name' }] },
      label: "'gain ' + str(metadata.gain)",
      when: 'metadata.gain > 1',
      dedupKey: 'metadata.sample',
      deadline: { 'at.=': 'metadata.due' },
    });
    const metadata = { gain: 4, sample: 's1', due: 1_795_262_400 };
    await world.file('/mapped/a', { metadata });
    await world.file('/mapped/b', { metadata });
    await world.file('/mapped/c', { metadata: { ...metadata, gain: 1, sample: 's2' } });
    await world.file('/mapped/d', { metadata: { sample: 's3' } });
    assert.deepEqual(await world.outcomes('mapped'), ['fired', 'filtered', 'failed']);
    const [run] = await world.runsOf('mapped');
    assert.deepEqual(run?.input, { from: 'raw:/mapped/a', twice: 8, deep: [{ n: 'a' }] });
    assert.equal(run?.label, 'gain 4');
    assert.equal(run.deadlineAt, '2026-11-21T12:00:00.000Z');
    const { body } = await hub.send('GET', '/triggers/mapped');
    assert.match((body['lastProblem'] as { reason: string }).reason, /its when: .*gain/);
    await world.forget('mapped');
  });

  test('runs and parameters of an instrument fire', async () => {
    const instrument = 'tokamak';
    await world.save('begun', { source: { kind: 'run', instrument, on: 'start' } });
    await world.save('ended', {
      source: { kind: 'run', instrument, on: 'end' },
      input: { 'gas.$': '$.run.parameters.gas', 'n.$': '$.run.number' },
    });
    await world.save('hot', {
      source: { kind: 'parameter', instrument, name: 'power', range: { least: 5 }, changes: true },
      input: { 'power.$': '$.parameter.value' },
    });
    await world.tellRun({
      kind: 'runStarted',
      run: 41,
      at: '2026-11-21T11:59:00.000Z',
      parameters: { gas: 'D2', power: 2 },
    });
    for (const [index, power] of [6, 6, 7, 3].entries()) {
      const set = `2026-11-21T12:00:0${index}.000Z`;
      await world.tellRun({ kind: 'parametersSet', run: 41, at: set, parameters: { power } });
    }
    await world.tellRun({ kind: 'runEnded', run: 41 });
    await world.tellRun({ kind: 'runEnded', run: 41 });
    assert.equal((await world.runsOf('begun')).length, 1);
    assert.deepEqual(
      (await world.runsOf('ended')).map(({ input }) => input),
      [{ gas: 'D2', n: 41 }],
    );
    assert.deepEqual(
      (await world.runsOf('hot')).map(({ input }) => input),
      [{ power: 6 }, { power: 7 }],
    );
    for (const name of ['begun', 'ended', 'hot']) await world.forget(name);
  });

  test('a dataset fires by its metadata and keywords, in its project only', async () => {
    const where = [
      { path: 'sample.name', oneOf: ['gold', 'silver'] },
      { path: 'q', range: { least: 1 } },
    ];
    await world.save('shiny', {
      source: { kind: 'dataset', datasetKind: 'result', keywords: ['saxs'], where },
      input: { 'of.$': '$.dataset.title', 'files.$': '$.dataset.files' },
      deadline: 'none',
    });
    const add = async (fields: object): Promise<void> => {
      const files = [{ location: 'raw:/x' }];
      const dataset = { title: 't', kind: 'result', files, project: 'demo', ...fields };
      const { status, body } = await hub.send('POST', '/datasets', dataset);
      assert.equal(status, 201, JSON.stringify(body));
    };
    const metadata = { sample: { name: 'gold' }, q: 1.5 };
    await add({ title: 'good', keywords: ['saxs', 'x'], metadata });
    await add({ title: 'raw', kind: 'raw', keywords: ['saxs'], metadata });
    await add({ title: 'no word', metadata });
    await add({ title: 'lead', keywords: ['saxs'], metadata: { ...metadata, sample: {} } });
    assert.deepEqual(
      (await world.runsOf('shiny')).map(({ input }) => input),
      [{ of: 'good', files: ['raw:/x'] }],
    );
    await world.forget('shiny');
  });

  test('the end of a flow run fires, and a chain of them comes to an end', async () => {
    await world.save('then', {
      source: { kind: 'flow', flowName: 'after' },
      input: { 'out.$': '$.flowRun.output', 'was.$': '$.flowRun.status' },
      deadline: 'none',
    });
    const input = { a: 1, _private_word: 'hidden' };
    await hub.send('POST', '/flow-runs', { flow: 'after', input, project: 'demo' });
    const [run] = await world.runsOf('then');
    assert.match(JSON.stringify(run?.input), /"was":"SUCCEEDED"/);
    assert.doesNotMatch(JSON.stringify(run?.input), /hidden/);
    await world.forget('then');

    const source = { kind: 'flow', flowName: 'loop' };
    await world.save('ring', { source, flowName: 'loop', deadline: 'none' });
    await hub.send('POST', '/flow-runs', { flow: 'loop', input: {}, project: 'demo' });
    const rounds = await world.firings('ring');
    assert.equal(rounds.filter(({ outcome }) => outcome === 'fired').length, 16);
    const stopped = rounds.filter(({ outcome }) => outcome === 'failed');
    assert.equal(stopped.length, 1);
    assert.match(String(stopped[0]?.reason), /does flow loop start itself/);
    await world.forget('ring');
  });

  test('a trigger that fails keeps nothing back, and is paused in the end', async () => {
    const picky = { definition: pass, inputSchema: { required: ['sample'] }, project: 'demo' };
    assert.equal((await hub.send('PUT', '/flows/picky', picky)).status, 200);
    const source = { kind: 'file', instrument: 'tokamak', pattern: '/bad/*' };
    await world.save('a-bad-one', { source, flowName: 'picky' });
    await world.save('b-good-one', { source });
    for (let number = 0; number < 11; number += 1) await world.file(`/bad/${number}`);
    assert.equal((await world.runsOf('b-good-one')).length, 11);
    const { body } = await hub.send('GET', '/triggers/a-bad-one');
    const pause = body['pause'] as { by: null; reason: string };
    assert.equal(pause.by, null);
    assert.match(pause.reason, /10 failures in a row.*sample/);
    const counts = body['counts'] as Record<string, number>;
    assert.deepEqual([counts['failed'], counts['paused'], counts['fired']], [10, 1, 0]);
    const found = await hub.send('GET', '/datasets?instrument=tokamak&limit=500');
    const titles = (found.body['items'] as { title: string }[]).map(({ title }) => title);
    assert.ok(titles.includes('10'));
    await hub.send('POST', '/triggers/a-bad-one/resume');
    await world.file('/bad/more');
    assert.equal((await hub.send('GET', '/triggers/a-bad-one')).body['enabled'], true);
    await world.forget('a-bad-one');
    await world.forget('b-good-one');
  });

  test('who pauses says why; what comes meanwhile is noted and starts nothing later', async () => {
    const source = { kind: 'file', instrument: 'tokamak', pattern: '/rest/*' };
    await world.save('rest', { source });
    const paused = await hub.send('POST', '/triggers/rest/pause', { reason: 'beam is off' });
    assert.deepEqual(
      { ...(paused.body['pause'] as object), at: null },
      { reason: 'beam is off', by: 'admin', at: null },
    );
    await world.file('/rest/a');
    await hub.send('POST', '/triggers/rest/resume');
    await world.file('/rest/a');
    await world.file('/rest/b');
    assert.deepEqual(await world.outcomes('rest'), ['paused', 'fired']);
    await world.forget('rest');
  });

  test('fired by hand it starts at once, whatever holds it back', async () => {
    const source = { kind: 'file', instrument: 'tokamak', pattern: '/none' };
    await world.save('by-hand', { source, enabled: false, input: { 'x.$': '$.x' } });
    const { body } = await hub.send('POST', '/triggers/by-hand/fire', { event: { x: 5 } });
    assert.equal(body['outcome'], 'fired');
    assert.deepEqual((await world.runsOf('by-hand'))[0]?.input, { x: 5 });
    const missing = await hub.send('POST', '/triggers/by-hand/fire', {});
    assert.equal(missing.body['outcome'], 'failed');
    assert.match(String(missing.body['reason']), /its input/);
    await world.forget('by-hand');
  });

  test('its flow runs belong to the account that it names, and stay so', async () => {
    await hub.send('POST', '/service-accounts', { name: 'beamline', project: 'demo' });
    const source = { kind: 'file', instrument: 'tokamak', pattern: '/as/*' };
    await world.save('acting', { source, runAs: 'beamline' });
    await world.save('acting', { source, urgency: 'normal' });
    await world.file('/as/a');
    const [run] = (await hub.send('GET', '/flow-runs?trigger=acting')).body['items'] as unknown[];
    assert.equal((run as { owner: string }).owner, 'beamline');
    const request = { source, flowName: 'pass', project: 'demo', runAs: 'nobody' };
    const refused = await hub.send('PUT', '/triggers/acting', request);
    assert.equal(refused.status, 422);
    assert.match(JSON.stringify(refused.body['errors']), /"loc":\["runAs"\]/);
    await world.forget('acting');
  });

  test('what could never work is refused with its place', async () => {
    const request = {
      source: { kind: 'dataset', where: [{ path: 'a..b' }] },
      flowName: 'pass',
      project: 'demo',
      when: '1 +',
      input: { 'a.$': 'no path' },
    };
    const { status, body } = await hub.send('PUT', '/triggers/wrong', request);
    assert.equal(status, 422);
    const places = (body['errors'] as { loc: unknown[] }[]).map(({ loc }) => loc.join('.'));
    assert.deepEqual(places, ['when', 'input.a.$', 'source.where.0.path']);
    for (const cron of ['often', '61 * * * *', '0 0 31 2 *', '2026-01-01T00:00:00']) {
      const schedule = { kind: 'schedule', cron, timeZone: 'Europe/Berlin' };
      const refused = await hub.send('PUT', '/triggers/wrong', { ...request, source: schedule });
      assert.equal(refused.status, 422, cron);
    }
  });
});
