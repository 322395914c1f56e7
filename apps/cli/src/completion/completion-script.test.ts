import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { createProgram } from '../create-program.ts';
import { completionScript } from './completion-script.ts';

/** What bash offers after these words; the last one is being typed. */
function offered(words: string[]): string[] {
  const script = [
    completionScript(createProgram(), 'bash'),
    `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})`,
    `COMP_CWORD=${words.length - 1}`,
    '_interpulse',
    'printf "%s\\n" "${COMPREPLY[@]}"',
  ].join('\n');
  const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  assert.equal(stderr, '');
  return stdout.split('\n').filter(Boolean);
}

test('bash completes nouns, verbs and options', () => {
  assert.deepEqual(offered(['interpulse', 'flow-']), ['flow-run']);
  assert.deepEqual(offered(['interpulse', 'job', 'ex']), ['explain']);
  assert.deepEqual(offered(['interpulse', 'job', 'list', '--st']), ['--state']);
  assert.deepEqual(offered(['interpulse', 'job', 'list', '--js']), ['--json']);
  assert.deepEqual(offered(['interpulse', 'flow', 'get', '--ver']), ['--version']);
  assert.deepEqual(offered(['interpulse', 'trigger', 'dry']), ['dry-run']);
  assert.deepEqual(offered(['interpulse', '--json', 'site', 'po']), ['pool']);
});

test('every shell is served, and knows every command', () => {
  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    const script = completionScript(createProgram(), shell);
    for (const word of ['flow-run', 'explain', 'add-member']) assert.ok(script.includes(word));
  }
});
