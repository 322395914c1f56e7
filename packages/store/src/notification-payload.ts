import { DomainError } from '@interpulse/domain/error.ts';

/** The one channel of NOTIFY that all hubs of a database share. */
export const notificationChannel = 'interpulse';

/** PostgreSQL refuses payloads of 8,000 bytes and more. */
const payloadBytes = 7_900;
const topicLength = 200;

/** A notification as it was understood. */
export interface NotificationContent {
  /** The hub instance that sent it, or null for one sent by hand. */
  from: string | null;
  topics: string[];
}

/** Throws `invalid` for what cannot be a topic, where it was made. */
export function refuseWrongTopics(topics: Iterable<string>): void {
  for (const topic of topics) {
    if (topic === '' || topic.length > topicLength || topic.startsWith('@')) {
      throw new DomainError('invalid', `"${topic.slice(0, 50)}" cannot be a topic.`);
    }
  }
}

/**
 * Payloads that carry these topics: JSON lists such as `["@f3a9","events","jobs:site_x"]`, the
 * first item naming the sender; several where one would be too long.
 */
export function encodeNotifications(sender: string, topics: Iterable<string>): string[] {
  const payloads: string[] = [];
  let list = [`@${sender}`];
  const all = new Set(topics);
  refuseWrongTopics(all);
  for (const topic of all) {
    if (Buffer.byteLength(JSON.stringify([...list, topic])) > payloadBytes) {
      payloads.push(JSON.stringify(list));
      list = [`@${sender}`];
    }
    list.push(topic);
  }
  if (list.length > 1) payloads.push(JSON.stringify(list));
  return payloads;
}

/** Reads a payload; anything that is not a list of texts is no notification of ours (undefined). */
export function decodeNotification(payload: string): NotificationContent | undefined {
  let list: unknown;
  try {
    list = JSON.parse(payload);
  } catch {
    return undefined;
  }
  if (!Array.isArray(list) || !list.every((item) => typeof item === 'string')) return undefined;
  const from = list[0]?.startsWith('@') ? list[0].slice(1) : null;
  return { from, topics: from === null ? list : list.slice(1) };
}
