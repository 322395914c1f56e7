import assert from 'node:assert/strict';
import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { findProcesses } from '@interpulse/testing/facility/find-processes.ts';
import { startFacility, type Facility } from '@interpulse/testing/facility/start-facility.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { prepareWork } from './prepare-work.ts';

/*
 * Two hosts as two network namespaces of this machine, joined by a cable (veth) that can be cut:
 *
 *   ip-center-PID: hub, compute agent  10.77.0.1 ──── 10.77.0.2  instrument agent: ip-beam-PID
 *
 * The test starts itself again within the first one, to reach the hub there.
 */
const inside = process.env['INTERPULSE_TEST_NAMESPACE'];
const limitMilliseconds = 90_000;
/** How long the cable is cut: TCP has tried several times by then, and no site is silent yet. */
const cutMilliseconds = 6_000;
const slowCable = 'qdisc add dev cable root tbf rate 40mbit burst 64k latency 50ms'.split(' ');

const noNamespaces = inside === undefined ? whyNoNamespaces() : false;

if (inside === undefined && noNamespaces === false) {
  describe('two hosts', () => {
    const center = `ip-center-${process.pid}`;
    const beam = `ip-beam-${process.pid}`;
    before(() => layCable(center, beam));
    after(() => {
      for (const name of [center, beam]) {
        for (const pid of ip('netns', 'pids', name).split('\n').filter(Boolean)) {
          process.kill(Number(pid), 'SIGKILL');
        }
        ip('netns', 'del', name);
      }
    });

    it('do the main job over their cable alone, also when it is cut', async () => {
      const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
      const self = fileURLToPath(import.meta.url);
      const child = spawn('ip', ['netns', 'exec', center, process.execPath, self], {
        env: { ...environment, INTERPULSE_TEST_NAMESPACE: beam },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: limitMilliseconds,
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => (said += text));
      }
      const [exitCode] = (await once(child, 'close')) as [number | null];
      assert.equal(exitCode, 0, said);
      console.log(said);
    });
  });
} else {
  describe(inside === undefined ? 'one host, two roots' : 'on two hosts', () => mainJob());
}

function mainJob(): void {
  const folder = mkdtempSync(join(tmpdir(), 'ip-two-hosts-'));
  const raw = join(folder, 'beam-data', 'raw');
  const digests = new Map<number, string>();
  const skip = noNamespaces;
  const beam = inside ?? '';
  let facility: Facility;

  before(async () => {
    mkdirSync(raw, { recursive: true });
    mkdirSync(join(folder, 'scratch'));
    facility = await startFacility({
      folder,
      host: inside === undefined ? '127.0.0.1' : '10.77.0.1',
      agents: [
        { site: 'center', config: centerConfig(folder) },
        {
          site: 'beam',
          config: beamConfig(folder),
          ...(inside === undefined ? {} : { wrapper: ['ip', 'netns', 'exec', inside] }),
        },
      ],
    });
    await prepareWork(facility, 'machine');
  });
  after(async () => {
    await facility?.stop();
    const left = findProcesses(folder);
    rmSync(folder, { recursive: true, force: true });
    assert.deepEqual(left, []);
  });

  /** Writes a shot of random bytes, whole by a rename. */
  function takeShot(number: number, sizeBytes: number): void {
    const bytes = randomBytes(sizeBytes);
    digests.set(number, createHash('sha256').update(bytes).digest('hex'));
    writeFileSync(join(raw, `.shot_${number}`), bytes);
    renameSync(join(raw, `.shot_${number}`), join(raw, `shot_${number}.dat`));
  }

  it('a file finished at one is answered by the other', async () => {
    takeShot(1, 3_000_000);
    await checkAnswers(facility, folder, digests, 30);
  });

  it('the bytes travel over TLS, with the certificate that the agent made', { skip }, async () => {
    const { fingerprint256 } = new X509Certificate(
      (
        JSON.parse(readFileSync(join(folder, 'center', 'channel-certificate.json'), 'utf8')) as {
          cert: string;
        }
      ).cert,
    );
    const hubPort = Number(new URL(facility.url).port);
    const ports = listeningPorts('10.77.0.1').filter((port) => port !== hubPort);
    assert.equal(ports.length, 1, 'the channel and nothing else');
    const socket = connect({ host: '10.77.0.1', port: ports[0], rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    assert.equal(socket.getPeerCertificate().fingerprint256, fingerprint256);
    assert.match(socket.getProtocol() ?? '', /TLSv1\.3/);
    socket.destroy();
  });

  it('a cable cut while bytes travel loses and doubles nothing', { skip }, async () => {
    // Slow enough to be cut in the middle: 12 MB in about 2.4 s.
    ip('netns', 'exec', beam, 'tc', ...slowCable);
    takeShot(2, 12_000_000);
    const moving = await until('bytes of shot 2 on their way', 20, async () => {
      const query = { limit: 10 };
      const { client } = facility;
      const { items } = await unwrap(client.GET('/api/v1/transfers', { params: { query } }));
      return items.find((each) => each.state === 'active' && each.bytesDone > 0);
    });
    assert.ok(moving.bytesDone < 12_000_000, 'cut in the middle');
    ip('-n', beam, 'link', 'set', 'cable', 'down');
    takeShot(3, 1_000_000);
    await new Promise((resolve) => setTimeout(resolve, cutMilliseconds));
    const { items } = await unwrap(
      facility.client.GET('/api/v1/flow-runs', { params: { query: { limit: 10 } } }),
    );
    assert.equal(items.length, 2, 'shot 3 cannot be known yet');
    ip('-n', beam, 'link', 'set', 'cable', 'up');
    await checkAnswers(facility, folder, digests, 45);
  });
}

/** Waits until all is answered; asserts that it was, each once, with the right content. */
async function checkAnswers(
  facility: Facility,
  folder: string,
  digests: ReadonlyMap<number, string>,
  seconds: number,
): Promise<void> {
  const { client } = facility;
  const query = { limit: 100 };
  const runs = await until('the end of all flow runs', seconds, async () => {
    const { items } = await unwrap(client.GET('/api/v1/flow-runs', { params: { query } }));
    const isOpen = items.some((run) => run.endedAt === null);
    return items.length === digests.size && !isOpen && items;
  });
  assert.deepEqual(
    runs.map(({ label, status, reason }) => ({ label, status, reason })).filter(isNotGood),
    [],
  );
  for (const [number, digest] of digests) {
    const file = join(folder, 'beam-data', 'answers', `shot_${number}`, 'result.txt');
    assert.equal(readFileSync(file, 'utf8').split(/\s/)[0], digest, `answer to shot ${number}`);
  }
  const kind = { limit: 100, kind: 'result' as const };
  const results = await unwrap(client.GET('/api/v1/datasets', { params: { query: kind } }));
  assert.equal(results.items.length, digests.size, 'one result for each shot');
  const jobs = await unwrap(client.GET('/api/v1/jobs', { params: { query } }));
  assert.equal(jobs.items.length, digests.size, 'one job for each shot');
}

function isNotGood(run: { status: string }): boolean {
  return run.status !== 'SUCCEEDED';
}

function centerConfig(folder: string): Record<string, unknown> {
  const host = inside === undefined ? '127.0.0.1' : '10.77.0.1';
  return {
    compute: { cores: 2, scratchCollection: 'scratch' },
    collections: [{ name: 'scratch', root: join(folder, 'scratch') }],
    channel: { host, advertise: host },
    endPilots: true,
  };
}

function beamConfig(folder: string): Record<string, unknown> {
  const host = inside === undefined ? '127.0.0.1' : '10.77.0.2';
  return {
    collections: [{ name: 'raw-data', root: join(folder, 'beam-data') }],
    instruments: [
      {
        name: 'machine',
        collection: 'raw-data',
        returnTo: 'raw-data:/answers',
        watch: { folder: '/raw', pattern: '*.dat', settle: 'rename' },
      },
    ],
    channel: { host, advertise: host },
  };
}

/** TCP ports of this namespace on which somebody listens, at an address or at all of them. */
function listeningPorts(address: string): number[] {
  const reversed = address.split('.').toReversed();
  const hex = reversed.map((part) => Number(part).toString(16).padStart(2, '0')).join('');
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => state === '0A' && local.startsWith(hex.toUpperCase()))
    .map(([, local = '']) => Number.parseInt(local.split(':')[1] ?? '', 16));
}

function layCable(center: string, beam: string): void {
  for (const name of [center, beam]) {
    ip('netns', 'add', name);
    ip('-n', name, 'link', 'set', 'lo', 'up');
  }
  ip('-n', center, 'link', 'add', 'cable', 'type', 'veth', 'peer', 'cable', 'netns', beam);
  ip('-n', center, 'address', 'add', '10.77.0.1/24', 'dev', 'cable');
  ip('-n', beam, 'address', 'add', '10.77.0.2/24', 'dev', 'cable');
  for (const name of [center, beam]) ip('-n', name, 'link', 'set', 'cable', 'up');
}

function whyNoNamespaces(): string | false {
  if (process.platform !== 'linux') return 'network namespaces are of Linux';
  if (process.getuid?.() !== 0) return 'only root makes network namespaces';
  const name = `ip-try-${process.pid}`;
  try {
    ip('netns', 'add', name);
    ip('-n', name, 'link', 'add', 'cable', 'type', 'veth', 'peer', 'other');
    ip('netns', 'exec', name, 'tc', ...slowCable);
    return false;
  } catch (error) {
    return `no network namespaces here: ${String(error).split('\n')[0]}`;
  } finally {
    try {
      ip('netns', 'del', name);
    } catch {
      // It was never there.
    }
  }
}

function ip(...args: string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
