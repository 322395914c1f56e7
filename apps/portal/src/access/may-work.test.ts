import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNamed, mayWork } from './may-work.ts';

const who = (projects: Record<string, 'reader' | 'member' | 'manager'>, admin = false) => ({
  name: 'ada',
  admin,
  projects,
});

test('readers look, members and administrators work', () => {
  assert.equal(mayWork(undefined, 'demo'), false);
  assert.equal(mayWork(who({ demo: 'reader' }), 'demo'), false);
  assert.equal(mayWork(who({ demo: 'member' }), 'demo'), true);
  assert.equal(mayWork(who({ demo: 'reader' }, true), 'demo'), true);
  assert.equal(mayWork(who({ demo: 'reader' })), false);
  assert.equal(mayWork(who({ demo: 'reader', other: 'manager' })), true);
  assert.equal(mayWork(who({})), false);
});

test('who was given a part is not kept from it', () => {
  assert.equal(mayWork(who({ demo: 'reader' }), 'demo', ['ada']), true);
  assert.equal(mayWork(who({ demo: 'reader' }), 'demo', ['project:demo']), true);
  assert.equal(mayWork(who({ other: 'reader' }), 'demo'), true, 'the hub knows which part');
  assert.equal(isNamed(who({}), ['everyone']), true);
  assert.equal(isNamed(who({}), ['bob', 'project:demo']), false);
});
