import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Lease } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import { describeAppCode } from '@interpulse/domain/app/app-code.ts';
import { resourcesSchema } from '@interpulse/domain/app/app.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { atEnd, codeOf, leaseOf, testFolder } from '../agent-test-kit.ts';
import { Collections } from '../collections/collections.ts';
import { AppGuard } from './app-guard.ts';
import { prepareTask } from './prepare-task.ts';
import { WorkFolders } from './work-folders.ts';

type Rules = ConstructorParameters<typeof AppGuard>[0];

const closed: Rules = { allowsCommands: false, apps: { allow: 'templates', digests: [] } };

function setUp(t: TestContext, rules: Partial<Rules> = {}) {
  const root = join(testFolder(t), 'scratch');
  mkdirSync(root);
  const collections = new Collections([{ name: 'scratch', root, title: '', writable: true }]);
  const workshop = {
    guard: new AppGuard({ ...closed, ...rules }),
    folders: new WorkFolders(collections),
    locate: (location: string) => collections.existing(location),
    hub: 'https://hub.example.org',
  };
  const prepare = (lease: Lease) => prepareTask(lease, workshop);
  return { root, prepare };
}

const app = { name: 'fit', version: '2.1' };

function digestOf(lease: Lease): string {
  return `sha256:${createHash('sha256').update(describeAppCode(lease.code)).digest('hex')}`;
}

function mount(...words: string[]): void {
  execFileSync('mount', words, { stdio: 'pipe' });
}

/** The reason why file systems cannot be mounted here; false when they can. */
function whyNoTmpfs(): string | false {
  const folder = mkdtempSync(join(tmpdir(), 'interpulse-tmpfs-'));
  try {
    mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder);
    execFileSync('umount', [folder], { stdio: 'pipe' });
    return false;
  } catch {
    return 'file systems cannot be mounted here';
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('a task', () => {
  it('has the names of its job in its commands, and no value is more than a word', async (t) => {
    const { root, prepare } = setUp(t);
    writeFileSync(join(root, 'in; rm -rf $HOME'), '');
    const resources = { nodes: 2, ranksPerNode: 3, cores: 6, gpus: 1, memoryBytes: 5 };
    const lease = leaseOf([], {
      app,
      code: codeOf(['fit', '{ranks}/{nodes}', '{cores}', '{gpus}', '{memoryBytes}', '{job}'], {
        pre: [['echo', '{file}']],
        post: [['tar', ['-f', '{none}'], '{evil}']],
      }),
      resources: resourcesSchema.parse(resources),
      parameters: { evil: '"; touch /tmp/x; $(id) `id`', none: null },
      inputs: { file: 'scratch:/in; rm -rf $HOME' },
    });
    const task = await prepare(lease);
    assert.deepEqual(task.argv, ['fit', '6/2', '6', '1', '5', lease.jobId]);
    assert.deepEqual(task.pre, [['echo', join(root, 'in; rm -rf $HOME')]]);
    assert.deepEqual(task.post, [['tar', '"; touch /tmp/x; $(id) `id`']]);
    assert.equal(task.appDigest, digestOf(lease));
    assert.equal(task.appVersion, '2.1');
  });

  it('is a line for a shell only where the app says so and the site lists it', async (t) => {
    const code = codeOf(['echo {word} | wc -c'], { shell: true });
    const lease = leaseOf([], { app, code, parameters: { word: `'; id` } });
    const { prepare } = setUp(t);
    const digest = digestOf(lease);
    await assert.rejects(prepare(lease), (error) => {
      assert.ok(error instanceof DomainError && error.kind === 'forbidden');
      assert.ok(error.message.includes(`"${digest}" to "compute.apps.digests"`), error.message);
      return true;
    });
    const listing = setUp(t, { apps: { allow: 'templates', digests: [digest] } });
    const task = await listing.prepare(lease);
    assert.deepEqual(task.argv.slice(0, 2), ['/bin/sh', '-c']);
    assert.match(task.argv[2] ?? '', /^echo ''\\''; id' \| wc -c$/);
    const preamble = leaseOf([], { app, code: codeOf(['fit'], { preamble: ['module load x'] }) });
    await assert.rejects(prepare(preamble), /brings text for a shell/);
    await assert.rejects(listing.prepare(preamble), /brings text for a shell/);
  });

  it('runs what the site lists and nothing else, where it says so', async (t) => {
    const lease = leaseOf([], { app, code: codeOf(['fit']) });
    const digests = [digestOf(lease)];
    const { prepare } = setUp(t, { apps: { allow: 'listed', digests } });
    await prepare(lease);
    const other = leaseOf([], { app, code: codeOf(['fit', '-v']) });
    await assert.rejects(prepare(other), /not among the apps that this site lists/);
    // What differs only in the order of its variables is the same app.
    const one = codeOf(['fit'], { environment: { A: '1', B: '2' } });
    const two = codeOf(['fit'], { environment: { B: '2', A: '1' } });
    assert.equal(describeAppCode(one), describeAppCode(two));
  });

  it('of a plain command runs only where plain commands may', async (t) => {
    await assert.rejects(setUp(t).prepare(leaseOf(['true'])), /does not run plain commands/);
    const { prepare } = setUp(t, { allowsCommands: true });
    await prepare(leaseOf(['true']));
    const line = leaseOf([], { code: codeOf(['true; id'], { shell: true }) });
    await assert.rejects(prepare(line), /does not run plain commands/);
  });

  it('takes no variables that make apps run other code, where commands may not', async (t) => {
    const { prepare } = setUp(t);
    const withOwn = (name: string) =>
      leaseOf([], { app, code: codeOf(['fit']), environment: { [name]: '$(id)' } });
    for (const name of [
      'BASH_ENV',
      'LD_PRELOAD',
      'PATH',
      'PYTHONPATH',
      'R_LIBS_USER',
      'NODE_OPTIONS',
    ]) {
      await assert.rejects(prepare(withOwn(name)), new RegExp(`not run here with ${name} `));
    }
    for (const name of [
      'OMP_NUM_THREADS',
      'R',
      'PATHS',
      'MKL_DEBUG',
      'PYTHONUNBUFFERED',
      'HDF5_USE_FILE_LOCKING',
    ]) {
      assert.equal((await prepare(withOwn(name))).environment[name], '$(id)');
    }
    // The app's own are part of what the site has allowed.
    await prepare(leaseOf([], { app, code: codeOf(['fit'], { environment: { PATH: '/opt' } }) }));
    await setUp(t, { allowsCommands: true }).prepare(withOwn('PATH'));
  });

  it('gets the environment of its app, its job over it, and a token only of its own', async (t) => {
    const { prepare } = setUp(t);
    const code = codeOf(['fit'], { environment: { A: 'app', B: 'app' } });
    const given = { app, code, environment: { B: 'job', INTERPULSE_HUB: 'http://evil' } };
    const task = await prepare(leaseOf([], { ...given, token: 'secret' }));
    assert.equal(task.environment['A'], 'app');
    assert.equal(task.environment['B'], 'job');
    assert.equal(task.environment['INTERPULSE_TOKEN'], 'secret');
    assert.equal(task.environment['INTERPULSE_HUB'], 'https://hub.example.org');
    const plain = await prepare(leaseOf([], { app, code }));
    assert.equal(plain.environment['INTERPULSE_TOKEN'], undefined);
  });

  it('needs words: a command that is empty is refused, and leaves no folder', async (t) => {
    const { root, prepare } = setUp(t);
    const lease = leaseOf([], { app, code: codeOf([['{nothing}']]) });
    await assert.rejects(prepare(lease), /the command is empty/);
    assert.ok(!existsSync(join(root, 'jobs')));
  });
});

describe('work folders', () => {
  it('are made for thousands, and left alone when they are there', async (t) => {
    const { root, prepare } = setUp(t);
    const leases = Array.from({ length: 300 }, () => leaseOf([], { app, code: codeOf(['fit']) }));
    const tasks = await Promise.all(leases.map(prepare));
    assert.equal(new Set(tasks.map(({ cwd }) => cwd)).size, 300);
    const [first] = tasks;
    assert.ok(first);
    writeFileSync(join(first.cwd, 'stdout'), 'kept');
    await prepare(leases[0] ?? assert.fail());
    assert.ok(existsSync(join(first.cwd, 'stdout')));
    // The folder of all jobs may be removed while it is remembered.
    rmSync(join(root, 'jobs'), { recursive: true });
    const next = await prepare(leaseOf([], { app, code: codeOf(['fit']) }));
    assert.ok(existsSync(next.cwd));
  });

  it('never lead out of their collection by a link', async (t) => {
    const { root, prepare } = setUp(t);
    const lease = leaseOf([], { app, code: codeOf(['fit']) });
    mkdirSync(join(root, 'jobs'));
    mkdirSync(join(root, '../outside'));
    symlinkSync(join(root, '../outside'), join(root, 'jobs', lease.jobId));
    await assert.rejects(prepare(lease), /leads out of the collection/);
  });

  it('say that the disk is full or read-only', { skip: whyNoTmpfs() }, async (t) => {
    const { root, prepare } = setUp(t);
    mount('-t', 'tmpfs', '-o', 'size=1m,nr_inodes=5', 'tmpfs', root);
    atEnd(t, () => execFileSync('umount', [root], { stdio: 'pipe' }));
    const fit = () => leaseOf([], { app, code: codeOf(['fit']) });
    await prepare(fit());
    await assert.rejects(prepare(fit()), /making its work folder .* disk is full; free some space/);
    mount('-o', 'remount,ro', root);
    await assert.rejects(prepare(fit()), /making its work folder .* is read-only/);
  });

  it('say what is in the way', async (t) => {
    const { root, prepare } = setUp(t);
    writeFileSync(join(root, 'jobs'), 'a file');
    const lease = leaseOf([], { app, code: codeOf(['fit']) });
    await assert.rejects(prepare(lease), (error) => {
      assert.ok(error instanceof Error);
      assert.match(error.message, /a file is in the way|is not a folder/);
      return true;
    });
  });
});
