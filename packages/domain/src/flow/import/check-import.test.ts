import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { actionInputSchemas, transferInputSchema } from '../action-inputs.ts';
import type { JsonObject } from '../../json.ts';
import type { FlowAccounts } from './account-needs.ts';
import { checkImport } from './check-import.ts';
import { adaptForeignInput } from './foreign-input.ts';
import { foreignMappingSchema, type ForeignAction } from './foreign-mapping.ts';

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

const share = 'https://actions.automate.globus.org/transfer/set_permission';
const skipping = foreignMappingSchema.parse({ actions: { [share]: 'interpulse:skip' } });

function read(name: string): JsonObject {
  return JSON.parse(readFileSync(new URL(name, examples), 'utf8')) as JsonObject;
}

test('the definitions of Globus import as they are', { skip }, () => {
  const names = readdirSync(examples).filter((name) => name.endsWith('.definition.json'));
  const found = names.toSorted().map((name) => {
    const schema = read(name.replace('.definition.', '.input-schema.'));
    const check = checkImport(read(name), schema, none);
    assert.deepEqual(check.faults, [], name);
    const looks = check.warnings.filter(({ type }) => type === 'looks_for_rights');
    const skipped = checkImport(read(name), schema, skipping);
    return [name.split('.')[0], check.imports, looks.length, skipped.imports];
  });
  assert.deepEqual(found, [
    ['tar-transfer', true, 0, true],
    ['transfer-compute-share', true, 1, true],
    ['transfer-compute', true, 0, true],
    ['transfer-share', true, 1, true],
    ['transfer', true, 0, true],
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
  const msg = `${id(1)} in mapping.collections of the hub's configuration`;
  const loc = [...at, 'source_endpoint'];
  assert.deepEqual(needs, [{ kind: 'collections', id: id(1), loc, msg }]);
  assert.deepEqual(
    faults.map(({ loc, type }) => [loc, type]),
    [[[...at, 'sharing'], 'unknown_parameter']],
  );
  assert.ok(warnings.some(({ type, loc }) => type === 'id_from_input' && loc.length === 5));
  const { sharing: _, ...rest } = parameters;
  assert.equal(checkImport(flow(move, rest), {}, mapping).imports, true);
  assert.equal(checkImport(flow('https://example.org/move', rest), {}, mapping).imports, true);
  assert.equal(checkImport(flow('interpulse:nothing', {}), {}, mapping).imports, false);
  assert.equal(checkImport(flow('interpulse:compute', {}), {}, mapping).imports, false);
  assert.equal(checkImport(flow('interpulse:compute', { app: 'a' }), {}, mapping).imports, true);
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
  const { imports, warnings } = checkImport(reading, {}, mapping);
  assert.equal(imports, true);
  assert.ok(warnings.some(({ type, loc }) => type === 'value_of_app' && loc[2] === 'B'));
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
    { source_endpoint: id(9), DATA: [{ source_path: '/~else/a', destination_path: 5 }], acl: 1 },
    mapping,
  );
  assert.ok('problems' in bad);
  assert.match(bad.problems.join('; '), /acl has no meaning/);
  assert.match(bad.problems.join('; '), /0009 is not known here; add it to mapping\.collections/);
  assert.match(bad.problems.join('; '), /destination_endpoint_id or destination_endpoint/);
  assert.match(bad.problems.join('; '), /source_path \/~else\/a must begin/);
  const args = { endpoint: 'centre', function: 'analyze', args: [1] };
  const named = adaptForeignInput('interpulse:compute', args, none);
  assert.deepEqual(named, {
    problems: ['args have no names; apps take named parameters: give them as kwargs'],
  });
});

test('what is not at this hub is told, and providers of its own are known', () => {
  const parameters = {
    source_endpoint: id(1),
    destination_endpoint: 'elsewhere',
    DATA: [
      { source_path: '/~/a', destination_path: '/~else/b' },
      { 'source_path.$': '$.from', destination_path: '/a/../b' },
    ],
  };
  const known = {
    collections: new Set(['scratch']),
    sites: new Set<string>(),
    apps: new Set<string>(),
    isProvider: (address: string) => address.startsWith('https://ours.'),
  };
  const { needs, faults } = checkImport(flow(move, parameters), {}, mapping, known);
  assert.deepEqual(
    needs.map(({ msg }) => msg),
    [
      `collection "raw", for which ${id(1)} stands, is not at this hub yet`,
      'collection "elsewhere" is not at this hub yet',
    ],
  );
  assert.deepEqual(
    faults.map(({ type, loc }) => [type, ...loc.slice(-3)]),
    [
      ['foreign_path', 'DATA', 0, 'destination_path'],
      ['foreign_path', 'DATA', 1, 'destination_path'],
    ],
  );
  assert.equal(checkImport(flow('https://ours.example.org/x', {}), {}, none, known).imports, true);
  const asked = checkImport(
    flow('https://actions.globus.org/weboption/wait_for_option', {}),
    {},
    none,
  );
  assert.match(asked.needs[0]?.msg ?? '', /CreateWebInput/);
});

test('arguments without names are faults of the import, and so are no tasks at all', () => {
  const task = { function_id: id(4), args: [], kwargs: {} };
  const url = 'https://compute.actions.globus.org/v3';
  const of = (tasks: object[]) =>
    checkImport(flow(url, { endpoint_id: id(3), tasks } as JsonObject), {}, mapping).faults.map(
      ({ type, loc }) => [type, ...loc.slice(4)],
    );
  assert.deepEqual(of([task]), []);
  assert.deepEqual(of([task, task]), []);
  assert.deepEqual(of([task, { ...task, args: [1] }]), [['unnamed_arguments', 'tasks', 1, 'args']]);
  assert.deepEqual(of([]), [['no_tasks', 'tasks']]);
});

test('how Globus Compute starts nodes is passed over, and that is told', () => {
  const task = { function_id: id(4), kwargs: {} };
  const ways = { user_endpoint_config: { queue: 'demand' }, resource_specification: { ranks: 4 } };
  const input = { endpoint_id: id(3), tasks: [task], ...ways };
  const check = checkImport(flow('https://compute.actions.globus.org/v3', input), {}, mapping);
  assert.deepEqual([check.imports, check.faults], [true, []]);
  const told = check.warnings.filter(({ type }) => type === 'passed_over');
  assert.deepEqual(
    told.map(({ loc }) => loc.at(-1)),
    Object.keys(ways),
  );
  const adapted = adaptForeignInput('interpulse:compute', input, mapping);
  assert.deepEqual(adapted, { input: { app: 'analyze', site: 'centre', parameters: {} } });
});

test('what changes nothing here is passed over without a word', () => {
  const input = { echo_string: 'hi', required_dependent_scope: 'none' };
  const hello = 'https://actions.globus.org/hello_world';
  const check = checkImport(flow(hello, input, { WaitTime: 60 }), {}, none);
  assert.deepEqual([check.imports, check.faults, check.warnings], [true, [], []]);
});

test('several tasks of a compute step are several jobs of one step, in both dialects', () => {
  const tasks = [
    { function_id: id(4), args: [], kwargs: { n: 1 } },
    { function_id: id(4), kwargs: { n: 2 } },
  ];
  const newer = { endpoint_id: id(3), tasks, label: 'both' };
  const older = {
    tasks: tasks.map((task) => ({
      endpoint: id(3),
      function: task.function_id,
      payload: task.kwargs,
    })),
  };
  const job = (n: number) => ({ app: 'analyze', site: 'centre', parameters: { n } });
  const adapted = (input: JsonObject) => adaptForeignInput('interpulse:compute', input, mapping);
  assert.deepEqual(adapted(newer), { input: { tasks: [job(1), job(2)], label: 'both' } });
  assert.deepEqual(adapted(older), { input: { tasks: [job(1), job(2)] } });
  actionInputSchemas.compute.parse({ tasks: [job(1), job(2)], label: 'both' });
  const unknown = tasks.map((task) => ({ ...task, function_id: id(9) }));
  const refused = adapted({ endpoint_id: id(3), tasks: unknown });
  assert.ok('problems' in refused && refused.problems.length === 1, JSON.stringify(refused));
});

test('the hosted actions for files have ours, in both dialects', () => {
  const one = (action: ForeignAction, input: JsonObject) => {
    const adapted = adaptForeignInput(action, input, mapping);
    assert.ok('input' in adapted, JSON.stringify(adapted));
    const name = action.slice('interpulse:'.length) as keyof typeof actionInputSchemas;
    actionInputSchemas[name].parse(adapted.input);
    return adapted.input;
  };
  const at = { endpoint_id: id(1), path: '/~/a b/' };
  const where = { location: 'raw:/a b/', answerAs: 'globus' };
  assert.deepEqual(one('interpulse:list', { ...at, limit: 5 }), { ...where, limit: 5 });
  assert.deepEqual(one('interpulse:list', { ...at, path_only: true }), { ...where, itself: true });
  assert.deepEqual(one('interpulse:stat', at), where);
  assert.deepEqual(one('interpulse:mkdir', at), { location: 'raw:/a b/' });
  const older = { endpoint_id: id(1), items: ['/a', '/~/b'], recursive: true };
  const newer = { endpoint: id(1), DATA: [{ path: '/a' }, { path: '/b' }], recursive: true };
  const gone = { locations: ['raw:/a', 'raw:/b'], recursive: true };
  assert.deepEqual(one('interpulse:delete', older), gone);
  assert.deepEqual(one('interpulse:delete', newer), gone);
  assert.deepEqual(one('interpulse:collection', { endpoint_id: id(2) }), { collection: 'scratch' });
  const v2 = { tasks: [{ endpoint: id(3), function: id(4), payload: { n: 1 } }] };
  assert.deepEqual(one('interpulse:compute', v2), {
    app: 'analyze',
    site: 'centre',
    parameters: { n: 1 },
  });
});

test('setting a permission looks whether it is there, for whom the hub knows', () => {
  const principals = { [id(5)]: 'user:ada', [id(6)]: 'project:demo' };
  const known = foreignMappingSchema.parse({ ...mapping, principals });
  const of = (input: JsonObject, at = known) => {
    const rest = { endpoint_id: id(1), path: '/a/', operation: 'CREATE', permissions: 'r' };
    return adaptForeignInput('interpulse:access', { ...rest, ...input }, at);
  };
  const asked = (grantee: string, may: string) => ({
    input: { location: 'raw:/a/', grantee, may },
  });
  const ada = { principal_type: 'identity', principal: id(5) };
  assert.deepEqual(of(ada), asked('user:ada', 'read'));
  assert.deepEqual(of({ ...ada, permissions: 'rw' }), asked('user:ada', 'write'));
  const group = { principal_type: 'group', principal: `urn:globus:groups:id:${id(6)}` };
  assert.deepEqual(of(group), asked('project:demo', 'read'));
  const everyone = { principal_type: 'all_authenticated_users', principal: '' };
  assert.deepEqual(of(everyone), asked('everyone', 'read'));
  for (const input of [
    { ...ada, operation: 'DELETE' },
    { principal_type: 'anonymous', principal: '' },
    { ...ada, principal: id(7) },
  ]) {
    assert.ok('problems' in of(input), JSON.stringify(input));
  }
  const url = 'https://transfer.actions.globus.org/manage_permission';
  const stranger = { endpoint_id: id(1), path: '/', principal_type: 'identity', principal: id(7) };
  const { needs, warnings } = checkImport(flow(url, stranger), {}, known);
  assert.deepEqual(
    needs.map((need) => [need.kind, need.id]),
    [['principals', id(7)]],
  );
  assert.ok(warnings.some(({ type }) => type === 'looks_for_rights'));
});

test('entries, mails, expressions and hellos have ours', () => {
  const one = (action: ForeignAction, input: JsonObject) => {
    const adapted = adaptForeignInput(action, input, mapping);
    const name = action.slice('interpulse:'.length) as keyof typeof actionInputSchemas;
    if ('input' in adapted) actionInputSchemas[name].parse(adapted.input);
    return adapted;
  };
  const content = { dc: { titles: [{ title: 'Gold' }] }, beam: 8 };
  const subject = `globus://${id(2)}/results/run_7/`;
  assert.deepEqual(
    one('interpulse:ingest', { subject, content, visible_to: ['public'], search_index: 'x' }),
    {
      input: {
        title: 'Gold',
        kind: 'result',
        files: ['scratch:/results/run_7/'],
        metadata: content,
      },
    },
  );
  assert.ok('problems' in one('interpulse:ingest', { subject: 'https://x.org/1', content: {} }));
  const mail = one('interpulse:notify', {
    destination: 'a@example.org, b@example.org',
    subject: 'Done',
    body_template: '<p>Run $run of ${who}</p>$5 $$6',
    body_variables: { run: 7, who: 'Ada' },
    body_mimetype: 'text/html',
    send_credentials: [{ password: 'secret' }],
  });
  const to = ['a@example.org', 'b@example.org'];
  const text = 'Run 7 of Ada\n$5 $6';
  assert.deepEqual(mail, { input: { by: 'mail', to, subject: 'Done', text } });
  const sum = { expression: 'x + 1', arguments: { x: 2 }, result_path: '$.n' };
  const expressions = [{ expression: 'x + 1', arguments: { x: 2 }, resultPath: '$.n' }];
  assert.deepEqual(one('interpulse:evaluate', sum), { input: { expressions } });
  assert.deepEqual(one('interpulse:evaluate', { expressions: [sum] }), { input: { expressions } });
  const greeting = one('interpulse:hello', { echo_string: 'hi', sleep_time: 2 });
  assert.deepEqual(greeting, { input: { text: 'hi', sleepSeconds: 2 } });
});

test('a registered API is named as what needs mapping, and mapped', () => {
  const handle = 'urn:globus:flows:handle:globus:groups.get_group';
  const Handler = { Type: 'RegisteredAPI', Id: id(5) };
  const define = (handler: unknown) => ({
    StartAt: 'A',
    States: {
      A: { Type: 'Action', Handler: handler, Parameters: {}, ResultPath: '$.A', End: true },
    },
  });
  for (const [handler, name] of [
    [handle, handle],
    [Handler, `registered-api:${id(5)}`],
  ] as const) {
    const { imports, faults, needs } = checkImport(define(handler), {}, none);
    assert.deepEqual([imports, faults], [false, []]);
    const [need] = needs;
    assert.deepEqual([need?.kind, need?.id], ['action', name]);
    assert.deepEqual(need?.loc, ['definition', 'States', 'A', 'Handler']);
    assert.match(need?.msg ?? '', /mapping\.actions/);
    const mapped = foreignMappingSchema.parse({ actions: { [name]: 'interpulse:skip' } });
    assert.equal(checkImport(define(handler), {}, mapped).imports, true);
  }
  const { faults } = checkImport(define('groups.get_group'), {}, none);
  assert.match(faults[0]?.msg ?? '', /urn:globus:flows:handle/);
});

test('whom actions run as must have an account', () => {
  const acts = (RunAs: string) => flow('https://actions.globus.org/hello_world', {}, { RunAs });
  const needs = (RunAs: string, accounts?: FlowAccounts) =>
    checkImport(acts(RunAs), {}, none, null, accounts).needs.map(({ kind, id: named, loc }) => [
      kind,
      named,
      loc.join('.'),
    ]);
  assert.deepEqual(needs('User'), []);
  for (const who of ['Flow', 'Curator']) {
    assert.deepEqual(needs(who), [['accounts', who, 'definition.States.A.RunAs']]);
  }
  const accounts = { serviceAccount: 'beamline', roles: { Curator: 'curating' } };
  assert.deepEqual([needs('Flow', accounts), needs('Curator', accounts)], [[], []]);
});
