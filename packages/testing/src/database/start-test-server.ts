import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openDatabase } from '@interpulse/store/database.ts';
import type { Database } from '@interpulse/store/database.ts';
import { chooseIdentity } from '@interpulse/store/embedded/choose-identity.ts';
import { createDataFolder } from '@interpulse/store/embedded/create-data-folder.ts';
import { findBinaries } from '@interpulse/store/embedded/find-binaries.ts';
import { startEmbeddedPostgres } from '@interpulse/store/embedded/start-embedded-postgres.ts';
import type { EmbeddedPostgres } from '@interpulse/store/embedded/start-embedded-postgres.ts';
import { migrate } from '@interpulse/store/migrate.ts';
import { silentLog } from '@interpulse/store/store-log.ts';
import type { TestServerKind } from './find-test-servers.ts';

/** A server for this process's tests; it ends with the process and its folder goes. */
export interface TestServer {
  /** Opens a new, migrated, empty database. */
  openFresh(): Promise<Database>;
  /** Deletes one that {@link TestServer.openFresh} opened, whether closed or not. */
  drop(database: Database): Promise<void>;
}

const template = 'interpulse_template';
const running = new Map<string, Promise<TestServer>>();

/** The server of that kind of this process; started by the first call. */
export function testServer(kind: TestServerKind): Promise<TestServer> {
  const known = running.get(kind.name) ?? start(kind);
  running.set(kind.name, known);
  return known;
}

async function start(kind: TestServerKind): Promise<TestServer> {
  removeLeftovers();
  const folder = await mkdtemp(join(tmpdir(), `interpulse-test-${process.pid}-`));
  await copyPreparedData(kind, folder);
  const server = await startEmbeddedPostgres({
    folder,
    log: silentLog,
    durable: false,
    settings: { max_connections: '100' },
    ...(kind.binaries === undefined ? {} : { binaries: kind.binaries }),
  });
  server.unref();
  process.on('exit', () => endAtOnce(server, folder));
  const open = (name: string): Database =>
    openDatabase({ ...server.connection, database: name }, { log: silentLog });
  const administer = async (text: string): Promise<void> => {
    const database = open('postgres');
    try {
      await database.query(text);
    } finally {
      await database.close();
    }
  };
  await administer(`create database ${template}`);
  const model = open(template);
  try {
    await migrate(model);
  } finally {
    await model.close(); // a database that is copied may have no connection
  }
  let count = 0;
  return {
    openFresh: async () => {
      const name = `test_${(count += 1)}`;
      await administer(`create database ${name} template ${template}`);
      return open(name);
    },
    drop: async (database) => {
      await database.close();
      if (typeof database.connection === 'string') return;
      await administer(`drop database if exists ${database.connection.database} with (force)`);
    },
  };
}

const cacheFolder = fileURLToPath(
  new URL('../../../../node_modules/.cache/interpulse-test-postgres/', import.meta.url),
);

/** Copies data made by initdb once for all test processes: initdb costs most of a second. */
async function copyPreparedData(kind: TestServerKind, folder: string): Promise<void> {
  const identity = chooseIdentity();
  if (identity.owner !== undefined) return; // the files belong to another user: let initdb run
  const binaries = await findBinaries(kind.binaries);
  const { size, mtimeMs } = statSync(join(binaries, 'postgres'));
  const key = createHash('sha256').update(`${binaries} ${size} ${mtimeMs}`).digest('hex');
  const prepared = join(cacheFolder, key.slice(0, 16));
  await mkdir(prepared, { recursive: true, mode: 0o700 });
  if (!existsSync(join(prepared, 'pg'))) {
    await createDataFolder({ folder: prepared, binaries, identity, durable: false });
  }
  await promisify(execFile)('cp', ['-a', join(prepared, 'pg'), join(folder, 'pg')]);
}

/** Folders of killed test processes: their servers died with them, their files did not. */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = /^interpulse-test-(\d+)-/.exec(name)?.[1];
    const folder = join(tmpdir(), name);
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    if (existsSync(join(folder, 'pg', 'postmaster.pid'))) continue;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In an exit handler nothing can be awaited; what the tests wrote is of no more use. */
function endAtOnce(server: EmbeddedPostgres, folder: string): void {
  try {
    process.kill(server.pid, 'SIGQUIT');
  } catch {
    // it has ended already
  }
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const pidFile = join(folder, 'pg', 'postmaster.pid');
  for (let round = 0; round < 400 && existsSync(pidFile); round += 1) {
    Atomics.wait(sleeper, 0, 0, 5);
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 20 });
}
