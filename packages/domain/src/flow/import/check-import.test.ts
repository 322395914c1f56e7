import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { transferInputSchema } from '../action-inputs.ts';
import type { JsonObject } from '../../json.ts';
import { checkImport } from './check-import.ts';
import { adaptForeignInput } from './foreign-input.ts';
import { foreignMappingSchema } from './foreign-mapping.ts';

const examples = new URL('../../../../../../shared/data/flows/', import.meta.url);
const skip = existsSync(examples) ? false : '../shared/data/flows is not here';
const id = (digit: number): string => `00000000-0000-4000-8000-00000000000${digit}`;
const none = foreignMappingSchema.parse({});
const mapping = foreignMappingSchema.parse({
  actions: { 'https://example.org/move/': 'interpulse:transfer' },
  collections: { [id(1)]: 'raw', [id(2)]: 'scratch' },
  sites: { [id(3)]: 'centre' },
  apps: { [id(4)]: 'analyze' },
});

function read(name: string): JsonObject {
  return JSON.parse(readFileSync(new URL(name, examples), 'utf8')) as JsonObject;
}

test('the definitions of Globus: those that only transfer and compute import', { skip }, () => {
  const names = readdirSync(examples).filter((name) => name.endsWith('.definition.json'));
  const found = names.toSorted().map((name) => {
    const schema = read(name.replace('.definition.', '.input-schema.'));
    const check = checkImport(read(name), schema, none);
    assert.deepEqual(check.faults, [], name);
    return [name.split('.')[0], check.imports, check.needs.map((need) => need.id)];
  });
  const share = 'https://actions.automate.globus.org/transfer/set_permission';
  assert.deepEqual(found, [
    ['tar-transfer', true, []],
    ['transfer-compute-share', false, [share]],
    ['transfer-compute', true, []],
    ['transfer-share', false, [share]],
    ['transfer', true, []],
  ]);
});

const flow = (ActionUrl: string, Parameters: JsonObject, more: object = {}) => ({
  StartAt: 'A',
  States: { A: { Type: 'Action', ActionUrl, Parameters, ResultPath: '$.A', End: true, ...more } },
});
const move = 'https://actions.automate.globus.org/transfer/transfer';

test('what needs mapping is named with its place', () => {
  const parameters = {
    source_endpoint: id(1),
    'destination_endpoint.$': '$.to',
    DATA: [{ source_path: '/a', destination_path: '/b' }],
    sharing: true,
  };
  const { imports, needs, faults, warnings } = checkImport(flow(move, parameters), {}, none);
  const at = ['definition', 'States', 'A', 'Parameters'];
  assert.equal(imports, false);
  assert.deepEqual(needs, [{ kind: 'collections', id: id(1), loc: [...at, 'source_endpoint'] }]);
  assert.deepEqual(
    faults.map(({ loc, type }) => [loc, type]),
    [[[...at, 'sharing'], 'unknown_parameter']],
  );
  assert.ok(warnings.some(({ type, loc }) => type === 'id_from_input' && loc.length === 5));
  const { sharing: _, ...rest } = parameters;
  assert.equal(checkImport(flow(move, rest), {}, mapping).imports, true);
  assert.equal(checkImport(flow('https://example.org/move', rest), {}, mapping).imports, true);
  assert.equal(checkImport(flow('interpulse:nothing', {}), {}, mapping).imports, false);
  assert.equal(checkImport(flow('interpulse:compute', {}), {}, mapping).imports, true);
});

test('faults of definition and schema come together, and reads of what jobs do not give', () => {
  const broken = checkImport({ StartAt: 'B', States: {} }, { type: 'objekt' }, none);
  assert.deepEqual(
    new Set(broken.faults.map(({ loc }) => loc[0])),
    new Set(['definition', 'inputSchema']),
  );
  const tasks = [{ function_id: id(4), args: [], kwargs: { endpoint: 'x' } }];
  const A = flow('https://compute.actions.globus.org/v3', { endpoint_id: id(3), tasks }).States.A;
  const B = { Type: 'Pass', InputPath: '$.A.details.result[0]', ResultPath: '$.r', End: true };
  const { End: _, ...start } = A;
  const reading = { StartAt: 'A', States: { A: { ...start, Next: 'B' }, B } };
  const { faults, needs } = checkImport(reading, {}, mapping);
  assert.deepEqual(needs, []);
  assert.deepEqual(
    faults.map(({ type }) => type),
    ['no_result'],
  );
});

test('both dialects of transfer give the same input of ours', () => {
  const paths = { source_path: '/a/', destination_path: '/b/', recursive: true };
  const older = adaptForeignInput(
    'interpulse:transfer',
    { source_endpoint_id: id(1), destination_endpoint_id: id(2), transfer_items: [paths] },
    mapping,
  );
  const newer = adaptForeignInput(
    'interpulse:transfer',
    {
      source_endpoint: id(1),
      destination_endpoint: id(2),
      DATA: [{ DATA_TYPE: 'transfer_item', ...paths }],
      verify_checksum: true,
    },
    mapping,
  );
  assert.deepEqual(newer, older);
  assert.ok('input' in older);
  const item = { source: 'raw:/a/', destination: 'scratch:/b/', recursive: true };
  assert.deepEqual(transferInputSchema.parse(older.input), { items: [item] });
});

test('both dialects of compute give the same input of ours', () => {
  const kwargs = { levels: 4 };
  const compute = 'interpulse:compute';
  const older = { endpoint: id(3), function: id(4), kwargs };
  const newer = { endpoint_id: id(3), tasks: [{ function_id: id(4), args: [], kwargs }] };
  const expected = { input: { app: 'analyze', site: 'centre', parameters: kwargs } };
  assert.deepEqual(adaptForeignInput(compute, older, mapping), expected);
  assert.deepEqual(adaptForeignInput(compute, newer, mapping), expected);
});

test('what cannot be adapted is told, all of it', () => {
  const bad = adaptForeignInput(
    'interpulse:transfer',
    { source_endpoint: id(9), DATA: [{ source_path: '/~/a', destination_path: 5 }], acl: 1 },
    mapping,
  );
  assert.ok('problems' in bad);
  assert.match(bad.problems.join('; '), /acl has no meaning/);
  assert.match(bad.problems.join('; '), /0009 is not known here; add it to mapping\.collections/);
  assert.match(bad.problems.join('; '), /destination_endpoint_id or destination_endpoint/);
  assert.match(bad.problems.join('; '), /source_path \/~\/a must begin/);
  const args = { endpoint: 'centre', function: 'analyze', args: [1] };
  const named = adaptForeignInput('interpulse:compute', args, none);
  assert.deepEqual(named, {
    problems: ['args have no names; apps take named parameters: give them as kwargs'],
  });
});
