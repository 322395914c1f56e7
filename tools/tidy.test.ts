/** The house rules over every file of the project. Each rule is a test that lists file:line. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';

import { listFiles } from './list-files.ts';
import { houseRules } from './tidy/house-rules.ts';
import { readFiles } from './tidy/read-files.ts';
import type { Rule } from './tidy/rule.ts';
import { noSharedData, readSums } from './tidy/tracked-data.ts';

const root = dirname(import.meta.dirname);
const files = readFiles(root, listFiles(root));
const sumsPath = join(root, '..', 'shared', 'data', 'SHA256SUMS');

function checkFiles(rule: Rule): void {
  const findings = files.flatMap((file) =>
    rule.check(file).map(({ line, message }) => `${file.path}:${line} ${message}`),
  );
  if (findings.length > 0) {
    assert.fail(`${findings.length} places break the rule:\n${findings.join('\n')}`);
  }
}

describe('the house', () => {
  test('has files to look at', () => {
    assert.ok(files.some((file) => file.path === 'packages/domain/src/error.ts'));
  });

  for (const rule of houseRules) {
    test(rule.name, () => checkFiles(rule));
  }

  const skip = existsSync(sumsPath) ? false : 'no ../shared/data/SHA256SUMS beside the project';
  test('no file is a copy of the data beside the project', { skip }, () => {
    checkFiles(noSharedData(readSums(readFileSync(sumsPath, 'utf8'))));
  });
});
