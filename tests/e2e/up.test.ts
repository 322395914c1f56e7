import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { realpathSync, statfsSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { until } from '@interpulse/testing/facility/until.ts';
import {
  interpulse,
  killAll,
  processesOf,
  startInterpulse,
  type Started,
} from './run-interpulse.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ip-up-')));
after(() => {
  killAll();
  spawnSync('umount', ['-l', join(folder, 'disk')]);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
/** Milliseconds; each test takes a sixth of that or less. */
const timeout = 180_000;
const shared = resolve(import.meta.dirname, '../../../shared/data');
const noData = existsSync(shared) ? false : `${shared} is not there`;
const noProc = existsSync('/proc/self/environ') ? false : 'this system has no /proc';

function up(...args: string[]): Started {
  return startInterpulse(folder, ['up', '--no-open', ...args]);
}

async function nothingRuns(path: string): Promise<void> {
  await until('everything to end', 20, async () => processesOf(path).length === 0).catch(() => {
    assert.deepEqual(processesOf(path), []);
  });
}

/** A verb with --json at the hub of `./interpulse-data`: its document. */
async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await interpulse(folder, ...args, '--json');
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as T;
}

interface List {
  items: { id: string; name: string; number: number; kind: string }[];
}

test(
  'shots are answered, verbs see it, Ctrl-C ends it, and it goes on',
  { skip: noProc, timeout },
  async () => {
    const first = up('--port', '0', '--period', '3');
    await first.line(/Sign in once with: http:\/\/127\.0\.0\.1:\d+\/#code=/);
    await first.line(/shot \d+ answered after/);
    await lookAround();
    assert.deepEqual((await json<List>('flow-run', 'list', '--filter', 'failed')).items, []);
    await crashOfAnAgent(first);

    const second = await interpulse(folder, 'up', '--port', '0');
    assert.equal(second.code, 1);
    assert.match(second.stderr, /^interpulse: interpulse runs in .* already, at .*\n$/);

    const shots = await json<List>('instrument', 'shots', 'xpcs-beamline');
    const newest = shots.items[0]?.number ?? 0;
    first.kill('SIGINT');
    assert.equal((await first.ended).code, 0);
    await nothingRuns(folder);

    const again = up('--port', '0', '--period', '3');
    const [, number] = await again.line(/shot (\d+) answered after/);
    assert.ok(Number(number) > 1, `shot ${number} follows on those of the first start`);
    const all = await json<List>('instrument', 'shots', 'xpcs-beamline', '--limit', '500');
    assert.ok(all.items.some((shot) => shot.number === newest));
    assert.equal(new Set(all.items.map((shot) => shot.number)).size, all.items.length);
    // Its pilot is left without an agent.
    process.kill(alphaAgent(), 'SIGKILL');
    await again.line(/agent alpha ended by SIGKILL/);
    again.kill('SIGTERM');
    assert.equal((await again.ended).code, 0);
    await nothingRuns(folder);
  },
);

test(
  'what up started ends with it, also when it is killed',
  { skip: noProc, timeout },
  async () => {
    const started = up('--folder', 'killed', '--port', '0');
    await started.line(/Sign in once/);
    started.kill('SIGKILL');
    await started.ended;
    await nothingRuns(folder);
  },
);

async function lookAround(): Promise<void> {
  const doctor = await interpulse(folder, 'doctor');
  assert.equal(doctor.code, 0, doctor.stdout);
  const results = await json<List>('dataset', 'list', '--kind', 'result');
  const dataset = results.items[0]?.id ?? '';
  const got = await json<{ path: string }[]>('dataset', 'get', dataset, 'preview.json');
  assert.equal(JSON.parse(readFileSync(join(folder, got[0]?.path ?? ''), 'utf8')).kind, 'curves');
  const sites = await json<List>('site', 'list');
  assert.deepEqual(sites.items.map(({ name }) => name).sort(), ['alpha', 'beamline', 'beta']);
  const link = await json<{ url: string }>('open');
  assert.match(link.url, /#code=/);

  const job = await interpulse(folder, 'job', 'submit', '--follow', '--', 'echo', 'a b', '{}');
  assert.equal(job.code, 0, job.stdout + job.stderr);
  assert.match(job.stdout, /job_\w+ completed at (alpha|beta)/);
  const id = /job_\w+/.exec(job.stdout)?.[0] ?? '';
  const log = await interpulse(folder, 'job', 'log', id);
  assert.equal(log.stdout, 'a b {}\n');
  const failed = await interpulse(folder, 'job', 'submit', '--follow', '--', 'false');
  assert.equal(failed.code, 1);
  const missing = await interpulse(folder, 'job', 'show', `job_${'0'.repeat(26)}`);
  assert.equal(missing.code, 3);
  assert.match(missing.stderr, /^interpulse: .*\n$/);

  const moved = await interpulse(
    folder,
    ...['transfer', 'start', '--follow', 'beamline-raw:/raw/shot_000001.nxs'],
    'alpha-scratch:/moved.nxs',
  );
  assert.equal(moved.code, 0, moved.stdout + moved.stderr);
  const events = startInterpulse(folder, ['events', '--follow', '--json']);
  const [event] = await events.line(/^\{.*\}$/m);
  assert.ok('cursor' in JSON.parse(event));
  events.kill('SIGTERM');
  await events.ended;
}

async function crashOfAnAgent(started: Started): Promise<void> {
  const before = alphaAgent();
  process.kill(before, 'SIGKILL');
  await started.line(/agent alpha ended by SIGKILL; it is started again/);
  await until('alpha to come back', 30, async () => {
    if ([0, before].includes(alphaAgent())) return false;
    const { items } = await json<{ items: { name: string; status: string }[] }>('site', 'list');
    return items.some(({ name, status }) => name === 'alpha' && status === 'up');
  });
}

/** The process of alpha's agent; 0 when there is none. */
function alphaAgent(): number {
  const found = processesOf(folder).find((line) => line.includes('configs/alpha.json'));
  return found === undefined ? 0 : Number.parseInt(found, 10);
}

test('own data are analysed and the answer is printed', { skip: noData, timeout }, async () => {
  const tooth = join(shared, 'tomo/tooth.h5');
  // The hub still takes the sites of a moment ago for up, with what they offered then.
  await startAndEnd('--folder', 'own', '--port', '0');
  const started = up('--folder', 'own', '--port', '0', '--data', tooth, '--exit');
  const { code, stdout, stderr } = await started.ended;
  assert.equal(code, 0, stderr);
  assert.match(stdout, /✓ Analyze/);
  assert.match(stdout, /rotation axis +29\d\.\d+ pixels/);
  const [answers = ''] = readdirSync(join(folder, 'own', 'answers'));
  assert.ok(existsSync(join(folder, 'own', 'answers', answers, 'reconstruction.h5')));
  if (noProc === false) await nothingRuns(folder);
});

test(
  'a folder of pictures is analysed too, and shots after it',
  { skip: noData, timeout },
  async () => {
    const pictures = join(shared, 'xpcs/bulk_water');
    const parameter = 'framePeriodSeconds=0.02';
    const what = ['--data', pictures, '--parameter', parameter, '--exit'];
    const started = up('--folder', 'pictures', '--port', '0', ...what);
    const { code, stdout, stderr } = await started.ended;
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /SUCCEEDED after/);
    assert.match(stdout, /rate at q .* 1\/s/);
    // A second look at the same pictures is of the same raw dataset.
    const again = up('--folder', 'pictures', '--port', '0', '--data', pictures);
    const [, url = ''] = await again.line(/Portal: (http\S+)/);
    await again.line(/The portal stays up/);
    const asked = ['--hub', url, '--token', readToken('pictures')];
    const raw = await json<Catalog>('dataset', 'list', '--kind', 'raw', ...asked);
    assert.deepEqual(
      raw.items.map(({ title, fileCount }) => [title, fileCount]),
      [['bulk_water', 120]],
    );
    const results = await json<Catalog>('dataset', 'list', '--kind', 'result', ...asked);
    const sources = results.items.map(({ derivedFrom }) => derivedFrom);
    assert.deepEqual(sources, [[raw.items[0]?.id], [raw.items[0]?.id]]);
    again.kill('SIGINT');
    assert.equal((await again.ended).code, 0);
    await startAndEnd('--folder', 'pictures', '--port', '0');
  },
);

interface Catalog {
  items: { id: string; title: string; fileCount: number; derivedFrom: string[] }[];
}

function readToken(name: string): string {
  return readFileSync(join(folder, name, 'hub', 'admin-token'), 'utf8').trim();
}

/** Starts `up`, waits until it is ready, and ends it. */
async function startAndEnd(...args: string[]): Promise<void> {
  const started = up(...args);
  await started.line(/Sign in once with/);
  started.kill('SIGINT');
  const { code, stderr } = await started.ended;
  assert.equal(code, 0, stderr);
}

test(
  'what cannot be started says why in one line, and leaves nothing running',
  { timeout },
  async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = String((taken.address() as AddressInfo).port);
    const text = join(folder, 'notes.txt');
    writeFileSync(text, 'no picture');
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const cases: [string[], number, RegExp][] = [
      [['--port', port], 1, /port \d+ of 127\.0\.0\.1 is taken .*--port/],
      [
        ['--data', join(folder, 'missing.h5')],
        2,
        /cannot read .*missing\.h5: there is no such file/,
      ],
      [['--data', text], 2, /notes\.txt/],
      [['--folder', file], 2, /cannot use the folder .*a-file.*--folder/],
      [['--period', '0'], 2, /"0" is not a number above 0/],
    ];
    for (const [args, expected, pattern] of cases) {
      const { code, stderr, stdout } = await up('--folder', 'refused', ...args).ended;
      assert.equal(code, expected, stderr);
      assert.match(stderr, pattern);
      assert.equal(`${stdout}${stderr}`.trim().split('\n').length, 1, stderr);
    }
    taken.close();
    if (noProc === false) assert.deepEqual(processesOf(join(folder, 'refused')), []);
  },
);

const disk = join(folder, 'disk');
const noMount = mountSmallDisk();

/** A disk of 640 MB; why there is none, else false. */
function mountSmallDisk(): string | false {
  mkdirSync(disk);
  const options = ['-t', 'tmpfs', '-o', 'size=640m', 'tmpfs', disk];
  const { status, error } = spawnSync('mount', options);
  if (status !== 0) return `no file system can be mounted here (${error?.message ?? 'no rights'})`;
  return false;
}

test(
  'a disk that fills up ends everything with one line',
  { skip: noMount || noProc, timeout },
  async () => {
    const started = up('--folder', disk, '--port', '0', '--period', '60');
    await started.line(/Sign in once/);
    const fill = join(disk, 'fill');
    const { bavail, bsize } = statfsSync(disk);
    const free = bavail * bsize;
    execFileSync('fallocate', ['-l', String(free - 16 * 2 ** 20), fill]);
    const { code, stderr } = await started.ended;
    assert.equal(code, 5);
    assert.match(stderr, /interpulse: the disk is full: .* free some, or name a folder/);
    await nothingRuns(disk);
    const full = await up('--folder', disk, '--port', '0').ended;
    assert.equal(full.code, 5);
    assert.match(full.stderr, /^interpulse: the disk is full: .*\n/);
  },
);
