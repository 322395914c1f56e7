import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appSchema, type AppInput } from './app.ts';
import { inspectApp } from './inspect-app.ts';

const faultsOf = (app: Omit<AppInput, 'name'>): string[] =>
  inspectApp(appSchema.parse({ name: 'fit', ...app })).map(
    ({ loc, type }) => `${loc.join('.')} ${type}`,
  );
const parameters = { type: 'object', properties: { q: { type: 'number' } } };

test('an app whose names all have values has no fault', () => {
  const inputs = [{ name: 'file' }];
  assert.deepEqual(
    faultsOf({ command: ['fit', '{q}', '{file}', '{cores}'], parameters, inputs }),
    [],
  );
  assert.deepEqual(faultsOf({ command: ['fit', '{anything}'] }), []);
});

test('a name that nothing gives a value is named, also in the variant of a site', () => {
  const variants = {
    centre: { command: ['fit2', '{r}'] },
    alpha: { preamble: ['module load fit'] },
  };
  assert.deepEqual(faultsOf({ command: ['fit', '{p}', ['--q', '{q}']], parameters, variants }), [
    'command unknown_name',
    'variants.centre.command unknown_name',
  ]);
});

test('a schema that is none, and a value where quoting does not protect it, are refused', () => {
  assert.deepEqual(faultsOf({ command: ['fit'], parameters: { type: 'obj' } }), [
    'parameters.type enum',
    'parameters.type type',
    'parameters.type anyOf',
  ]);
  assert.deepEqual(faultsOf({ command: [`echo "{q}"`], shell: true, parameters }), [
    'command shell_line',
  ]);
  assert.deepEqual(faultsOf({ command: [`echo {q} > out`], shell: true, parameters }), []);
});

test('commands before and after are looked at as well', () => {
  const pre = [['fetch', '{p}']];
  const post = [
    ['fetch', '{q}'],
    ['tidy', '{p}'],
  ];
  const variants = { centre: { post: [['tidy', '{r}']] }, alpha: { command: ['fit2'] } };
  assert.deepEqual(faultsOf({ command: ['fit'], pre, post, parameters, variants }), [
    'pre.0 unknown_name',
    'post.1 unknown_name',
    'variants.centre.post.0 unknown_name',
  ]);
});

test('an output outside of the work directory is refused', () => {
  const paths = ['a.h5', '../a.h5', 'a/../../b', '/etc/passwd', 'a/..b/c..', './*.h5'];
  const outputs = paths.map((path, place) => ({ name: `o${place}`, path }));
  assert.deepEqual(faultsOf({ command: ['fit'], outputs }), [
    'outputs.1.path leads_out',
    'outputs.2.path leads_out',
    'outputs.3.path leads_out',
  ]);
});
