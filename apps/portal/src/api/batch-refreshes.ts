import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { paceOf } from './query-keys.ts';

/** What is touched within this time is asked for once. */
const batchMilliseconds = 250;

/** Marks what events touch as out of date. */
export interface Refreshes {
  /** These keys, or beginnings of keys, are out of date. */
  touch(keys: readonly QueryKey[]): void;
  /** Everything may be. */
  touchAll(): void;
}

/**
 * Asks anew for what was touched: at once, then as often as the hub keeps up with, and large
 * answers no more often than their pace. What is being asked for already is left alone until it is
 * there, and asked for again after it: to break it off would lose the page of a list that somebody
 * waits for.
 */
export function batchRefreshes(queryClient: QueryClient): Refreshes {
  const touched = new Map<string, QueryKey>();
  const askedAt = new Map<string, number>();
  let running = false;

  const isDue = (id: string, key: QueryKey) =>
    Date.now() - (askedAt.get(id) ?? 0) >= paceOf(key) &&
    queryClient.isFetching({ queryKey: key, type: 'active' }) === 0;
  const takeDue = () => {
    const due = [...touched].filter(([id, key]) => isDue(id, key));
    for (const [id, key] of due) {
      touched.delete(id);
      if (paceOf(key) > 0) askedAt.set(id, Date.now());
    }
    return due.map(([, key]) => key);
  };

  async function flush(): Promise<void> {
    while (touched.size > 0) {
      // Waiting for the answers keeps a slow hub from being asked anew before it answered.
      const answers = takeDue().map((queryKey) =>
        queryClient.invalidateQueries({ queryKey }, { cancelRefetch: false }),
      );
      await Promise.all(answers);
      await new Promise((resolve) => setTimeout(resolve, batchMilliseconds));
    }
    running = false;
  }

  const touch: Refreshes['touch'] = (keys) => {
    for (const key of keys) touched.set(JSON.stringify(key), key);
    if (running) return;
    running = true;
    setTimeout(() => void flush(), batchMilliseconds / 5);
  };
  return {
    touch,
    touchAll: () =>
      touch(
        queryClient
          .getQueryCache()
          .getAll()
          .map(({ queryKey }) => queryKey),
      ),
  };
}
