import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { mayShare } from './may-share.ts';
import { changesOf, draftOf, granteeFault } from './people-draft.ts';

const flow = {
  owner: 'ada',
  project: 'demo',
  administrators: ['project:optics'],
  ...{ starters: [], viewers: ['bob'], runManagers: [], runMonitors: [] },
  ...{ serviceAccount: 'beamline-8', roles: { Analyst: 'beamline-8' } },
} as unknown as Schemas['Flow'];

test('only what was touched is sent', () => {
  const draft = draftOf(flow);
  assert.deepEqual(changesOf(flow, draft), {});
  assert.deepEqual(changesOf(flow, { ...draft, viewers: [] }), { viewers: [] });
  assert.deepEqual(changesOf(flow, { ...draft, serviceAccount: null }), { serviceAccount: null });
  assert.deepEqual(changesOf(flow, { ...draft, roles: [] }), { roles: {} });
  const empty = { role: '', account: '' };
  assert.deepEqual(changesOf(flow, { ...draft, roles: [...draft.roles, empty] }), {});
});

test('names of people, projects and everyone are told from others', () => {
  for (const name of ['ada', 'project:demo', 'everyone']) assert.equal(granteeFault(name), null);
  for (const name of ['Ada L', 'project:', 'user:ada'])
    assert.match(granteeFault(name) ?? '', /no name/);
});

test('owners, administrators and managers of the project share', () => {
  const who = (name: string, projects: Schemas['Principal']['projects'] = {}) => {
    const principal = { name, projects, admin: false } as Schemas['Principal'];
    return mayShare(principal, flow);
  };
  assert.ok(who('ada'));
  assert.ok(who('eve', { demo: 'manager' }));
  assert.ok(who('eve', { optics: 'reader' }));
  assert.ok(!who('eve', { demo: 'member' }));
  assert.ok(!mayShare(undefined, flow));
});
