import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@interpulse/store/embedded/start-embedded-postgres.ts';
import { silentLog } from '@interpulse/store/store-log.ts';
import { debianServer } from '@interpulse/testing/database/find-test-servers.ts';
import {
  startFacility,
  type Facility,
  type FacilityAgent,
} from '@interpulse/testing/facility/start-facility.ts';

/** A hub for a bench, in a process of its own. */
export interface BenchHub extends Facility {
  /** Ends everything and takes the folder away. */
  end(): Promise<void>;
}

/** What the hub works on. */
export interface BenchHubOptions {
  /** `server`: a PostgreSQL server with its data on the disk; Debian's, where it is installed. */
  database: 'embedded' | 'server';
  agents?: (folder: string) => Promise<FacilityAgent[]>;
}

/** Starts a hub, with a database server beside it where that is asked for. */
export async function startBenchHub({ database, agents }: BenchHubOptions): Promise<BenchHub> {
  const folder = await mkdtemp(join(tmpdir(), 'ip-bench-'));
  const server = database === 'server' ? await startServer(join(folder, 'server')) : null;
  const facility = await startFacility({
    folder: join(folder, 'facility'),
    agents: (await agents?.(folder)) ?? [],
    database: server?.url ?? 'embedded',
  });
  return Object.assign(facility, {
    async end() {
      await facility.stop();
      await server?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  });
}

async function startServer(folder: string) {
  const { binaries } = debianServer;
  const server = await startEmbeddedPostgres({
    folder,
    log: silentLog,
    ...(binaries === undefined ? {} : { binaries }),
    settings: { shared_buffers: '256MB', max_wal_size: '4GB' },
  });
  const { host, port, user, database } = server.connection;
  const url = `postgresql://${user}@/${database}?host=${encodeURIComponent(host)}&port=${port}`;
  return { url, stop: () => server.stop() };
}
