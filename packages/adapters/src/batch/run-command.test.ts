import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { DomainError } from '@interpulse/domain/error.ts';
import { runCommand } from './run-command.ts';

const environment = { PATH: '/usr/bin:/bin', WORD: 'given' };
const run = (...words: [string, ...string[]]) =>
  runCommand({ purpose: 'trying', words, environment, limitSeconds: 1 });

function unavailable(words: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof DomainError);
    assert.equal(error.kind, 'unavailable');
    assert.match(error.message, words);
    return true;
  };
}

describe('a command of a batch system', () => {
  it('gets its words and environment as they are, no input, and tells all it said', async () => {
    const script = 'cat; echo "$1|$WORD|${HOME-none}"; echo oops >&2; exit 3';
    const answer = await run('sh', '-c', script, 'sh', `a b'"$c`);
    assert.deepEqual(answer, { exitCode: 3, stdout: `a b'"$c|given|none\n`, stderr: 'oops\n' });
  });

  it('tells a large answer whole', async () => {
    const answer = await run('head', '-c', '3000000', '/dev/zero');
    assert.equal(answer.stdout.length, 3_000_000);
  });

  it('that prints without end is ended', async () => {
    const endless = runCommand({
      purpose: 'trying',
      words: ['yes'],
      environment,
      limitSeconds: 60,
    });
    await assert.rejects(endless, unavailable(/^trying: yes printed more than is read/));
  });

  it('that leaves somebody behind with its output is not waited for', async () => {
    const startedMs = performance.now();
    const answer = await run('sh', '-c', 'sleep 30 & echo done');
    assert.equal(answer.stdout, 'done\n');
    assert.ok(performance.now() - startedMs < 5000);
  });

  it('that hangs is ended, with what it said until then', async () => {
    const words = 'sleeping and retrying';
    const hanging = run('sh', '-c', 'echo "$1" >&2; exec sleep 30', 'sh', words);
    await assert.rejects(hanging, unavailable(/not answer within 1 s, having said "sleeping and/));
  });

  it('that is killed, or cannot be run, is unavailable', async (t) => {
    await assert.rejects(run('sh', '-c', 'kill -9 $$'), unavailable(/killed by SIGKILL/));
    const folder = mkdtempSync(join(tmpdir(), 'interpulse-command-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'odd');
    writeFileSync(path, '');
    chmodSync(path, 0o644);
    await assert.rejects(run(path), unavailable(/odd cannot be run/));
  });
});
