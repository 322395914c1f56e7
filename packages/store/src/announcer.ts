import type { QueryConfig } from 'pg';
import { othersLiveSql } from './hub-presence.ts';
import {
  encodeNotifications,
  notificationChannel,
  refuseWrongTopics,
} from './notification-payload.ts';
import type { StoreLog } from './store-log.ts';

/** Sends topics to the other hubs, many at once. */
export interface Announcer {
  announce(topics: readonly string[]): void;
  /** Another hub has been heard: it is there, whatever was found before. */
  noteOther(): void;
  /** Settles when everything announced before was sent, or failed and was logged. */
  flush(): Promise<void>;
}

const notifyText = `select pg_notify('${notificationChannel}', payload)
  from unnest($1::text[]) as payload`;

/** Whether others live is looked up this often at most; who comes says so besides. */
const knownMilliseconds = 1000;

/**
 * Collects topics and sends them by one NOTIFY at a time: what comes while one is on its way goes
 * with the next. NOTIFY takes a lock over all committing transactions, so fewer are better; while
 * nobody is there to hear it, none is sent. One that is lost is made good by the timers of the
 * reconcilers.
 */
export function createAnnouncer(
  sender: string,
  query: <Row>(config: QueryConfig) => Promise<Row[]>,
  log: StoreLog,
): Announcer {
  const waiting = new Set<string>();
  const lookForOthers = { name: 'others_live', text: othersLiveSql({ instanceId: sender }) };
  let known = { isAlone: false, untilMs: 0 };
  const note = (isAlone: boolean): void => {
    known = { isAlone, untilMs: performance.now() + knownMilliseconds };
  };
  const isAlone = async (): Promise<boolean> => {
    if (performance.now() > known.untilMs) {
      const before = known;
      const [found] = await query<{ othersLive: boolean }>(lookForOthers);
      // Who was heard meanwhile is there, and may have come after the answer was made.
      if (known === before) note(found?.othersLive === false);
    }
    return known.isAlone;
  };
  let sending: Promise<void> | undefined;
  const sendAll = async (): Promise<void> => {
    await new Promise(setImmediate); // let the other calls of this moment join
    if (await isAlone()) waiting.clear();
    while (waiting.size > 0) {
      const payloads = encodeNotifications(sender, waiting);
      waiting.clear();
      await query({ name: 'interpulse_notify', text: notifyText, values: [payloads] });
    }
  };
  const send = async (): Promise<void> => {
    try {
      await sendAll();
    } catch (error) {
      log.warn({ err: error }, 'other hubs could not be notified');
    } finally {
      sending = undefined;
    }
  };
  return {
    announce: (topics) => {
      refuseWrongTopics(topics);
      for (const topic of topics) waiting.add(topic);
      if (waiting.size > 0) sending ??= send();
    },
    noteOther: () => note(false),
    flush: async () => {
      while (sending !== undefined) await sending;
    },
  };
}
