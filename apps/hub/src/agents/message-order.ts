/** A message that is being handled, or waits for its turn. */
interface Entry {
  /** What it is about; null for everything. */
  keys: ReadonlySet<string> | null;
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
  async run(keys: ReadonlySet<string> | null, handle: () => Promise<void>): Promise<void> {
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

function meet(a: ReadonlySet<string> | null, b: ReadonlySet<string> | null): boolean {
  if (a === null || b === null) return true;
  for (const key of a) if (b.has(key)) return true;
  return false;
}
