import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { runFile } from './run-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'interpulse-run-file-'));
after(() => rmSync(folder, { recursive: true }));

const env = { ...process.env };
delete env['NODE_TEST_CONTEXT'];

/** Runs a test file with this text; each result as `status name: first line of the reason`. */
async function runText(text: string, timeoutSeconds = 20): Promise<string[]> {
  const path = join(folder, `sample-${Math.random().toString(36).slice(2)}.test.ts`);
  const header = `import { before, describe, test } from 'node:test';\n`;
  writeFileSync(path, header + text);
  const { results } = await runFile(path, timeoutSeconds, env);
  return results.map((r) => `${r.status} ${r.name}: ${r.reason.split('\n')[0]}`);
}

describe('a test file', () => {
  test('reports tests with their suites, and skipped ones with the reason', async () => {
    const results = await runText(`
      describe('a', () => { test('b', () => {}); test('c', { skip: 'no disk' }, () => {}); });
      test('d', () => { throw new Error('broken'); });`);
    const expected = ['passed a > b: ', 'skipped a > c: no disk', 'failed d: Error: broken'];
    assert.deepEqual(results, expected);
  });

  test('counts a suite whose preparation fails', async () => {
    const results = await runText(
      `describe('a', () => { before(() => { throw new Error('no'); }); test('b', () => {}); });`,
    );
    assert.ok(results.includes('failed a: Error: no'), results.join('\n'));
  });

  test('fails when it cannot be loaded', async () => {
    const results = await runText(`throw new Error('x');`);
    assert.deepEqual(results, ['failed : the file exited with 1, before any test ended']);
  });

  test('fails when it has no tests', async () => {
    assert.deepEqual(await runText(''), [
      'failed : the file has no tests, or left before it told of one',
    ]);
  });

  test('fails when it leaves before its last test', async () => {
    const results = await runText(
      `test('a', () => {});
       test('b', () => new Promise(() => setTimeout(() => process.exit(0), 200)));`,
    );
    assert.deepEqual(results, ['passed a: ', 'failed : the process ended early, after "a"']);
  });

  test('is killed when it hangs, and fails by name with what it had reported', async () => {
    const results = await runText(`test('a', () => {}); setInterval(() => {}, 1000);`, 2);
    assert.match(results.at(-1) ?? '', /^failed : the file did not end within 2 s/);
  });
});
