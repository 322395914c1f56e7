import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@interpulse/domain/error.ts';
import { openDatabase, type Database } from '@interpulse/store/database.ts';
import { startEmbeddedPostgres } from '@interpulse/store/embedded/start-embedded-postgres.ts';
import { migrate } from '@interpulse/store/migrate.ts';
import { openNotifications } from '@interpulse/store/notifications.ts';
import type { StoreLog } from '@interpulse/store/store-log.ts';
import { createAgentSessions, type AgentSessions } from './agents/agent-sessions.ts';
import { bootstrap } from './bootstrap.ts';
import { createServer } from './http/create-server.ts';
import type { HubConfig } from './hub-config.ts';
import { createHub, type Hub } from './hub.ts';
import { createNoticeSender } from './notices/send-notices.ts';
import { createProviders } from './providers/providers.ts';
import { allReconcilers } from './reconcilers/all-reconcilers.ts';
import { createActionPerformer } from './reconcilers/perform-actions.ts';
import { runReconcilers } from './reconcilers/run-reconcilers.ts';
import { fireIfHeard } from './triggers/fire-triggers.ts';

/** A hub at work. */
export interface RunningHub {
  url: string;
  /** Ends everything in the order that loses nothing. */
  stop(): Promise<void>;
  /** Settles when the embedded database ends by itself; never otherwise. */
  databaseEnded: Promise<void>;
}

/** A hub at work on a database of its caller's. */
export interface HubOnDatabase {
  hub: Hub;
  sessions: AgentSessions;
  url: string;
  /** Ends the hub; the database stays open. */
  stop(): Promise<void>;
}

/** Starts a hub: database, migrations, first administrator, agents' sessions, reconcilers, HTTP. */
export async function startHub(config: HubConfig, log: StoreLog): Promise<RunningHub> {
  await mkdir(config.folder, { recursive: true, mode: 0o700 });
  const ends: (() => Promise<unknown> | void)[] = [];
  try {
    const embedded =
      config.database === 'embedded'
        ? await startEmbeddedPostgres({ folder: join(config.folder, 'database'), log })
        : null;
    if (embedded) ends.push(() => embedded.stop());
    const connection = embedded?.connection ?? config.database;
    const db = openDatabase(connection, { log, applicationName: 'interpulse hub' });
    ends.push(() => db.close());
    await migrate(db);
    const running = await startHubOn(db, config, log);
    ends.push(() => running.stop());
    const databaseEnded = embedded
      ? embedded.ended.then(({ wanted }) => (wanted ? never() : undefined))
      : never();
    return { url: running.url, stop: () => endAll(ends), databaseEnded };
  } catch (error) {
    await endAll(ends);
    throw error;
  }
}

/** Starts a hub on an open, migrated database: everything but the database. */
export async function startHubOn(
  db: Database,
  config: HubConfig,
  log: StoreLog,
): Promise<HubOnDatabase> {
  const ends: (() => Promise<unknown> | void)[] = [];
  try {
    const notifications = await openNotifications(db);
    ends.push(() => notifications.close());
    const sessions = createAgentSessions(log);
    const { mapping, placement, mail, chats, webhooks } = config;
    const providers = createProviders(config.providers, config);
    const hub = createHub({
      db,
      log,
      agents: sessions,
      strategy: placement.strategy,
      mapping,
      messages: { mail, chats, webhooks },
      providers,
      fireIfHeard,
    });
    sessions.serve(hub);
    await bootstrap(hub, config);
    const performer = createActionPerformer(hub);
    ends.push(() => performer.stop());
    const sender = createNoticeSender(hub, config.publicUrl);
    ends.push(() => sender.stop());
    const kept = allReconcilers(hub, sessions, hub.now(), { performer, sender });
    const reconcilers = runReconcilers(db, log, kept);
    ends.push(() => reconcilers.stop());
    const server = await createServer({ hub, sessions, portalFolder: config.portal });
    ends.push(() => server.close());
    ends.push(() => sessions.close());
    const url = await listen(server, config);
    providers.listensAt(url);
    return { hub, sessions, url, stop: () => endAll(ends) };
  } catch (error) {
    await endAll(ends);
    throw error;
  }
}

async function endAll(ends: (() => Promise<unknown> | void)[]): Promise<void> {
  for (const end of ends.splice(0).toReversed()) await end();
}

function never(): Promise<void> {
  return new Promise(() => undefined);
}

async function listen(
  server: Awaited<ReturnType<typeof createServer>>,
  { host, port }: HubConfig,
): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (cause) {
    const code = (cause as { code?: string }).code;
    if (code === 'EADDRINUSE') {
      const message = `port ${port} of ${host} is taken; choose another with --port (0 takes any)`;
      throw new DomainError('conflict', message, { cause });
    }
    if (code === 'EACCES') {
      const message = `port ${port} needs more rights; choose one above 1023 with --port`;
      throw new DomainError('forbidden', message, { cause });
    }
    throw cause;
  }
}
