import type { StoreLog } from './store-log.ts';

/** Called with the topics that were touched, each once. */
export type TopicListener = (topics: ReadonlySet<string>) => void;

/** Emitted to everyone after the line to the database was lost and found again: reconcile once. */
export type ReconnectListener = () => void;

/**
 * What wakes the waiting parts of this process: topics touched by commits, ours at once, those of
 * other hubs when they arrive by NOTIFY (see `notifications.ts`).
 */
export class Topics {
  readonly #listeners = new Set<{ wants: (topic: string) => boolean; listener: TopicListener }>();
  readonly #reconnectListeners = new Set<ReconnectListener>();
  readonly #log: StoreLog;

  constructor(log: StoreLog) {
    this.#log = log;
  }

  /**
   * Calls `listener` whenever one of these topics is touched; `jobs:*` stands for all that start
   * with `jobs:`. Returns the way to end it.
   */
  on(topics: readonly string[], listener: TopicListener): () => void {
    const exact = new Set(topics.filter((topic) => !topic.endsWith('*')));
    const prefixes = topics.filter((topic) => topic.endsWith('*')).map((it) => it.slice(0, -1));
    const wants = (topic: string): boolean =>
      exact.has(topic) || prefixes.some((prefix) => topic.startsWith(prefix));
    const entry = { wants, listener };
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  /** Calls `listener` after the line to other hubs was restored: anything may have been missed. */
  onReconnected(listener: ReconnectListener): () => void {
    this.#reconnectListeners.add(listener);
    return () => void this.#reconnectListeners.delete(listener);
  }

  /** Wakes the listeners of these topics in this process only. */
  emit(topics: Iterable<string>): void {
    const touched = [...new Set(topics)];
    for (const { wants, listener } of [...this.#listeners]) {
      const wanted = new Set(touched.filter(wants));
      if (wanted.size > 0) this.#guard(() => listener(wanted));
    }
  }

  /** Tells everyone to reconcile once. */
  emitReconnected(): void {
    for (const listener of [...this.#reconnectListeners]) this.#guard(listener);
  }

  /** A listener that throws must not keep the others asleep. */
  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#log.error({ err: error }, 'a listener for topics failed');
    }
  }
}
