import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
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

/** Runs a module of the environment in the client's folder. */
function runModule(args: string[], environment: Record<string, string>): Promise<ModuleEnd> {
  const options = {
    cwd: clientFolder,
    env: { ...process.env, ...environment, PYTHONDONTWRITEBYTECODE: '1' },
    timeout: 400_000,
    maxBuffer: 32 * 1024 * 1024,
  };
  return new Promise((resolve) => {
    const child = execFile(python, ['-m', ...args], options, (_, stdout, stderr) => {
      resolve({ exitCode: child.exitCode, output: stdout + stderr });
    });
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
