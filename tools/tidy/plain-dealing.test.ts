import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { noMachinePaths, noPackageSources, noSecrets, noWordsAboutTheWork } from './leaks.ts';
import { exactVersions, lockWithoutAddresses } from './manifests.ts';
import {
  explainedSkips,
  noAny,
  noLaterNotes,
  noOptionalMethods,
  noSilencers,
} from './plain-dealing.ts';
import { complaints, sampleFile } from './sample.ts';
import { fileSize, noSharedData, readSums } from './tracked-data.ts';

const path = 'packages/domain/src/a.ts';
const testPath = 'packages/domain/src/a.test.ts';

/** Samples are put together so that this file passes the rules it tests. */
const glue = (...pieces: string[]) => pieces.join('');

describe('plain dealing', () => {
  test('any is found as a type, not as a word', () => {
    assert.deepEqual(complaints(noAny, path, '\nlet a: any[] = x;'), ['2 any']);
    assert.deepEqual(complaints(noAny, path, '// any\nconst any = "any";'), []);
  });

  test('silencing comments are found, save an explained one in a test', () => {
    for (const word of [glue('@ts-', 'ignore'), glue('oxlint-', 'disable-line')]) {
      assert.equal(complaints(noSilencers, path, `// ${word} because`).length, 1);
    }
    const expected = glue('// @ts-expect-', 'error');
    assert.equal(complaints(noSilencers, path, `${expected} a job id is no task id`).length, 1);
    assert.equal(complaints(noSilencers, testPath, expected).length, 1);
    assert.deepEqual(complaints(noSilencers, testPath, `${expected} a job id is no task id`), []);
  });

  test('notes for later are found', () => {
    assert.equal(complaints(noLaterNotes, path, glue('// TO', 'DO: more')).length, 1);
    assert.deepEqual(complaints(noLaterNotes, path, '// what to do next'), []);
  });

  test('skipping needs a reason; singling out is never right', () => {
    const wrong = [
      `test.skip('a', f);`,
      `describe.only('a', f);`,
      `test('a', { skip: true }, f);`,
      `test('a', { only: true }, f);`,
      `test('a', (t) => { t.skip(); });`,
    ];
    for (const text of wrong) {
      assert.equal(complaints(explainedSkips, testPath, text).length, 1, text);
    }
    const right = [
      `test('a', { skip: reason }, (t) => { t.skip('no slurm'); });`,
      `assert.deepEqual(write({ only: true }), { only: true });`,
    ];
    for (const text of right) assert.deepEqual(complaints(explainedSkips, testPath, text), []);
  });

  test('optional methods are found, optional values are not', () => {
    const text = 'interface A {\n  stop?(): void;\n  size?: number;\n}';
    assert.deepEqual(complaints(noOptionalMethods, path, text), ['2 stop?()']);
  });
});

describe('manifests', () => {
  test('addresses in the lock file are found, workspace links are not', () => {
    const address = glue('"resolved": "ht', 'tps://example.org/a.tgz"');
    const text = `"resolved": "packages/domain",\n${address}`;
    const found = complaints(lockWithoutAddresses, 'package-lock.json', text);
    assert.equal(found.length, 1);
    assert.match(found[0] ?? '', /^2 /);
  });

  test('ranges and tags are refused, exact releases and aliases are not', () => {
    const manifest = (version: string) => `{"dependencies": {\n"a": "${version}"}}`;
    for (const version of ['^1.2.3', '~1.2.3', '*', 'latest', '1.2', 'npm:b@^1.0.0']) {
      const found = complaints(exactVersions, 'apps/hub/package.json', manifest(version));
      assert.deepEqual(found, [`2 a ${version}`]);
    }
    for (const version of ['1.2.3', '18.4.0-beta.17', 'npm:@b/c@6.0.2']) {
      const found = complaints(exactVersions, 'package.json', manifest(version));
      assert.deepEqual(found, [], version);
    }
  });
});

describe('leaks', () => {
  test('package sources are found', () => {
    const text = glue('ht', 'tps://regis', 'try.np', 'mjs.org/zod');
    assert.equal(complaints(noPackageSources, 'docs/a.md', text).length, 1);
  });

  test('paths of one machine are found', () => {
    assert.equal(complaints(noMachinePaths, 'docs/a.md', glue('see /wo', 'rk/main')).length, 1);
    assert.equal(complaints(noMachinePaths, path, glue("'/tm", "p/x'")).length, 1);
    assert.deepEqual(
      complaints(noMachinePaths, 'docs/a.md', 'in /data/raw and /scratch/proj1'),
      [],
    );
  });

  test('keys and tokens are found', () => {
    const samples = [
      glue('AK', 'IA', 'ABCDEFGHIJKLMNOP'),
      glue('gh', 'p_', 'a'.repeat(36)),
      glue('-----BEGIN PRIV', 'ATE KEY-----\n', 'a'.repeat(64)),
    ];
    for (const text of samples) assert.equal(complaints(noSecrets, path, text).length, 1);
    assert.deepEqual(complaints(noSecrets, path, 'npm_config_cache'), []);
  });

  test('words about how it was written are found', () => {
    const text = glue('Co-auth', 'ored-by: somebody');
    assert.equal(complaints(noWordsAboutTheWork, 'README.md', text).length, 1);
    assert.deepEqual(complaints(noWordsAboutTheWork, 'README.md', 'the agent of a site'), []);
  });
});

describe('tracked data', () => {
  test('a large file is found', () => {
    assert.deepEqual(complaints(fileSize, 'docs/a.png', 'x'.repeat(1_500_000)), []);
    assert.deepEqual(complaints(fileSize, 'docs/a.png', 'x'.repeat(1_500_001)), ['1 1.5 MB']);
  });

  test('a copy of shared data is found by its sum, a licence or a small file is not', () => {
    const text = 'x'.repeat(20_000);
    const { sha256 } = sampleFile('a', text);
    const rule = noSharedData(readSums(`${sha256}  mx/a.cbf\n`));
    assert.deepEqual(complaints(rule, 'tests/a.bin', text), ['1 is mx/a.cbf']);
    const licences = noSharedData(readSums(`${sha256}  licences/a.txt\n`));
    assert.deepEqual(complaints(licences, 'LICENSE', text), []);
    const small = sampleFile('a', 'x');
    assert.deepEqual(noSharedData(readSums(`${small.sha256}  mx/b\n`)).check(small), []);
  });
});
