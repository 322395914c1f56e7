#!/usr/bin/env node
/**
 * Makes a checkout ready to run: `node tools/setup.js start|test|portal`.
 *
 * Runs before `npm start` and `npm test`, under whatever Node (20 or later) the machine has and
 * with nothing installed; so it is plain JavaScript without dependencies. When everything is
 * already there it only compares hashes, and needs no network.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lockPath = join(root, 'package-lock.json');
const installedStampPath = join(root, 'node_modules', '.interpulse-setup');
const portalFolder = join(root, 'apps', 'portal');
const portalStampPath = join(root, '.cache', 'portal-built');
const wantedNodeMajor = 24;
/** What the Python client's tests run with; without it they are skipped, by name. */
const pythonFolder = join(root, '.cache', 'python');
const pythonStampPath = join(pythonFolder, '.interpulse-setup');
const requirementsPath = join(root, 'clients', 'python', 'requirements-test.txt');

/** Debian packages the tests use; what is missing only skips tests, by name. */
const testPackages = [
  'chromium',
  'fonts-dejavu-core',
  'hdf5-tools',
  'iproute2',
  'postgresql',
  'python3-venv',
];

/** Ends the set-up with one line that says what failed and what to do. */
class SetupError extends Error {}

function say(line) {
  console.log(`setup: ${line}`);
}

function sha256(data) {
  return createHash('sha256').update(data).digest('hex');
}

function readText(path) {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
}

/** Runs a program quietly; returns what it printed, and `ok`. */
function runQuietly(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  });
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`;
  return { ok: result.status === 0, output: output.trim() };
}

/** True when npm's own record of node_modules holds what the lock file asks for. */
function installedMatchesLock(lockText) {
  const recordPath = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(recordPath)) return false;
  const wanted = Object.entries(JSON.parse(lockText).packages ?? {});
  const installed = JSON.parse(readFileSync(recordPath, 'utf8')).packages ?? {};
  return wanted.every(([path, entry]) => {
    if (!path.includes('node_modules/') || entry.link) return true;
    const found = installed[path];
    // Packages for other platforms are optional and absent.
    if (!found) return entry.optional === true || entry.devOptional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

function runNpm() {
  // NODE_ENV=production would leave out what builds the portal and runs the tests.
  const include = ['--include=dev', '--include=optional'];
  const options = ['--no-audit', '--no-fund', '--loglevel=error', ...include];
  const npm = runQuietly('npm', ['ci', ...options]);
  if (npm.ok) return;
  console.error(npm.output.split('\n').slice(0, 20).join('\n'));
  throw new SetupError('npm could not install the packages (npm ci, see above)');
}

function installPackages() {
  const lockText = readFileSync(lockPath, 'utf8');
  const wanted = sha256(lockText);
  if (readText(installedStampPath) === wanted) return;
  if (!installedMatchesLock(lockText)) {
    say('installing npm packages (npm ci) ...');
    runNpm();
    if (!installedMatchesLock(lockText)) {
      throw new SetupError('npm installed something else than package-lock.json asks for');
    }
  }
  writeFileSync(installedStampPath, `${wanted}\n`);
}

/** The Node that runs our sources: the one from npm, else the machine's own if new enough. */
function findNode() {
  const local = join(root, 'node_modules', '.bin', 'node');
  const candidates = existsSync(local) ? [local] : [process.execPath];
  for (const path of candidates) {
    const { ok, output } = runQuietly(path, ['--version']);
    const major = Number(/^v(\d+)\./.exec(output)?.[1]);
    if (ok && major >= wantedNodeMajor) return path;
  }
  const how =
    process.platform === 'darwin'
      ? `on macOS: brew install node@${wantedNodeMajor} && brew link node@${wantedNodeMajor}`
      : `see https://nodejs.org/en/download, or: nvm install ${wantedNodeMajor}`;
  throw new SetupError(
    `Node ${wantedNodeMajor} or later is needed and this is ${process.version}; ${how}`,
  );
}

/** Every file the portal is built from, in a stable order. */
function listPortalSources() {
  const paths = [lockPath];
  const walk = (folder) => {
    const entries = readdirSync(folder, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (['node_modules', 'dist'].includes(entry.name) || entry.name.startsWith('.')) continue;
      if (/\.test\.tsx?$/.test(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) paths.push(path);
    }
  };
  walk(portalFolder);
  for (const name of ['domain', 'api']) {
    const folder = join(root, 'packages', name, 'src');
    if (existsSync(folder)) walk(folder);
  }
  return paths;
}

function buildPortal(node) {
  if (!existsSync(join(portalFolder, 'vite.config.ts'))) return;
  const hash = createHash('sha256');
  for (const path of listPortalSources()) {
    hash
      .update(path.slice(root.length))
      .update('\0')
      .update(sha256(readFileSync(path)));
  }
  const wanted = hash.digest('hex');
  const isBuilt = existsSync(join(portalFolder, 'dist', 'index.html'));
  if (isBuilt && readText(portalStampPath) === wanted) return;
  say('building the portal ...');
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const build = runQuietly(node, [vite, 'build', '--logLevel=warn'], { cwd: portalFolder });
  if (!build.ok) {
    console.error(build.output);
    throw new SetupError('the portal could not be built (vite build in apps/portal, see above)');
  }
  mkdirSync(dirname(portalStampPath), { recursive: true });
  writeFileSync(portalStampPath, `${wanted}\n`);
}

function isInstalled(name) {
  const { output } = runQuietly('dpkg-query', ['-W', '-f', '${db:Status-Abbrev}', name]);
  return output.startsWith('ii');
}

/** Installs what tests need beside npm packages, or says how; never a reason to stop. */
function installSystemPackages() {
  if (process.platform !== 'linux' || !runQuietly('apt-get', ['--version']).ok) return;
  const missing = testPackages.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0) {
    say(`some tests will be skipped; to run them: sudo ${command}`);
    return;
  }
  say(`installing ${missing.join(' ')} (apt-get) ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const lock = ['-o', 'DPkg::Lock::Timeout=300'];
  const update = runQuietly('apt-get', [...lock, '-qq', 'update'], { env });
  const args = [...lock, '-qq', 'install', '-y', '--no-install-recommends', ...missing];
  const install = runQuietly('apt-get', args, { env });
  if (install.ok) return;
  const why = `${update.output}\n${install.output}`.trim().split('\n').at(-1);
  say(`could not install ${missing.join(' ')}: ${why}; the tests that need them are skipped`);
}

/** Makes the virtual environment of the Python client's tests; never a reason to stop. */
function installPython() {
  if (!existsSync(requirementsPath)) return;
  const version = runQuietly('python3', ['--version']);
  if (!version.ok) {
    say('there is no python3; the tests of the Python client are skipped');
    return;
  }
  const wanted = sha256(`${version.output}\n${readFileSync(requirementsPath, 'utf8')}`);
  if (readText(pythonStampPath) === wanted) return;
  say('installing what tests the Python client (pip) ...');
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  const steps = [
    ['python3', ['-m', 'venv', '--clear', pythonFolder]],
    [join(pythonFolder, 'bin', 'python'), [...pip, '-r', requirementsPath]],
  ];
  for (const [command, args] of steps) {
    const { ok, output } = runQuietly(command, args);
    if (ok) continue;
    const why = output.split('\n').at(-1);
    say(`could not prepare Python: ${why}; the tests of the Python client are skipped`);
    return;
  }
  writeFileSync(pythonStampPath, `${wanted}\n`);
}

/** The portal's check in the test run repeats a failed build, so here it may go on. */
function buildPortalIfPossible(node) {
  try {
    buildPortal(node);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
  }
}

function main(mode) {
  if (!['start', 'test', 'portal'].includes(mode)) {
    throw new SetupError(`unknown mode ${mode}; use: node tools/setup.js start|test|portal`);
  }
  installPackages();
  const node = findNode();
  if (mode === 'test') {
    installSystemPackages();
    installPython();
    buildPortalIfPossible(node);
  } else {
    buildPortal(node);
  }
}

const mode = process.argv[2] ?? 'start';
try {
  main(mode);
} catch (error) {
  console.error(`setup: ${error instanceof SetupError ? error.message : error.stack}`);
  // The output of `npm test` ends with a countable line whatever happens.
  if (mode === 'test') console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
