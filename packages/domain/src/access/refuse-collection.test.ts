import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Principal, ProjectRole } from './principal.ts';
import { refuseCollection } from './refuse-collection.ts';

const person = (role: ProjectRole | null, more: Partial<Principal> = {}): Principal => ({
  id: 'user_1',
  name: 'ada',
  kind: 'user',
  admin: false,
  projects: role === null ? { other: 'manager' } : { beam7: role },
  jobId: null,
  ...more,
});
const owned = { name: 'raw', project: 'beam7' };
const rights = (project: string | null, who: Principal | null, collection = owned): string =>
  (['read', 'write'] as const)
    .filter((verb) => refuseCollection({ project, who }, verb, collection) === null)
    .join(' ');

test('work of its project uses it, whoever it is for', () => {
  assert.equal(rights('beam7', null), 'read write');
  assert.equal(rights('other', null), '');
});

test('people have what their role in its project gives, wherever they work', () => {
  assert.equal(rights('other', person('reader')), 'read');
  assert.equal(rights('other', person('member')), 'read write');
  assert.equal(rights(null, person('manager')), 'read write');
  assert.equal(rights('other', person(null)), '');
  assert.equal(rights(null, person(null, { admin: true })), 'read write');
});

test('a job’s token has its own project only', () => {
  const job = person(null, { admin: true, jobId: 'job_1', projects: { other: 'manager' } });
  assert.equal(rights('other', job), '');
});

test('one of no project is everybody’s', () => {
  const open = { name: 'raw', project: null } as unknown as typeof owned;
  assert.equal(rights(null, null, open), 'read write');
});

test('the reason says whose it is and what to do', () => {
  const reason = refuseCollection({ project: 'other', who: null }, 'write', owned);
  assert.match(reason ?? '', /"raw" belongs to project beam7: only its members write.*manager/);
});
