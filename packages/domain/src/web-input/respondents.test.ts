import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Principal } from '../access/principal.ts';
import { mayAnswer, readRespondents } from './respondents.ts';

const group = '0a0a0a0a-0000-0000-0000-000000000001';
const mapping = {
  [group]: 'project:beamline',
  'urn:globus:auth:identity:0a0a0a0a-0000-0000-0000-000000000002': 'user:ada',
};

test('Globus principals in all their spellings, and ours', () => {
  const urns = [
    `urn:globus:group:id:${group}`,
    `urn:globus:groups:id:${group.toUpperCase()}`,
    'urn:globus:auth:identity:0a0a0a0a-0000-0000-0000-000000000002',
    'user:bob',
  ];
  assert.deepEqual(readRespondents(urns, 'demo', mapping), {
    users: ['ada', 'bob'],
    projects: ['beamline'],
  });
  assert.deepEqual(readRespondents([], 'demo', mapping), { users: [], projects: ['demo'] });
});

test('who is nobody here is named, with what to do', () => {
  const urn = 'urn:globus:groups:id:0a0a0a0a-0000-0000-0000-000000000009';
  const read = readRespondents([urn, 'user:Bad Name'], 'demo', mapping);
  assert.ok('problem' in read);
  assert.match(read.problem, /000000000009, user:Bad Name is nobody here.*mapping\.principals/);
});

test('members of a project answer for it, its readers and jobs do not', () => {
  const who = (fields: Partial<Principal>): Principal => ({
    id: 'user_1',
    name: 'ada',
    kind: 'user',
    admin: false,
    projects: {},
    jobId: null,
    ...fields,
  });
  const demo = { users: [], projects: ['demo'] };
  const ada = { users: ['ada'], projects: [] };
  assert.ok(mayAnswer(who({ projects: { demo: 'member' } }), demo));
  assert.ok(mayAnswer(who({ admin: true }), demo));
  assert.ok(!mayAnswer(who({ projects: { demo: 'reader' } }), demo));
  assert.ok(!mayAnswer(who({ projects: { other: 'manager' } }), demo));
  assert.ok(mayAnswer(who({}), ada));
  assert.ok(!mayAnswer(who({ name: 'bob', admin: true, projects: { demo: 'manager' } }), ada));
  assert.ok(!mayAnswer(who({ jobId: 'job_1', projects: { demo: 'member' } }), demo));
  assert.ok(!mayAnswer(who({ jobId: 'job_1' }), ada));
});
