import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAgentConfig } from './read-agent-config.ts';

const read = (...collections: object[]) =>
  parseAgentConfig({ hub: 'http://hub', folder: 'state', collections }, '/base').collections;

test('a collection of a project lies in no other one that others may use', () => {
  const vault = { name: 'vault', root: '/data/vault', project: 'beam7' };
  const [first] = read(vault, { name: 'data', root: '/data/open' }, { name: 'd', root: '/da' });
  assert.equal(first?.project, 'beam7');
  const within = /collections\.0\.root: "vault" of project beam7 lies in "data"/;
  assert.throws(() => read(vault, { name: 'data', root: '/data' }), within);
  assert.throws(() => read(vault, { name: 'data', root: '/data/vault/' }), within, 'the same root');
  assert.throws(() => read(vault, { name: 'data', root: '/data', project: 'other' }), within);
  read(vault, { name: 'data', root: '/data', project: 'beam7' });
  // What is everybody's may lie anywhere: whoever uses the outer one is allowed more.
  read(vault, { name: 'open', root: '/data/vault/open' });
  read({ name: 'outer', root: '/data' }, { name: 'inner', root: '/data/inner' });
});
