/**
 * Writes `dist/package/`: the npm package `interpulse`, which runs without a checkout. Node refuses
 * TypeScript below `node_modules`, so the programs are bundled as JavaScript.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, posix } from 'node:path';

import { bundleClient } from './bundle-client.ts';
import { bundlePrograms, keptFiles } from './bundle-programs.ts';
import { folders, pilotProgram, placeInPackage } from './contents.ts';
import { writeLicenses } from './write-licenses.ts';
import { writeManifest } from './write-manifest.ts';

const root = dirname(dirname(import.meta.dirname));
const target = join(root, 'dist', 'package');

function copyFolders(): void {
  for (const [from, to] of Object.entries(folders)) {
    const source = join(root, from);
    // Empty folders are not in git.
    if (existsSync(source)) cpSync(source, join(target, to), { recursive: true });
  }
  for (const { from, to } of keptFiles(root)) {
    cpSync(from, join(target, to), { recursive: true });
  }
  for (const name of ['LICENSE', 'README.md', 'CHANGELOG.md']) {
    if (existsSync(join(root, name))) cpSync(join(root, name), join(target, name));
  }
}

/** Lets the commands of the analyses start the bundles. */
function placeCommands(): void {
  const folder = 'packages/analysis/bin';
  const place = join(target, folders[folder] ?? '');
  for (const name of readdirSync(place)) {
    const path = join(place, name);
    const text = readFileSync(path, 'utf8');
    const placed = text.replace(/\$here\/(?<main>\.\.\/src\/[\w/.-]+\.ts)/, (_, main: string) => {
      return `$here/../${placeInPackage(posix.join(folder, main))}`;
    });
    if (placed === text) throw new Error(`${folder}/${name} starts no main.ts`);
    writeFileSync(path, placed);
    chmodSync(path, 0o755);
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Milliseconds of a Node that runs these arguments; the middle of several. */
function startupMilliseconds(args: readonly string[]): number {
  const env = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: join(root, '.cache', 'package') };
  const times = Array.from({ length: 9 }, () => {
    const startedAt = performance.now();
    spawnSync(process.execPath, args, { env, stdio: 'ignore' });
    return performance.now() - startedAt;
  });
  return Math.round(median(times));
}

/** What npm would make of the folder. @throws Error when npm cannot pack it. */
function packedBytes(): { size: number; unpackedSize: number } {
  const npm = spawnSync('npm', ['pack', '--dry-run', '--json'], { cwd: target, encoding: 'utf8' });
  if (npm.status !== 0) throw new Error(`npm cannot pack ${target}: ${npm.stderr}`);
  const [packed] = JSON.parse(npm.stdout) as { size: number; unpackedSize: number }[];
  if (packed === undefined) throw new Error(`npm packed nothing of ${target}`);
  return packed;
}

/** The figures that say whether the package stays small and its pilots quick. */
function printFigures(): void {
  const pilot = join(target, 'lib', `${pilotProgram.name}.js`);
  const { size, unpackedSize } = packedBytes();
  const [packed, unpacked] = [size, unpackedSize].map((bytes) => (bytes / 1e6).toFixed(1));
  const kilobytes = Math.round(statSync(pilot).size / 1000);
  // Without its environment a pilot says what is missing once it has loaded, and ends.
  const started = startupMilliseconds([pilot]);
  const bare = startupMilliseconds(['--eval', '0']);
  console.log(`dist/package: ${packed} MB packed, ${unpacked} MB unpacked`);
  console.log(`pilot: ${kilobytes} kB in one file, starts in ${started} ms (bare Node ${bare} ms)`);
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
copyFolders();
placeCommands();
const modules = new Set([
  ...(await bundlePrograms(root, join(target, 'lib'))),
  ...(await bundleClient(root, join(target, 'client'))),
]);
writeLicenses(root, target, [...modules]);
writeManifest(root, target);
printFigures();
