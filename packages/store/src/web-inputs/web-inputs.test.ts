import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { newFlowCore } from '@interpulse/domain/flow/flow-view.ts';
import type { FlowRunId } from '@interpulse/domain/id.ts';
import { readQuestion } from '@interpulse/domain/web-input/question.ts';
import type { Question } from '@interpulse/domain/web-input/question.ts';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import { at, newTestId } from '@interpulse/testing/store/store-world.ts';
import { insertProject, insertUser } from '../access/access.ts';
import type { Database } from '../database.ts';
import { listEvents } from '../events/list-events.ts';
import { insertFlowRun } from '../flow-runs/write-flow-runs.ts';
import { findWebInput, listWebInputs, type WebInputFilter } from './read-web-inputs.ts';
import {
  countOpenWebInputs,
  dueWebInputs,
  endWebInput,
  insertWebInput,
  lockOpenWebInputs,
  lockWebInput,
  missingRespondents,
  nextWebInputExpiry,
  setWaitingSteps,
  type NewWebInput,
} from './write-web-inputs.ts';

const question = readQuestion(
  { InputType: 'Selection', Options: [{ Value: 'go', Label: 'Weiter – 続ける' }] },
  'Ask',
) as Question;

withDatabases('questions to people', (openFresh) => {
  let db: Database;
  let flowRunId: FlowRunId;
  let step = 0;
  before(async () => {
    db = await openFresh();
    flowRunId = newTestId('flowrun');
    await insertFlowRun(
      db,
      {
        id: flowRunId,
        flowName: 'flow',
        flowVersion: 1,
        label: 'shot 7',
        project: 'demo',
        ownerId: 'user_1',
        urgency: 'normal',
        deadlineAt: null,
        instrument: null,
        shotNumber: null,
        datasetId: null,
        tags: {},
        input: {},
        core: newFlowCore(),
        stepsTotal: 1,
      },
      at(0),
    );
  });

  const ask = async (fields: Partial<NewWebInput> = {}): Promise<NewWebInput> => {
    step += 1;
    const asked: NewWebInput = {
      id: newTestId('webinput'),
      flowRunId,
      step,
      stateName: 'Ask',
      project: 'demo',
      question,
      respondents: { users: [], projects: ['demo'] },
      respondentsPrivate: false,
      expiresAt: at(60),
      ...fields,
    };
    await insertWebInput(db, asked, at(0));
    return asked;
  };
  const find = async (id: string) => {
    const found = await lockWebInput(db, id);
    assert.ok(found);
    return found;
  };
  const answered = { status: 'answered' as const, endedAt: at(5), endedBy: 'ada', comment: '' };

  test('a question is ended once, with its event, however many try', async () => {
    const { id } = await ask();
    const asked = await find(id);
    await setWaitingSteps(db, id, [3, 4]);
    assert.deepEqual((await find(id)).waitingSteps, [3, 4]);
    assert.equal((await findWebInput(db, id))?.awaited, true);
    const tries = ['go', 'go', 'go'].map((response) =>
      db.transaction((tx) => endWebInput(tx, asked, { ...answered, response }, 'user_1')),
    );
    assert.equal((await Promise.all(tries)).filter(Boolean).length, 1);
    const ended = await findWebInput(db, id);
    assert.deepEqual(
      [ended?.status, ended?.response, ended?.endedAt, ended?.awaited, ended?.label],
      ['answered', 'go', at(5), false, 'shot 7'],
    );
    assert.deepEqual(ended?.question, question);
    const events = await listEvents(db, { projects: null, flowRunId, limit: 9 });
    assert.deepEqual(
      new Set(events.map(({ kind, subjectId }) => `${kind} ${subjectId}`)),
      new Set([`webInput.created ${id}`, `webInput.answered ${id}`]),
    );
  });

  test('a form and its answer are kept in the order in which they were written', async () => {
    const properties = { zone: { type: 'string' }, a: { type: 'number' }, beam: {} };
    const schema = { type: 'object', properties };
    const { id } = await ask({ question: { ...question, kind: 'form', schema } });
    const response = { zone: 'north', a: 1, beam: true };
    assert.ok(await endWebInput(db, await find(id), { ...answered, response }, 'user_1'));
    const found = await findWebInput(db, id);
    assert.deepEqual(
      [found?.question.schema?.['properties'], found?.response].map((value) => {
        return Object.keys(value ?? {});
      }),
      [Object.keys(properties), Object.keys(response)],
    );
  });

  test('what a flow run asks is found while it is open, and what is due in order', async () => {
    const later = await ask({ expiresAt: at(30) });
    const sooner = await ask({ expiresAt: at(10) });
    assert.equal(await countOpenWebInputs(db, flowRunId), 2);
    assert.deepEqual(
      (await lockOpenWebInputs(db, flowRunId)).map(({ id }) => id),
      [later.id, sooner.id],
    );
    assert.equal(await nextWebInputExpiry(db), at(10));
    assert.deepEqual(await dueWebInputs(db, at(9), 9), []);
    assert.deepEqual(
      (await dueWebInputs(db, at(30), 9)).map(({ id }) => id),
      [sooner.id, later.id],
    );
    const end = { ...answered, status: 'expired' as const, response: null };
    for (const { id } of [later, sooner]) await endWebInput(db, await find(id), end, null);
    assert.equal(await nextWebInputExpiry(db), null);
  });

  test('lists: what one may answer, what one may see', async () => {
    const forDemo = await ask();
    const forAda = await ask({ respondents: { users: ['ada'], projects: [] } });
    const list = async (filter: WebInputFilter['filter'], name: string, project: string | null) => {
      const projects = project === null ? [] : [project];
      const reader = { name, sees: projects, answersFor: projects, grantees: [name] };
      const rows = await listWebInputs(db, { filter, reader, limit: 9 });
      return rows.map(({ id }) => id);
    };
    assert.deepEqual(await list('mine', 'bob', 'demo'), [forDemo.id]);
    assert.deepEqual(await list('mine', 'ada', null), [forAda.id]);
    assert.deepEqual(await list('open', 'ada', null), [forAda.id]);
    assert.deepEqual(await list('open', 'bob', 'demo'), [forAda.id, forDemo.id]);
    assert.deepEqual(await list('all', 'eve', 'other'), []);
    const everything = { name: 'root', sees: null, answersFor: null, grantees: [] };
    const all = await listWebInputs(db, { filter: 'all', reader: everything, limit: 99 });
    assert.ok(all.length >= 5);
    const mine = await listWebInputs(db, { filter: 'mine', reader: everything, limit: 9 });
    assert.deepEqual(
      mine.map(({ id }) => id),
      [forDemo.id],
    );
    const none = { filter: 'all', reader: everything, limit: 9, flow: 'other' } as const;
    assert.deepEqual(await listWebInputs(db, none), []);
  });

  test('respondents that there are not are named', async () => {
    const createdAt = at(0);
    const user = { id: newTestId('user'), name: 'ada', title: '', admin: false, createdAt };
    await insertUser(db, { ...user, kind: 'user', project: null });
    await insertProject(db, { name: 'demo', title: '', createdAt });
    const missing = await missingRespondents(db, {
      users: ['ada', 'eve'],
      projects: ['demo', 'other'],
    });
    assert.deepEqual(missing, ['user:eve', 'project:other']);
  });
});
