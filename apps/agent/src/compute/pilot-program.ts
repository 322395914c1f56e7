import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { AgentLog } from '../agent-log.ts';
import type { AgentConfig } from '../config/agent-config.ts';
import { layDown } from './lay-down.ts';
import { pilotsFolder } from './pilots-folder.ts';

/** How a pilot is started. */
export interface PilotProgram {
  command: string[];
  /** The Node that runs it, for our own apps too. */
  node: string;
  /** Where it was laid down; null where nothing was. */
  folder: string | null;
}

/** The bundle in an installed copy, the source in a checkout. */
const source = fileURLToPath(new URL('../../../pilot/src/main.ts', import.meta.url));

/**
 * The program of pilots where those run: on this machine what is here anyway; for nodes of a batch
 * system a folder with Node and one bundle, laid down once for each content. From a checkout the
 * bundle is made; where that cannot be, the checkout itself is used and nodes must see it.
 *
 * @throws DomainError `unavailable` when the folder cannot be written.
 */
export async function findPilotProgram(config: AgentConfig, log: AgentLog): Promise<PilotProgram> {
  const own = { command: [process.execPath, source], node: process.execPath, folder: null };
  const { compute } = config;
  if (compute === null || (compute.batch === 'local' && compute.pilotFolder === undefined)) {
    return own;
  }
  const bundle = source.endsWith('.ts') ? await makeBundle(log) : dirname(source);
  if (bundle === null) return own;
  try {
    const pilot = 'pilot.js';
    const folder = await layDown(join(pilotsFolder(config), 'program'), {
      node: process.execPath,
      [pilot]: join(bundle, pilot),
      ...(await nativeFiles()),
    });
    const node = join(folder, 'node');
    return { command: [node, join(folder, pilot)], node, folder };
  } finally {
    if (bundle !== dirname(source)) await rm(bundle, { recursive: true, force: true });
  }
}

/** What lets a pilot start processes at half the cost; without it, it uses Node's own way. */
async function nativeFiles(): Promise<Record<string, string>> {
  const name = `@koromix/koffi-${process.platform}-${process.arch}`;
  try {
    const folder = dirname(fileURLToPath(import.meta.resolve(`${name}/package.json`)));
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return Object.fromEntries(
      files.map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [join('node_modules', name, relative(folder, path)), path];
      }),
    );
  } catch {
    return {};
  }
}

/** Bundles the sources of a checkout; null where its tools are not installed. */
async function makeBundle(log: AgentLog): Promise<string | null> {
  const tool = resolve(dirname(source), '../../../tools/package/bundle-pilot.ts');
  const folder = await mkdtemp(join(tmpdir(), 'interpulse-pilot-'));
  try {
    await promisify(execFile)(process.execPath, [tool, folder], { timeout: 60_000 });
    if ((await readdir(folder)).length > 0) return folder;
  } catch (error) {
    const said = 'pilots run from this checkout, which compute nodes must see: it was not bundled';
    log.warn({ err: error, tool: existsSync(tool) ? tool : null }, said);
  }
  await rm(folder, { recursive: true, force: true });
  return null;
}
