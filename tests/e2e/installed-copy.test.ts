import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, suite, test } from 'node:test';
import { until } from '@interpulse/testing/facility/until.ts';

const root = dirname(dirname(import.meta.dirname));
const folder = mkdtempSync(join(tmpdir(), 'ip-installed-'));
const installed = join(folder, 'node_modules', 'interpulse');
const command = join(folder, 'node_modules', '.bin', 'interpulse');
const data = join(folder, 'data');
const tooth = join(root, '..', 'shared', 'data', 'tomo', 'tooth.h5');

/** As a user's shell: no Node of the checkout on the path, nothing of npm or of the test run. */
const userEnvironment: NodeJS.ProcessEnv = Object.fromEntries([
  ...Object.entries(process.env).filter(([name]) => !/^(?:npm_|NODE_|INTERPULSE_)/i.test(name)),
  ['PATH', withoutCheckout(process.env['PATH'] ?? '')],
  ['HOME', folder],
]);

function withoutCheckout(path: string): string {
  return path
    .split(delimiter)
    .filter((each) => !each.startsWith(root))
    .join(delimiter);
}

interface Ended {
  exitCode: number | null;
  output: string;
}

/** Runs a program to its end. */
async function run(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  const child = spawn(program, args, {
    cwd: options.cwd ?? folder,
    env: options.env ?? userEnvironment,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, output };
}

async function npm(args: readonly string[], cwd: string): Promise<string> {
  const { exitCode, output } = await run('npm', args, { cwd, env: process.env });
  assert.equal(exitCode, 0, `npm ${args.join(' ')}\n${output}`);
  return output;
}

/** Processes that name our folder in their command line or environment. */
function processesOfOurs(): string[] {
  return globSync('/proc/[0-9]*').flatMap((path) => {
    const read = (name: string): string => {
      try {
        return readFileSync(join(path, name), 'utf8').replaceAll('\0', ' ');
      } catch {
        return ''; // It has ended meanwhile.
      }
    };
    if (path === `/proc/${process.pid}`) return [];
    return `${read('cmdline')}${read('environ')}`.includes(folder) ? [read('cmdline')] : [];
  });
}

const clientSample = `
import { Interpulse } from 'interpulse/client';
const hub = new Interpulse();
const { data } = await hub.client.GET('/api/v1/me');
void 0;
console.log(data?.name);
hub.close();
`;

suite('an installed copy', () => {
  let up: ChildProcess | undefined;
  const said: string[] = [];

  before(async () => {
    await npm(['run', '--silent', 'package'], root);
    const packing = ['pack', '--silent', '--pack-destination', folder];
    const tarball = (await npm(packing, join(root, 'dist', 'package'))).trim();
    const options = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];
    await npm(['install', '--prefix', folder, ...options, `./${tarball}`], folder);
  });

  after(async () => {
    if (up?.pid !== undefined && up.exitCode === null && up.signalCode === null) {
      process.kill(-up.pid, 'SIGTERM');
      await once(up, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  });

  test('is one package that names no place to get others from', () => {
    const text = readFileSync(join(installed, 'package.json'), 'utf8');
    const manifest = JSON.parse(text) as Record<string, object>;
    assert.doesNotMatch(text, /:\/\/|workspace:|file:|@interpulse\//);
    assert.equal(manifest['scripts'], undefined);
    const programs = readdirSync(join(installed, 'lib'));
    assert.ok(programs.every((name) => name.endsWith('.js')));
    const licenses = readFileSync(join(installed, 'THIRD-PARTY-LICENSES.md'), 'utf8');
    for (const name of ['fastify', 'zod', 'kysely', 'react']) {
      assert.match(licenses, new RegExp(`^## ${name} .*\\d`, 'm'));
    }
  });

  test('says its version under the Node of the machine', async () => {
    const manifest = readFileSync(join(root, 'package.json'), 'utf8');
    const { version } = JSON.parse(manifest) as { version: string };
    assert.deepEqual(await run(command, ['--version']), { exitCode: 0, output: `${version}\n` });
  });

  test('reconstructs with threads of its own', { skip: needs(tooth) }, async () => {
    const program = join(installed, 'analyses', 'interpulse-tomo');
    const node = join(folder, 'node_modules', '.bin', 'node');
    const env = { ...userEnvironment, INTERPULSE_NODE: existsSync(node) ? node : process.execPath };
    const output = join(folder, 'tooth-reconstructed.h5');
    const args = ['--input', tooth, '--output', output, '--center', '296', '--threads', '2'];
    const ended = await run(program, args, { env });
    assert.equal(ended.exitCode, 0, ended.output);
    assert.ok(existsSync(output));
  });

  test('up answers shots', { skip: needsLinux() }, async () => {
    const args = ['up', '--folder', data, '--port', '0', '--period', '4', '--no-open'];
    // A group of its own, as a shell makes one: Ctrl-C goes to all of it.
    const started = spawn(command, args, {
      cwd: folder,
      env: userEnvironment,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    up = started;
    for (const input of [started.stdout, started.stderr]) {
      createInterface({ input }).on('line', (line) => said.push(line));
    }
    await until('a published answer, or an end', 60, async () => {
      return said.some((line) => /Publish succeeded/.test(line)) || started.exitCode !== null;
    });
    assert.equal(started.exitCode, null, said.join('\n'));
  });

  test('the hub serves portal and documentation', { skip: needsLinux() }, async () => {
    const url = said.find((line) => line.startsWith('Portal: '))?.slice('Portal: '.length);
    for (const page of ['/', '/api/docs/static/index.html', '/api/docs/static/swagger-ui.css']) {
      const response = await fetch(`${url}${page}`);
      assert.equal(response.status, 200, page);
      assert.ok((await response.text()).length > 100, page);
    }
  });

  test('programs use the client, whatever their Node', { skip: needsLinux() }, async () => {
    const url = said.find((line) => line.startsWith('Portal: '))?.slice('Portal: '.length);
    const token = readFileSync(join(data, 'hub', 'admin-token'), 'utf8').trim();
    const sample = join(folder, 'sample.mjs');
    writeFileSync(sample, clientSample);
    const env = { ...userEnvironment, INTERPULSE_URL: url, INTERPULSE_TOKEN: token };
    assert.deepEqual(await run('node', [sample], { env }), { exitCode: 0, output: 'admin\n' });
  });

  test('the client has its types with it', async () => {
    const sample = join(folder, 'sample.mts');
    writeFileSync(sample, clientSample.replace('void 0', '// @ts-expect-error\ndata?.nonsense'));
    const types = ['--typeRoots', join(root, 'node_modules', '@types'), '--types', 'node'];
    const options = '--ignoreConfig --noEmit --strict --module nodenext --target es2022'.split(' ');
    const tsc = join(root, 'node_modules', '.bin', 'tsc');
    const { exitCode, output } = await run(tsc, [...options, ...types, sample]);
    assert.equal(exitCode, 0, output);
  });

  test('doctor finds everything in order', { skip: needsLinux() }, async () => {
    const { exitCode, output } = await run(command, ['doctor', '--folder', data]);
    assert.equal(exitCode, 0, output);
    assert.match(output, /^ok\s+database programs .*ip-installed-/m);
    assert.match(output, /^ok\s+hub /m);
  });

  test('Ctrl-C ends it and everything it started', { skip: needsLinux() }, async () => {
    assert.ok(up?.pid !== undefined);
    const ended = once(up, 'exit');
    assert.ok(processesOfOurs().length >= 5, 'up, hub, database, agents');
    process.kill(-up.pid, 'SIGINT');
    const [exitCode] = (await ended) as [number | null];
    assert.equal(exitCode, 0, said.slice(-10).join('\n'));
    assert.deepEqual(processesOfOurs(), []);
  });
});

function needs(path: string): string | false {
  return existsSync(path) ? false : `${path.slice(join(root, '..').length + 1)} is not here`;
}

function needsLinux(): string | false {
  return process.platform === 'linux' ? false : 'the embedded database is made for Linux';
}
