import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { connectionConfig } from './connection.ts';
import type { Database } from './database.ts';
import { showPresenceSql } from './hub-presence.ts';
import {
  decodeNotification,
  encodeNotifications,
  notificationChannel,
} from './notification-payload.ts';

/** The line on which other hubs' notifications arrive. */
export interface Notifications {
  /** Ends the line. */
  close(): Promise<void>;
}

/** How the line is kept. */
export interface NotificationsOptions {
  /** A silent line is asked for a sign of life this often, in seconds; 15 when not given. */
  pingSeconds?: number;
}

/** Who hears it knows that another hub is there. */
const arrivedTopic = 'hubs.arrived';

const firstRetrySeconds = 0.1;
const lastRetrySeconds = 5;
const pingTimeoutMilliseconds = 10_000;

/**
 * Listens, on a connection of its own, for what other hubs touched, and emits it on
 * `database.topics`. What this hub sent itself is left out: its commit emitted it already. After a
 * lost line was restored, `emitReconnected` is called once. Returns when the line is up for the
 * first time; reconcile after that, not before. It also shows other hubs that this one lives.
 */
export async function openNotifications(
  database: Database,
  { pingSeconds = 15 }: NotificationsOptions = {},
): Promise<Notifications> {
  const closing = new AbortController();
  const first = Promise.withResolvers<void>();
  const loop = keepListening(database, pingSeconds, closing.signal, first.resolve);
  await first.promise;
  return {
    close: async () => {
      closing.abort();
      await loop;
    },
  };
}

async function keepListening(
  database: Database,
  pingSeconds: number,
  closing: AbortSignal,
  onFirst: () => void,
): Promise<void> {
  let hasListened = false;
  let retrySeconds = firstRetrySeconds;
  while (!closing.aborted) {
    const onListening = (): void => {
      retrySeconds = firstRetrySeconds;
      if (hasListened) {
        database.log.info({}, 'listening for other hubs again');
        database.topics.emitReconnected();
      }
      hasListened = true;
      onFirst();
    };
    const reason = await listenOnce(database, pingSeconds, closing, onListening);
    if (closing.aborted) return;
    database.log.warn({ err: reason, retrySeconds }, 'the line to other hubs is down');
    await delay(retrySeconds * 1000, undefined, { signal: closing }).catch(() => undefined);
    retrySeconds = Math.min(retrySeconds * 2, lastRetrySeconds);
  }
}

/** One connection, from its opening to its end; returns why it ended. */
async function listenOnce(
  database: Database,
  pingSeconds: number,
  closing: AbortSignal,
  onListening: () => void,
): Promise<unknown> {
  const client = new pg.Client({
    ...connectionConfig(database.connection, 'interpulse listen'),
    query_timeout: pingTimeoutMilliseconds,
  });
  const ended = Promise.withResolvers<unknown>();
  const onClosing = (): void => ended.resolve(undefined);
  client.on('error', ended.resolve);
  client.on('end', () => ended.resolve(new Error('the server ended the connection')));
  client.on('notification', ({ payload = '' }) => {
    const content = decodeNotification(payload);
    if (content === undefined) {
      database.log.warn({ payload }, 'a notification is not of ours');
    } else if (content.from !== database.instanceId) {
      database.noteOther();
      const touched = content.topics.filter((topic) => topic !== arrivedTopic);
      if (touched.length > 0) database.topics.emit(touched);
    }
  });
  closing.addEventListener('abort', onClosing);
  let ping: NodeJS.Timeout | undefined;
  try {
    await client.connect();
    await client.query(showPresenceSql(database));
    await client.query(`listen ${notificationChannel}`);
    // A hub that believes to be alone tells nobody anything.
    const [hello] = encodeNotifications(database.instanceId, [arrivedTopic]);
    await client.query('select pg_notify($1, $2)', [notificationChannel, hello]);
    onListening();
    // A line cut without a word (a router that forgot it) is found out by asking.
    ping = setInterval(() => {
      client.query('select 1').catch(ended.resolve);
    }, pingSeconds * 1000);
    return await ended.promise;
  } catch (error) {
    return error;
  } finally {
    clearInterval(ping);
    closing.removeEventListener('abort', onClosing);
    await client.end().catch(() => undefined);
  }
}
