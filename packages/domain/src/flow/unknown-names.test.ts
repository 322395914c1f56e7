import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../json.ts';
import { parseDefinition } from './definition.ts';
import { inspectFlows } from './inspect-flows.ts';
import { unknownNames } from './unknown-names.ts';

const known = {
  apps: new Set(['xpcs']),
  sites: new Set(['near']),
  collections: new Set(['raw']),
};

function warningsOf(action: string, Parameters: JsonObject): string[] {
  const parsed = parseDefinition({
    StartAt: 'A',
    States: { A: { Type: 'Action', ActionUrl: action, Parameters, End: true } },
  });
  assert.ok('definition' in parsed);
  return unknownNames(inspectFlows(parsed.definition), known).map(
    ({ loc, msg }) => `${loc.slice(3).join('/')}: ${msg}`,
  );
}

test('names in constants that are not there yet are warned of, each at its place', () => {
  const jobs = {
    app: 'xpcs',
    site: ['near', 'far'],
    inputs: { file: 'raw:/a', mask: 'masks:/b', 'third.$': '$.third' },
    parameters: { app: 'nothing', site: 'nowhere' },
    tasks: [{ app: 'tomo' }, { 'app.$': '$.app', inputs: { 'dark.$': '$.dark' }, site: 'any' }],
    returnTo: 'back:/',
  };
  assert.deepEqual(warningsOf('interpulse:compute', jobs), [
    'site/1: there is no site "far" at this hub yet',
    'inputs/mask: there is no collection "masks" at this hub yet',
    'tasks/0/app: there is no app "tomo" at this hub yet',
    'returnTo: there is no collection "back" at this hub yet',
  ]);
  const items = [{ source: 'raw:/a', destination: 'rawer:/a' }];
  assert.deepEqual(warningsOf('interpulse:transfer', { items }), [
    'items/0/destination: there is no collection "rawer" at this hub yet',
  ]);
  assert.deepEqual(warningsOf('interpulse:collection', { collection: 'raw' }), []);
});

test('what is a label, computed, or of somebody else is not looked up', () => {
  assert.deepEqual(
    warningsOf('interpulse:compute', { 'app.$': '$.a', site: { label: 'gpu' } }),
    [],
  );
  assert.deepEqual(warningsOf('https://example.org/act', { location: 'none:/' }), []);
  assert.deepEqual(warningsOf('interpulse:notify', { text: 'raw:/a', location: 'none:/' }), []);
});
