import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Answer, Question } from '@interpulse/api/agent-messages/questions.ts';
import { actionDetailsSchemas } from '@interpulse/domain/flow/action-inputs.ts';
import type { FlowRun, FlowStep } from '@interpulse/domain/flow-run/flow-run.ts';
import { foreignMappingSchema } from '@interpulse/domain/flow/import/foreign-mapping.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { computeState, startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';

const endpoint = '00000000-0000-4000-8000-000000000001';
const modifiedAt = '2026-11-21T12:00:00.000Z';

/** What the pretend agent has, by path; a folder ends with a slash. */
const there = new Map<string, number>();
const asked: Question[] = [];
/** What it answers instead, once. */
let instead: ((question: Question) => Answer | undefined) | null = null;

const entryOf = (path: string) => {
  const isFolder = there.has(`${path}/`);
  const sizeBytes = isFolder ? null : (there.get(path) ?? null);
  const type = isFolder ? ('folder' as const) : ('file' as const);
  return { name: path.split('/').at(-1) ?? '', type, sizeBytes, modifiedAt };
};
const pathOf = (location: string): string => location.split(':')[1]?.replace(/(.)\/$/, '$1') ?? '';
const isThere = (path: string): boolean => there.has(path) || there.has(`${path}/`);

function answer(question: Question): { message: Answer } {
  asked.push(question);
  const other = instead?.(question);
  if (other !== undefined) return { message: other };
  if (question.ask === 'lookAt') {
    const path = pathOf(question.location);
    return { message: { answer: 'entry', entry: isThere(path) ? entryOf(path) : null } };
  }
  if (question.ask === 'makeFolder') {
    const path = `${pathOf(question.location)}/`;
    const isNew = !there.has(path);
    there.set(path, 0);
    return { message: { answer: 'madeFolder', isNew } };
  }
  if (question.ask === 'listFolder') {
    const folder = `${pathOf(question.location)}/`;
    const inside = [...there.keys()].filter((path) => path.startsWith(folder) && path !== folder);
    const entries = inside.map((path) => entryOf(path.replace(/\/$/, '')));
    const message = { answer: 'folder' as const, entries, total: entries.length };
    return { message };
  }
  if (question.ask === 'deletePaths') return { message: remove(question) };
  return { message: { answer: 'problem', kind: 'invalid', message: 'not asked here' } };
}

function remove(question: Extract<Question, { ask: 'deletePaths' }>): Answer {
  const { locations, checkOnly, ignoreMissing } = question;
  const paths = locations.map(pathOf);
  const gone = paths.filter((path) => !there.has(path));
  if (gone.length > 0 && !ignoreMissing) {
    return { answer: 'problem', kind: 'notFound', message: `deleting ${gone[0]}: it is not there` };
  }
  const found = paths.filter((path) => there.has(path));
  if (!checkOnly) for (const path of found) there.delete(path);
  const files = checkOnly ? 0 : found.length;
  return { answer: 'deleted', files, folders: 0, missing: gone.length, hasMore: false };
}

describe('actions on files', () => {
  let hub: TestHub;
  let agent: FakeAgent;
  let flows = 0;

  before(async () => {
    const mapping = foreignMappingSchema.parse({ collections: { [endpoint]: 'centre-scratch' } });
    hub = await startTestHub(await openTestDatabase(), { mapping });
    const identity = await hub.enrol('centre');
    agent = new FakeAgent({ url: hub.url, ...identity, state: computeState('centre'), answer });
    await agent.ready();
  });
  after(async () => {
    agent.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });
  afterEach(() => {
    there.clear();
    asked.length = 0;
    instead = null;
  });

  const start = async (ActionUrl: string, Parameters: JsonObject, more: object = {}) => {
    flows += 1;
    const Act = { Type: 'Action', ActionUrl, Parameters, ResultPath: '$.r', End: true, ...more };
    const body = { definition: { StartAt: 'Act', States: { Act } }, project: 'demo' };
    const saved = await hub.send('PUT', `/flows/files-${flows}`, body);
    assert.equal(saved.status, 200, JSON.stringify(saved.body));
    return hub.startFlow(`files-${flows}`);
  };
  const read = async (id: string) => {
    const { body } = await hub.send('GET', `/flow-runs/${id}`);
    return body as unknown as { flowRun: FlowRun; steps: FlowStep[] };
  };
  const ended = (id: string) =>
    until('the end of the flow run', async () => {
      const found = await read(id);
      return found.flowRun.endedAt === null ? undefined : found;
    });
  /** What the step left. */
  const details = async (url: string, parameters: JsonObject): Promise<JsonObject> => {
    const { flowRun, steps } = await ended(await start(url, parameters));
    assert.equal(flowRun.status, 'SUCCEEDED', flowRun.reason ?? '');
    const output = steps[0]?.result as { details?: JsonObject } | undefined;
    const name = url.replace('interpulse:', '') as keyof typeof actionDetailsSchemas;
    if (url !== name) actionDetailsSchemas[name].parse(output?.details);
    return output?.details ?? {};
  };
  const at = (path: string): string => `centre-scratch:${path}`;

  test('a folder is made, listed, looked at; its entries have what a Map needs', async () => {
    const made = await details('interpulse:mkdir', { location: at('/out') });
    assert.deepEqual(made, { location: at('/out'), isNew: true });
    there.set('/out/a.h5', 5);
    there.set('/out/sub/', 0);
    const list = await details('interpulse:list', { location: at('/out/'), type: 'file' });
    const file = { name: 'a.h5', location: at('/out/a.h5'), type: 'file', sizeBytes: 5 };
    const entries = [{ ...file, modifiedAt }];
    assert.deepEqual(list, { location: at('/out/'), entries, total: 2, isCut: false });
    const stat = await details('interpulse:stat', { location: at('/out/a.h5') });
    const { name: _, ...found } = file;
    assert.deepEqual(stat, { ...found, exists: true, modifiedAt });
    const none = await details('interpulse:stat', { location: at('/none') });
    assert.deepEqual([none['exists'], none['type']], [false, null]);
    const known = await details('interpulse:collection', { collection: 'centre-scratch' });
    assert.deepEqual([known['siteName'], known['writable']], ['centre', true]);
  });

  test("the answers to Globus' actions are in its words", async () => {
    there.set('/in/', 0);
    there.set('/in/a.h5', 5);
    const url = (name: string): string => `https://transfer.actions.globus.org/${name}`;
    const where = { endpoint_id: endpoint, path: '/~/in/' };
    const { DATA, total } = await details(url('ls'), where);
    const a = { DATA_TYPE: 'file', name: 'a.h5', type: 'file', is_folder: false, size: 5 };
    assert.deepEqual([DATA, total], [[{ ...a, last_modified: modifiedAt }], 1]);
    assert.equal((await details(url('stat'), where))['type'], 'dir');
    const none = await details(url('stat'), { ...where, path: '/none' });
    assert.equal(none['code'], 'NotFound');
    const info = await details(url('collection_info'), { endpoint_id: endpoint });
    assert.equal(info['display_name'], 'centre-scratch');
    const gone = await details(url('delete'), { endpoint, DATA: [{ path: '/in/a.h5' }] });
    assert.deepEqual([gone['files'], there.has('/in/a.h5')], [1, false]);
  });

  test('all is looked at before the first is deleted, in pieces by collection', async () => {
    const paths = Array.from({ length: 150 }, (_, index) => `/d/${index}`);
    for (const path of paths.slice(0, 149)) there.set(path, 1);
    const locations = paths.map(at);
    const failed = await ended(await start('interpulse:delete', { locations }));
    assert.match(failed.flowRun.reason ?? '', /ActionUnableToRun.*\/d\/149: it is not there/);
    assert.equal(there.size, 149, 'nothing is half done');
    there.set('/d/149', 1);
    const counts = await details('interpulse:delete', { locations });
    assert.deepEqual([counts, there.size], [{ files: 150, folders: 0, missing: 0 }, 0]);
  });

  test('what was deleted before an answer got lost is not missed', async () => {
    there.set('/x', 1);
    instead = (question) => {
      if (question.ask !== 'deletePaths' || question.checkOnly) return undefined;
      // It is deleted, and nobody hears of it.
      instead = null;
      there.clear();
      return { answer: 'problem', kind: 'unavailable', message: 'the agent ends' };
    };
    const counts = await details('interpulse:delete', { locations: [at('/x')] });
    assert.deepEqual(counts, { files: 0, folders: 0, missing: 0 });
    assert.equal(asked.filter(({ ask }) => ask === 'deletePaths').length, 3);
  });

  test('a fault in the middle ends the step as failed, with what was done', async () => {
    there.set('/x', 1);
    instead = (question) =>
      question.ask === 'deletePaths' && !question.checkOnly
        ? { answer: 'problem', kind: 'forbidden', message: 'permission denied' }
        : undefined;
    const id = await start('interpulse:delete', { locations: [at('/x')] });
    const { flowRun } = await ended(id);
    assert.match(flowRun.reason ?? '', /ActionFailedException.*permission denied/);
  });

  test('an agent that is away is waited for, people read why, and the step times out', async () => {
    agent.vanish();
    const { body: site } = await hub.send('GET', '/sites/centre');
    await until('the hub sees that it is away', async () => {
      const session = hub.hub.agents.get(String(site['id']));
      return session?.state.status === 'connected' ? undefined : true;
    });
    const id = await start('interpulse:mkdir', { location: at('/later') });
    const note = await until('a note about the agent', async () => {
      const { steps } = await read(id);
      return /agent of site centre is not connected/.exec(steps[0]?.reason ?? '')?.[0];
    });
    assert.ok(note);
    const short = await start('interpulse:mkdir', { location: at('/never') }, { WaitTime: 1 });
    const { flowRun } = await ended(short);
    assert.match(flowRun.reason ?? '', /ActionTimeout/);
    await agent.restart();
    assert.equal((await ended(id)).flowRun.status, 'SUCCEEDED');
    assert.deepEqual([...there.keys()], ['/later/']);
  });

  test('a collection that nobody has fails the step at once', async () => {
    const { flowRun } = await ended(await start('interpulse:stat', { location: 'none:/x' }));
    assert.match(flowRun.reason ?? '', /ActionUnableToRun.*no collection "none"/);
  });
});
