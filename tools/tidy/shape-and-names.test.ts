import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { documentedExports } from './documented-exports.ts';
import { fileLength, functionLength, lineWidth } from './lengths.ts';
import { emptyNames, fileNames, importEndings, noBarrels } from './names.ts';
import { complaints } from './sample.ts';

const path = 'packages/domain/src/a.ts';
const lines = (count: number) => 'x;\n'.repeat(count);

describe('lengths', () => {
  test('a file ends at 400 lines, a test at 600', () => {
    assert.deepEqual(complaints(fileLength, path, lines(400)), []);
    assert.deepEqual(complaints(fileLength, path, lines(401)), ['401 401 lines']);
    assert.deepEqual(complaints(fileLength, 'packages/domain/src/a.test.ts', lines(600)), []);
    assert.equal(complaints(fileLength, 'tests/sim/a.test.ts', lines(601)).length, 1);
    assert.equal(complaints(fileLength, 'apps/portal/src/a.tsx', lines(401)).length, 1);
    assert.deepEqual(complaints(fileLength, 'docs/a.md', lines(999)), []);
  });

  test('a function ends at 60 lines, whatever its form', () => {
    const body = (count: number) => `{\n${lines(count - 2)}}`;
    assert.deepEqual(complaints(functionLength, path, `function f() ${body(60)}`), []);
    assert.deepEqual(complaints(functionLength, path, `\nfunction f() ${body(61)}`), [
      '2 f has 61 lines',
    ]);
    assert.equal(complaints(functionLength, path, `const f = () => ${body(61)};`).length, 1);
    assert.equal(complaints(functionLength, path, `class A { m() ${body(61)} }`).length, 1);
  });

  test('a component may have 120 lines, another function in the same file may not', () => {
    const portal = 'apps/portal/src/a.tsx';
    const body = (count: number) => `() {\n${lines(count - 2)}}`;
    assert.deepEqual(complaints(functionLength, portal, `function Clock${body(120)}`), []);
    assert.equal(complaints(functionLength, portal, `function Clock${body(121)}`).length, 1);
    assert.equal(complaints(functionLength, portal, `function clock${body(61)}`).length, 1);
  });

  test('tests count one by one, not as the suite or contract that registers them', () => {
    const one = `test('a', () => {\n${lines(40)}});\n`;
    const suite = `function contract() {\ndescribe('s', () => {\n${one}${one}});\n}`;
    assert.deepEqual(complaints(functionLength, path, suite), []);
    const long = `test('a', () => {\n${lines(61)}});`;
    assert.equal(complaints(functionLength, path, long).length, 1);
  });

  test('a line ends at 100 columns, counted as characters, but addresses may not be broken', () => {
    assert.deepEqual(complaints(lineWidth, path, `// ${'é'.repeat(97)}`), []);
    assert.deepEqual(complaints(lineWidth, path, `\n// ${'x'.repeat(98)}`), ['2 101 columns']);
    assert.deepEqual(complaints(lineWidth, path, `// https://${'x'.repeat(98)}`), []);
  });
});

describe('names', () => {
  test('files and folders are kebab-case', () => {
    const wrong = ['packages/domain/src/jobState.ts', 'apps/Hub/src/a.ts', 'tools/a_b.ts'];
    for (const name of wrong) assert.equal(complaints(fileNames, name, '').length, 1, name);
    const right = ['packages/domain/src/job-state.test.ts', 'README.md', '.ci/run', 'LICENSE'];
    for (const name of right) assert.deepEqual(complaints(fileNames, name, ''), [], name);
    assert.deepEqual(complaints(fileNames, 'clients/python/interpulse/__init__.py', ''), []);
  });

  test('empty words are refused as a whole word of a name', () => {
    const wrong = ['apps/hub/src/utils.ts', 'apps/hub/src/id-helpers.ts', 'apps/hub/common/a.ts'];
    for (const name of wrong) assert.equal(complaints(emptyNames, name, '').length, 1, name);
    assert.deepEqual(complaints(emptyNames, 'apps/hub/src/commonness.ts', ''), []);
  });

  test('barrels are refused by name and by form', () => {
    assert.equal(complaints(noBarrels, 'packages/api/src/job/index.ts', '').length, 1);
    assert.equal(complaints(noBarrels, path, `export * from './b.ts';`).length, 1);
    assert.deepEqual(complaints(noBarrels, path, `export { b } from './b.ts';`), []);
  });

  test('imports of our own files carry their ending', () => {
    assert.equal(complaints(importEndings, path, `import './b';`).length, 1);
    assert.equal(complaints(importEndings, path, `import '@interpulse/domain/b';`).length, 1);
    assert.deepEqual(complaints(importEndings, path, `import './b.ts'; import 'zod';`), []);
  });
});

describe('documentation of exports', () => {
  const undocumented = [
    'export function f() {}',
    'export const a = 1;',
    'export class A {}',
    'export interface A {}',
    'export type A = 1;',
    'const a = 1;\nexport { a };',
    '// not a doc comment\nexport const a = 1;',
    '/** */\nexport const a = 1;',
    'export default function f() {}',
  ];
  for (const text of undocumented) {
    test(`is missed in ${JSON.stringify(text)}`, () => {
      assert.equal(complaints(documentedExports, path, text).length, 1);
    });
  }

  test('one sentence serves a schema and its type, and every overload', () => {
    const schema = '/** A job. */\nexport const Job = z.object({});\nexport type Job = 1;';
    assert.deepEqual(complaints(documentedExports, path, schema), []);
    const overloads = '/** Says. */\nexport function f(): 1;\nexport function f(a?: 1): 1 {}';
    assert.deepEqual(complaints(documentedExports, path, overloads), []);
  });

  test('is not asked of what stays inside, nor of tests', () => {
    assert.deepEqual(complaints(documentedExports, path, 'function f() {}'), []);
    const text = 'export const a = 1;';
    assert.deepEqual(complaints(documentedExports, 'packages/api/src/a.test.ts', text), []);
  });
});
