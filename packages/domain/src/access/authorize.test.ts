import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authorize, relationTo, type Thing, type Verb } from './authorize.ts';
import type { Principal } from './principal.ts';

const verbs: Verb[] = ['read', 'write', 'run', 'administer'];
const principalOf = (fields: Partial<Principal>): Principal => ({
  id: 'user_1',
  name: 'ada',
  kind: 'user',
  admin: false,
  projects: {},
  jobId: null,
  ...fields,
});

const people: Record<string, Principal> = {
  admin: principalOf({ admin: true }),
  manager: principalOf({ projects: { demo: 'manager' } }),
  member: principalOf({ projects: { demo: 'member' } }),
  reader: principalOf({ projects: { demo: 'reader' } }),
  otherManager: principalOf({ projects: { other: 'manager' } }),
  nobody: principalOf({}),
  job: principalOf({ jobId: 'job_1', projects: { demo: 'manager' } }),
  jobOfReader: principalOf({ jobId: 'job_1', projects: { demo: 'reader' } }),
  jobOfAdmin: principalOf({ jobId: 'job_1', admin: true, projects: { demo: 'member' } }),
};
const things: Record<string, Thing> = {
  ofProject: { project: 'demo', ownerId: 'user_2' },
  mine: { project: 'demo', ownerId: 'user_1' },
  ofHub: { project: null, ownerId: null },
  ofHubMine: { project: null, ownerId: 'user_1' },
  readByAda: { project: 'demo', ownerId: null, grants: { read: ['ada'] } },
  runByOther: {
    project: 'demo',
    ownerId: null,
    grants: { read: ['project:other'], run: ['project:other'] },
  },
  readByAll: { project: 'demo', ownerId: null, grants: { read: ['everyone'] } },
};

const all = 'aaaa';
const hidden = 'hhhh';
/** Read, write, run, administer: `a`llowed, `f`orbidden, `h`idden. */
const table: Record<string, Record<string, string>> = {
  admin: {
    ofProject: all,
    mine: all,
    ofHub: all,
    ofHubMine: all,
    readByAda: all,
    runByOther: all,
    readByAll: all,
  },
  manager: {
    ofProject: all,
    mine: all,
    ofHub: 'afaf',
    ofHubMine: all,
    readByAda: all,
    runByOther: all,
    readByAll: all,
  },
  member: {
    ofProject: 'aaaf',
    mine: all,
    ofHub: 'afaf',
    ofHubMine: all,
    readByAda: 'aaaf',
    runByOther: 'aaaf',
    readByAll: 'aaaf',
  },
  reader: {
    ofProject: 'afff',
    mine: 'afff',
    ofHub: 'afaf',
    ofHubMine: all,
    readByAda: 'afff',
    runByOther: 'afff',
    readByAll: 'afff',
  },
  otherManager: {
    ofProject: hidden,
    mine: hidden,
    ofHub: 'afaf',
    ofHubMine: all,
    readByAda: 'afff',
    runByOther: 'afaf',
    readByAll: 'afff',
  },
  nobody: {
    ofProject: hidden,
    mine: hidden,
    ofHub: 'afff',
    ofHubMine: all,
    readByAda: 'afff',
    runByOther: hidden,
    readByAll: 'afff',
  },
  job: {
    ofProject: 'aaaf',
    mine: 'aaaf',
    ofHub: hidden,
    ofHubMine: hidden,
    readByAda: 'aaaf',
    runByOther: 'aaaf',
    readByAll: 'aaaf',
  },
  jobOfReader: {
    ofProject: 'afff',
    mine: 'afff',
    ofHub: hidden,
    ofHubMine: hidden,
    readByAda: 'afff',
    runByOther: 'afff',
    readByAll: 'afff',
  },
  jobOfAdmin: {
    ofProject: 'aaaf',
    mine: 'aaaf',
    ofHub: hidden,
    ofHubMine: hidden,
    readByAda: 'aaaf',
    runByOther: 'aaaf',
    readByAll: 'aaaf',
  },
};

for (const [person, who] of Object.entries(people)) {
  for (const [name, thing] of Object.entries(things)) {
    const expected = table[person]?.[name];
    test(`${person} may with what is ${name}: ${expected}`, () => {
      const found = verbs.map((verb) => authorize(who, verb, thing).charAt(0)).join('');
      assert.equal(found, expected);
    });
  }
}

test('a job has nothing of what was granted to its owner', () => {
  const thing = { project: 'other', ownerId: null, grants: { read: ['ada', 'everyone'] } };
  const job = principalOf({ jobId: 'job_1', projects: { demo: 'member' } });
  assert.equal(authorize(job, 'read', thing), 'hidden');
});

test('who has left a project keeps no rights over what it made there', () => {
  const gone = principalOf({ projects: { other: 'member' } });
  assert.equal(relationTo(gone, { project: 'demo', ownerId: 'user_1' }), 'stranger');
});

test('a project of an inherited name is nobody’s', () => {
  const thing = { project: 'constructor', ownerId: null };
  assert.equal(authorize(principalOf({}), 'read', thing), 'hidden');
});
