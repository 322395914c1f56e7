/** What a message is about. */
export interface MessageKeys {
  /** In order with all that is about the same. */
  own: ReadonlySet<string>;
  /** In order with those of which it is their own; beside others that share it. */
  shared: ReadonlySet<string>;
}

/** A message that is being handled, or waits for its turn. */
interface Entry {
  /** Null for everything. */
  keys: MessageKeys | null;
  done: Promise<unknown>;
}

/**
 * The order in which messages of one agent are handled: each after those before it that are about
 * the same, and beside the others. So the reports of different jobs are prepared, written and
 * brought to the disk at the same time, and no two words of one job ever change places.
 */
export class MessageOrder {
  readonly #entries = new Set<Entry>();

  /** Handles a message in its turn; `keys` null is in order with everything. */
  async run(keys: MessageKeys | null, handle: () => Promise<void>): Promise<void> {
    const earlier = [...this.#entries].filter((entry) => meet(entry.keys, keys));
    const turn = Promise.allSettled(earlier.map(({ done }) => done)).then(handle);
    const entry = { keys, done: turn };
    this.#entries.add(entry);
    try {
      await turn;
    } finally {
      this.#entries.delete(entry);
    }
  }
}

function meet(a: MessageKeys | null, b: MessageKeys | null): boolean {
  if (a === null || b === null) return true;
  return share(a.own, b.own) || share(a.own, b.shared) || share(a.shared, b.own);
}

function share(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const key of a) if (b.has(key)) return true;
  return false;
}
