import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { batchRequest } from '@interpulse/testing/batch/batch-request.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { renderScript } from './render-script.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const folder = mkdtempSync(join(tmpdir(), 'interpulse-script-'));
after(() => rmSync(folder, { recursive: true }));

const directives = (wish: Partial<Parameters<typeof batchRequest>[0]>): string[] =>
  renderScript(batchRequest({ command: ['true'], folder: '/f', ...wish }), now)
    .split('\n')
    .filter((line) => line.startsWith('#SBATCH'))
    .map((line) => line.slice('#SBATCH '.length));

const invalid = (error: unknown): boolean =>
  error instanceof DomainError && error.kind === 'invalid';

describe('the script for Slurm', () => {
  it('asks for everything that was asked for, the site’s own words last', () => {
    const asked = directives({
      nodes: 3,
      walltimeSeconds: 61,
      options: {
        queue: 'regular',
        account: 'm1::sub',
        qos: 'urgent',
        reservation: 'beam',
        constraint: 'a100&hbm40g|cpu',
        coresPerNode: 64,
        gpusPerNode: 4,
        memoryBytesPerNode: 2 * 1024 ** 3 + 1,
        directives: ['--licenses=scratch'],
        endsBeforeAt: '2026-11-21T13:30:00+01:00',
        requeue: true,
        warnSeconds: 45,
      },
    });
    const wanted = [
      ...['--partition=regular', '--account=m1::sub', '--qos=urgent', '--reservation=beam'],
      ...['--constraint=a100&hbm40g|cpu', '--nodes=3', '--ntasks=3', '--cpus-per-task=64'],
      ...['--gres=gpu:4', '--mem=2049M', '--time=2', '--requeue', '--signal=B:USR1@45'],
      ...['--deadline=2026-11-21T12:30:00', '--export=NIL', '--open-mode=append'],
    ];
    for (const word of wanted) assert.ok(asked.includes(word), `${word} in ${asked.join(' ')}`);
    assert.equal(asked.at(-1), '--licenses=scratch');
  });

  it('takes whole nodes with all their memory where no cores are asked for', () => {
    const asked = directives({ options: { coresPerNode: 0 } });
    assert.ok(asked.includes('--exclusive') && asked.includes('--mem=0'));
    assert.ok(asked.includes('--no-requeue'));
    const words = asked.join(' ');
    assert.doesNotMatch(words, /cpus-per-task|gres|signal|deadline|partition|account|qos/);
  });

  it('refuses what would end a line, and what cannot end in time', () => {
    assert.throws(() => directives({ options: { queue: 'a\n#SBATCH --uid=0' } }), invalid);
    assert.throws(() => directives({ options: { directives: ['a\nrm -rf /'] } }), invalid);
    assert.throws(() => directives({ folder: '/a\nb' }), invalid);
    assert.throws(() => directives({ folder: '/a\\b' }), invalid);
    const endsBeforeAt = new Date(now + 119_000).toISOString();
    assert.throws(() => directives({ walltimeSeconds: 120, options: { endsBeforeAt } }), invalid);
  });

  it('runs any words with any environment as they are', () => {
    const trap = fc.string({ unit: fc.constantFrom(...`'"\\$\`\n *#!~;&|(a`), maxLength: 12 });
    const anything = fc
      .string({ unit: 'binary', maxLength: 20 })
      .filter((word) => !word.includes('\0'));
    const text = fc.oneof(trap, anything);
    const names = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,9}$/).filter(isFree);
    const values = fc.dictionary(names, text, { maxKeys: 5 });
    const tell = 'printf "%s\\0" "$@" > args; /usr/bin/env -0 > variables';
    const check = fc.property(fc.array(text, { maxLength: 4 }), values, (args, environment) => {
      const command = ['/bin/sh', '-c', tell, ...args.slice(0, 1), ...args];
      const request = batchRequest({ command, environment, folder });
      mkdirSync(request.folder, { recursive: true });
      const script = join(request.folder, 'script');
      writeFileSync(script, renderScript(request, now));
      const env = {
        HOME: '/h',
        USER: 'u',
        LINES_: 'a\nPATH=b',
        SLURM_JOB_ID: '7',
        SLURM_EXPORT_ENV: 'NIL',
      };
      execFileSync('sh', [script], { env });
      const list = (name: string): string[] =>
        readFileSync(join(request.folder, name), 'utf8').split('\0').slice(0, -1);
      assert.deepEqual(list('args'), args.length === 0 ? [''] : args.map(wellFormed));
      const own = list('variables').filter((line) => !/^(PWD|_|SHLVL|OLDPWD)=/.test(line));
      const given = Object.entries(environment).map(
        ([name, value]) => `${name}=${wellFormed(value)}`,
      );
      assert.deepEqual(own.sort(), [...given, 'SLURM_JOB_ID=7'].sort());
    });
    fc.assert(check, { numRuns: 100 });
  });

  it('becomes the pilot once, also again after it was queued again', () => {
    const request = batchRequest({ command: ['sh', '-c', 'echo x >> runs'], folder });
    mkdirSync(request.folder, { recursive: true });
    const script = join(request.folder, 'script');
    writeFileSync(
      script,
      renderScript({ ...request, environment: { PATH: '/usr/bin:/bin' } }, now),
    );
    for (const id of ['7', '8', '7', '9']) {
      execFileSync('sh', [script], { env: { SLURM_JOB_ID: id }, stdio: 'ignore' });
    }
    assert.equal(readFileSync(join(request.folder, 'runs'), 'utf8'), 'x\nx\n');
  });
});

/** Names that the shell itself neither reads nor writes. */
function isFree(name: string): boolean {
  return !/^(PATH|PWD|OLDPWD|IFS|PS\d|OPTIND|PPID|SHLVL|_|LD_.*|ENV|SLURM_JOB_ID)$/.test(name);
}

/** UTF-8 has no lone surrogates. */
function wellFormed(text: string): string {
  return text.toWellFormed();
}
