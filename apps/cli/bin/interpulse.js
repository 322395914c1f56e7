#!/usr/bin/env node
/**
 * Starts the command line under Node 24, whatever Node runs this file: that one when it is new
 * enough, else the one that npm installed beside us.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

// An older Node lacks it, and has to reach the lines that say so.
const { enableCompileCache } = module;
const wantedMajor = 24;
const here = dirname(fileURLToPath(import.meta.url));

/** The built command line of an installed copy, else the sources of a checkout. */
function findMain() {
  const places = [join(here, '..', 'lib', 'cli.js'), join(here, '..', 'src', 'main.ts')];
  return places.find((place) => existsSync(place));
}

/** The Node that npm put into a `node_modules` above us, or undefined. */
function findNode() {
  const own = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  for (let folder = here; ; folder = dirname(folder)) {
    for (const name of [join('.bin', 'node'), join(own, 'bin', 'node')]) {
      const place = join(folder, 'node_modules', name);
      if (existsSync(place)) return place;
    }
    if (dirname(folder) === folder) return undefined;
  }
}

/** Hands everything over to another Node, signals and exit code included. */
function runUnder(node, main) {
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both; the child decides when to end.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`interpulse: cannot start ${node}: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
}

const main = findMain();
const major = Number(process.versions.node.split('.')[0]);
const node = major >= wantedMajor ? process.execPath : findNode();
if (main === undefined) {
  console.error('interpulse: its program is missing; install the package again');
  process.exitCode = 1;
} else if (node === undefined) {
  console.error(
    `interpulse: Node ${wantedMajor} or later is needed and this is ${process.version}; ` +
      `install it (nvm install ${wantedMajor}), or this package again with its optional parts`,
  );
  process.exitCode = 1;
} else if (node === process.execPath) {
  // Before any TypeScript is loaded: what the cache holds is not stripped and compiled again.
  enableCompileCache?.();
  await import(pathToFileURL(main).href);
} else {
  runUnder(node, main);
}
