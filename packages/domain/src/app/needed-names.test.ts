import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appSchema, type AppInput } from './app.ts';
import { defaultParameters } from './default-parameters.ts';
import { neededNames } from './needed-names.ts';

const needs = (app: Omit<AppInput, 'name'>): string[] => [
  ...neededNames(appSchema.parse({ name: 'fit', ...app })),
];

test('an app needs what stands in its commands outside of lists', () => {
  const command = ['fit', '{q}', ['--smooth', '{smooth}'], '--cores={cores}', '{file}'];
  assert.deepEqual(needs({ command, pre: [['fetch', '{from}']] }), ['q', 'file', 'from']);
});

test('what one of its sites can do without is not needed', () => {
  const variants = { alpha: { command: ['fit2', '{file}'] }, beta: { preamble: ['module load'] } };
  assert.deepEqual(needs({ command: ['fit', '{q}', '{file}'], variants }), ['file']);
});

test('defaults are those of the schema, and null is none', () => {
  const properties = {
    seed: { type: 'integer', default: 1 },
    shape: { type: 'array', default: [1, 2] },
    none: { default: null },
    any: true,
  };
  const defaults = defaultParameters({ parameters: { type: 'object', properties } });
  assert.deepEqual(defaults, { seed: 1, shape: [1, 2] });
  assert.deepEqual(defaultParameters({ parameters: {} }), {});
});
