import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startClientWorld, type ClientWorld } from './client-world.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const clientFolder = join(root, 'clients', 'python');
const python = join(root, '.cache', 'python', 'bin', 'python');
const skip = existsSync(join(root, '.cache', 'python', '.interpulse-setup'))
  ? false
  : 'no Python environment: node tools/setup.js test makes it where there is python3 with venv';

/** One test as pytest told of it. */
interface Told {
  name: string;
  outcome: 'passed' | 'failed' | 'skipped';
  reason: string;
}

/** How a program of Python ended. */
interface ModuleEnd {
  exitCode: number | null;
  output: string;
}

/** Has one job at work and submits another one when the hub has gone. */
const waiting = `
import os
from interpulse import Interpulse

with Interpulse() as hub:
    at_work = hub.submit("pause", gate=os.environ["GATE"])
    next(at_work.log(follow=True))
    print("waiting", flush=True)
    while os.path.exists(os.environ["GATE"]):
        pass
    later = hub.submit("square", n=7)
    print(at_work.result(120).stdout(), end="")
    print(later.result(120).outputs["square"].json())
`;

/** Runs a module, or `-c` and a program, in the client's folder. */
function runModule(
  args: string[],
  environment: Record<string, string>,
  onText: (text: string) => void = () => undefined,
): Promise<ModuleEnd> {
  const options = {
    cwd: clientFolder,
    env: {
      ...process.env,
      PYTHONPATH: join(clientFolder, 'src'),
      PYTHONDONTWRITEBYTECODE: '1',
      ...environment,
    },
    timeout: 400_000,
    maxBuffer: 32 * 1024 * 1024,
  };
  return new Promise((resolve) => {
    const words = args[0] === '-c' ? args : ['-m', ...args];
    const child = execFile(python, words, options, (_, stdout, stderr) => {
      resolve({ exitCode: child.exitCode, output: stdout + stderr });
    });
    child.stdout?.on('data', onText);
  });
}

describe('the Python client', { skip }, () => {
  let world: ClientWorld;
  let reportFolder: string;
  let end: ModuleEnd;
  let told: Told[];

  before(async () => {
    reportFolder = await mkdtemp(join(tmpdir(), 'ip-pytest-'));
    world = await startClientWorld({ PYTHONPATH: join(clientFolder, 'src') });
    const report = join(reportFolder, 'tests.jsonl');
    end = await runModule(['pytest', '-q'], {
      INTERPULSE_TEST_URL: world.facility.url,
      INTERPULSE_TEST_TOKEN: world.facility.token,
      INTERPULSE_TEST_DATA: world.dataFolder,
      INTERPULSE_TEST_REPORT: report,
    });
    const lines = (await readFile(report, 'utf8').catch(() => '')).split('\n').filter(Boolean);
    told = lines.map((line) => JSON.parse(line) as Told);
  });
  after(async () => {
    await world?.stop();
    await rm(reportFolder, { recursive: true, force: true });
  });

  it('is tested with pytest, each test counted here', async (test) => {
    for (const each of told) await retell(test, each);
    assert.ok(told.length > 0 && (end.exitCode === 0 || end.exitCode === 1), end.output);
    const wasTold = told.some(({ outcome }) => outcome === 'failed');
    assert.equal(end.exitCode === 0, !wasTold, end.output);
  });

  it('waits on while the hub is away, and submits when it is back', async () => {
    const gate = join(world.dataFolder, 'gate');
    await writeFile(gate, '');
    const started = Promise.withResolvers<void>();
    const environment = {
      INTERPULSE_URL: world.facility.url,
      INTERPULSE_TOKEN: world.facility.token,
      GATE: gate,
    };
    const ended = runModule(['-c', waiting], environment, (text) => {
      if (text.includes('waiting')) started.resolve();
    });
    await Promise.race([started.promise, ended]);
    await world.facility.kill('hub');
    await rm(gate);
    await world.facility.start('hub');
    const { exitCode, output } = await ended;
    const log = world.facility.children.get('hub')?.tail.join('\n') ?? '';
    assert.equal(exitCode, 0, `${output}\n${log}`);
    assert.equal(output, 'waiting\nbegun\ndone\n49\n');
  });

  it('has types that hold (mypy --strict)', async () => {
    const { exitCode, output } = await runModule(['mypy'], {});
    assert.equal(exitCode, 0, output);
  });
});

/** A test of pytest as a test of ours. */
async function retell(test: TestContext, { name, outcome, reason }: Told): Promise<void> {
  await test.test(
    name,
    { skip: outcome === 'skipped' ? reason || 'no reason given' : false },
    () => {
      if (outcome === 'failed') throw new Error(reason);
    },
  );
}
