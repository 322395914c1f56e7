import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFromHub } from './session-messages.ts';
import { agentToPilotSchema } from './pilot-messages.ts';
import { readMessage } from './read-message.ts';

const pilotId = 'pilot_01m7zm5vmh9vx20w9y5x8wtb70';

test('what a newer sender says besides is passed over, however deep', () => {
  const order = { pilotId, pool: 'demand', nodes: 1, walltimeSeconds: 60 };
  const said = {
    type: 'pilotOrders',
    submit: [{ ...order, colour: 'red' }, order],
    release: [],
    because: { of: 'the wonderful things' },
  };
  const read = readFromHub(said);
  assert.deepEqual(read, { type: 'pilotOrders', submit: [order, order], release: [] });
  assert.equal(said.submit[0] && 'colour' in said.submit[0], true, 'the message stays as it came');
  const question = { ask: 'listFolder', location: 'raw:/', depth: 3 };
  assert.deepEqual(readFromHub(question), { ask: 'listFolder', location: 'raw:/' });
});

test('what is missing or wrong is never guessed', () => {
  const tasks = [{ jobId: 'job_01m7zm5vmh9vx20w9y5x8wtb70' }];
  assert.throws(() => readMessage(agentToPilotSchema, { type: 'cancelTasks', tasks }), /attempt/);
  assert.throws(() => readMessage(agentToPilotSchema, { type: 'sing', loudly: true }));
  assert.throws(() => readFromHub({ type: 'returnJobs', jobs: 7, colour: 'red' }));
});
