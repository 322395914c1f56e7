import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { DomainError } from '@interpulse/domain/error.ts';
import type { StoreLog } from '../store-log.ts';
import { chooseIdentity } from './choose-identity.ts';
import type { ServerIdentity } from './choose-identity.ts';
import { createDataFolder } from './create-data-folder.ts';
import { explainFailure, wrongVersion } from './explain-failure.ts';
import { dataFolderVersion, findBinaries } from './find-binaries.ts';
import { runServer } from './run-server.ts';
import type { ServerEnding } from './run-server.ts';
import { serverEnvironment } from './server-environment.ts';
import { makeSocketFolder } from './socket-folder.ts';

/** What to start, and where. */
export interface EmbeddedPostgresOptions {
  /** Holds `pg` (the data) and `sock`; made with mode 0700 when it does not exist. */
  folder: string;
  log: StoreLog;
  /** Folder of another server's programs, such as `/usr/lib/postgresql/15/bin`. */
  binaries?: string;
  /** False for test servers only: nothing is brought to the disk, a power cut loses all. */
  durable?: boolean;
  /** Further settings of postgresql.conf, such as `{ max_connections: '200' }`. */
  settings?: Readonly<Record<string, string>>;
  /** How not to be root, when what {@link chooseIdentity} finds is not wanted. */
  identity?: ServerIdentity;
}

/** A running server of ours. */
export interface EmbeddedPostgres {
  /** What `openDatabase` takes; `host` is the folder of the socket. */
  connection: { host: string; port: number; user: string; database: string };
  pid: number;
  /** Settles when the server has ended, wanted or not. */
  ended: Promise<ServerEnding>;
  /** Fast shutdown: ends all connections, writes a checkpoint. Safe to call again. */
  stop(): Promise<void>;
  /** Lets this process end while the server runs; where there is `setpriv` it then ends too. */
  unref(): void;
}

const defaultSettings = {
  listen_addresses: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  max_connections: '80',
  shared_buffers: '64MB',
};

/** Part of the socket's name only. Given everywhere, or PGPORT of the environment would rule. */
const port = 5432;

const notDurable = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/**
 * Starts PostgreSQL on a folder, creating the database when there is none. It listens on a Unix
 * socket only, and dies with this process (also by SIGKILL) where `setpriv` exists, as on Linux.
 *
 * Throws `conflict` when the folder is in use or of another major version, `exhausted` when the
 * disk is full, `unavailable` otherwise.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  if (!isMainThread) {
    // The death signal belongs to the thread that started the child (prctl(2)).
    throw new DomainError('invalid', 'Start the embedded PostgreSQL from the main thread.');
  }
  const { durable = true, log, identity = chooseIdentity() } = options;
  const binaries = await findBinaries(options.binaries);
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const folder = await realpath(options.folder);
  const socketFolder = await makeSocketFolder(folder);
  await handOver(identity, binaries, [folder, socketFolder]);
  const dataFolder = join(folder, 'pg');
  const found = dataFolderVersion(dataFolder);
  if (found === undefined) {
    refuseForeignFolder(dataFolder);
    log.info({ folder }, 'creating the database');
    await createDataFolder({ folder, binaries, identity, durable });
  } else {
    const programs = programVersion(binaries, identity, folder);
    if (programs !== found) throw wrongVersion(folder, found, programs);
  }
  await chmod(dataFolder, 0o700);
  const settings = { ...defaultSettings, ...(durable ? {} : notDurable), ...options.settings };
  const words = [
    ...identity.serverPrefix,
    join(binaries, 'postgres'),
    ...['-D', dataFolder, '-k', socketFolder, '-p', `${port}`],
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const server = await runServer({ words, folder, dataFolder, log });
  log.info({ folder, pid: server.pid }, 'the database is ready');
  const connection = { host: socketFolder, port, user: 'postgres', database: 'postgres' };
  return { connection, ...server };
}

/** Gives the folders to the server's user, and makes sure that this user can reach everything. */
async function handOver(
  identity: ServerIdentity,
  binaries: string,
  folders: string[],
): Promise<void> {
  if (identity.owner === undefined) return;
  for (const folder of folders) await chown(folder, identity.owner.uid, identity.owner.gid);
  for (const needed of [join(binaries, 'postgres'), ...folders]) {
    const words = [...identity.prefix, 'test', '-x', needed];
    if (spawnSync(words[0] ?? '', words.slice(1), { stdio: 'ignore', cwd: '/' }).status === 0)
      continue;
    throw new DomainError(
      'unavailable',
      `As root, PostgreSQL has to run as user ${identity.owner.uid}, who cannot reach ${needed}. ` +
        'Make the folders above it passable (chmod o+x), or start Interpulse as an ordinary user.',
    );
  }
}

function refuseForeignFolder(dataFolder: string): void {
  if (!existsSync(dataFolder)) return;
  const message = `${dataFolder} exists but is no database. Move it away or choose another folder.`;
  throw new DomainError('conflict', message);
}

function programVersion(binaries: string, identity: ServerIdentity, folder: string): string {
  const words = [...identity.prefix, join(binaries, 'postgres'), '--version'];
  const answer = spawnSync(words[0] ?? '', words.slice(1), {
    encoding: 'utf8',
    env: serverEnvironment(),
    cwd: '/',
  });
  const version = /PostgreSQL\) (\d+)/.exec(answer.stdout ?? '')?.[1];
  if (version !== undefined) return version;
  const stderr = answer.stderr || answer.error?.message || '';
  throw explainFailure({ program: 'postgres', folder, stderr, ending: `code ${answer.status}` });
}
