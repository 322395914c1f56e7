import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { appAtSites } from './site-allows.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const app = (part: object) =>
  ({
    name: 'fit',
    command: ['fit'],
    shell: false,
    preamble: [],
    pre: [],
    post: [],
    environment: {},
    variants: {},
    sites: null,
    digests: { '*': digest },
    ...part,
  }) as unknown as Schemas['RegisteredApp'];
const site = (name: string, allow: string, digests: string[] = []) =>
  ({ name, roles: ['compute'], apps: { allow, digests } }) as unknown as Schemas['Site'];

const refusals = (part: object, ...sites: Schemas['Site'][]) =>
  appAtSites(app(part), sites).map((each) => each.refusal === null);

test('who allows an app, by the policy of each site', () => {
  const sites = [
    site('open', 'all'),
    site('plain', 'templates'),
    site('strict', 'listed'),
    site('listed', 'listed', [digest]),
  ];
  assert.deepEqual(refusals({}, ...sites), [true, true, false, true]);
  assert.deepEqual(refusals({ preamble: ['module load x'] }, ...sites), [true, false, false, true]);
  assert.deepEqual(refusals({ sites: ['plain'] }, ...sites), [false, true, false, false]);
});

test('a variant counts where it is for, and has its own digest', () => {
  const other = `sha256:${'b'.repeat(64)}`;
  const variant = { variants: { hpc: { shell: true } }, digests: { '*': digest, hpc: other } };
  const [there, here] = appAtSites(app(variant), [
    site('hpc', 'templates'),
    site('x', 'templates'),
  ]);
  assert.deepEqual(
    [there?.digest, there?.hasVariant, there?.refusal === null],
    [other, true, false],
  );
  assert.deepEqual([here?.digest, here?.hasVariant, here?.refusal === null], [digest, false, true]);
});

test('sites that do not compute are not listed', () => {
  const storage = { ...site('s', 'all'), roles: ['storage'] } as Schemas['Site'];
  assert.deepEqual(appAtSites(app({}), [storage]), []);
});
