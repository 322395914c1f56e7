import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { batchRequest } from '@interpulse/testing/batch/batch-request.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { renderScript } from './render-script.ts';

const now = Date.now();
const folder = mkdtempSync(join(tmpdir(), 'interpulse-script-'));
after(() => rmSync(folder, { recursive: true }));

type Wish = Partial<Parameters<typeof batchRequest>[0]>;

const directives = (wish: Wish): string[] =>
  renderScript(batchRequest({ command: ['true'], folder: '/f', ...wish }), now)
    .split('\n')
    .filter((line) => line.startsWith('#PBS'))
    .map((line) => line.slice('#PBS '.length));

const invalid = (error: unknown): boolean =>
  error instanceof DomainError && error.kind === 'invalid';

describe('the script for PBS', () => {
  it('asks for everything that was asked for, the site’s own words last', () => {
    const asked = directives({
      nodes: 2,
      walltimeSeconds: 3601,
      options: {
        queue: 'demand',
        account: 'proj::sub',
        constraint: 'gputype=a100',
        coresPerNode: 64,
        gpusPerNode: 4,
        memoryBytesPerNode: 1024 ** 3,
        directives: ['-l filesystems=home:eagle'],
        requeue: true,
      },
    });
    const wanted = [
      ...['-q demand', '-A proj::sub', '-r y', '-l place=scatter', '-l walltime=01:01:00'],
      '-l select=2:ncpus=64:ngpus=4:mem=1024mb:gputype=a100',
    ];
    for (const word of wanted) assert.ok(asked.includes(word), `${word} in ${asked.join(' ')}`);
    assert.equal(asked.at(-1), '-l filesystems=home:eagle');
  });

  it('takes whole nodes, and a reservation for a queue', () => {
    const asked = directives({ options: { coresPerNode: 0, reservation: 'R2', queue: 'workq' } });
    for (const word of ['-q R2', '-r n', '-l select=1', '-l place=scatter:excl']) {
      assert.ok(asked.includes(word), `${word} in ${asked.join(' ')}`);
    }
  });

  it('gives less time before a maintenance, and none where there is none', () => {
    const ends = (seconds: number): Wish => ({
      walltimeSeconds: 3600,
      options: { endsBeforeAt: new Date(now + seconds * 1000).toISOString() },
    });
    assert.ok(directives(ends(7200)).includes('-l walltime=01:00:00'));
    assert.ok(directives(ends(1800)).includes('-l walltime=00:30:00'));
    assert.throws(() => directives(ends(50)), invalid);
  });

  it('refuses what PBS cannot take', () => {
    assert.throws(() => directives({ options: { qos: 'urgent' } }), /name a queue/);
    assert.throws(() => directives({ options: { queue: 'a b' } }), invalid);
    assert.throws(() => directives({ options: { constraint: 'x;rm' } }), invalid);
    assert.throws(() => directives({ options: { directives: ['-l a\nrm -rf /'] } }), invalid);
  });

  it('writes into its folder, warns ahead of its end, and leaves when it is late', () => {
    const run = (wish: Wish): { folder: string; status: number | null } => {
      const request = batchRequest({ command: ['true'], folder, ...wish });
      mkdirSync(request.folder, { recursive: true });
      const script = join(request.folder, 'script');
      writeFileSync(script, renderScript(request, wish.options?.endsBeforeAt ? 0 : now));
      const { status } = spawnSync('sh', [script], { env: { PBS_JOBID: '7.pbs1' }, cwd: '/' });
      return { folder: request.folder, status };
    };
    const environment = { PATH: '/usr/bin:/bin' };
    const script = 'trap "echo USR1; exit 4" USR1; pwd; while :; do sleep 0.05; done';
    const command = ['sh', '-c', script];
    // A second of the minute that it has.
    const warned = run({ command, environment, walltimeSeconds: 60, options: { warnSeconds: 59 } });
    assert.equal(warned.status, 4);
    const said = readFileSync(join(warned.folder, 'stdout'), 'utf8');
    assert.equal(said, `${warned.folder}\nUSR1\n`);
    const late = run({ options: { endsBeforeAt: new Date(now).toISOString() } });
    assert.equal(late.status, 0);
    assert.match(readFileSync(join(late.folder, 'stderr'), 'utf8'), /started too late/);
  });
});
