import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerIdentity } from './choose-identity.ts';
import { explainFailure } from './explain-failure.ts';
import { serverEnvironment } from './server-environment.ts';

/** What {@link createDataFolder} needs to know. */
export interface DataFolderPlan {
  folder: string;
  /** Where `initdb` is. */
  binaries: string;
  identity: ServerIdentity;
  /** False for test servers only: files are then not brought to the disk before use. */
  durable: boolean;
}

/**
 * Makes `folder/pg` with initdb and returns its path. It is made under another name and renamed,
 * so a folder with that name is always complete, and two starts at once do not disturb each other.
 */
export async function createDataFolder(plan: DataFolderPlan): Promise<string> {
  const { folder, identity } = plan;
  const final = join(folder, 'pg');
  await removeLeftovers(folder);
  const draft = join(folder, `pg.new-${process.pid}-${Date.now()}`);
  await mkdir(draft, { mode: 0o700 });
  if (identity.owner !== undefined) await chown(draft, identity.owner.uid, identity.owner.gid);
  try {
    await runInitdb(plan, draft);
    await rename(draft, final);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (existsSync(join(final, 'PG_VERSION'))) return final; // somebody else was first
    throw error;
  }
  return final;
}

/** Drafts of processes that died half way. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of readdirSync(folder)) {
    const pid = /^pg\.new-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function runInitdb(plan: DataFolderPlan, draft: string): Promise<void> {
  const words = [
    ...plan.identity.prefix,
    join(plan.binaries, 'initdb'),
    ...['-D', draft, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8'],
    ...(plan.durable ? [] : ['--no-sync']),
  ];
  await new Promise<void>((resolve, reject) => {
    let stderr = '';
    const fail = (ending: string): void =>
      reject(explainFailure({ program: 'initdb', folder: plan.folder, stderr, ending }));
    const child = spawn(words[0] ?? '', words.slice(1), {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: serverEnvironment(),
      cwd: '/',
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', (error) => fail(error.message));
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else fail(signal ?? `code ${code}`);
    });
  });
}
