/** What a transaction of this hub has decided. */
interface Decided<T> {
  by: object;
  what: readonly T[];
}

/** What was decided so long ago is in every answer that still matters. */
const keptMilliseconds = 10_000;

/**
 * What transactions of this hub have decided and others may not see yet: without it, all that are
 * under way at the same moment would give away the same room. Who decides notes the time before it
 * reads (`now`), and adds to what it has read what was under way at that time or came since.
 */
export class UnderWay<T> {
  #now = 0;
  readonly #open = new Map<object, Decided<T>[]>();
  /** In the order in which they ended. */
  #over: { endedAt: number; atMs: number; decided: Decided<T> }[] = [];

  /** The time, for {@link since}: to be noted before the reading. */
  now(): number {
    return this.#now;
  }

  /** Notes what a transaction has decided; `end` is called when it is over. */
  add(by: object, what: readonly T[]): void {
    if (what.length === 0) return;
    this.#open.set(by, [...(this.#open.get(by) ?? []), { by, what }]);
  }

  /** A transaction is over: what it decided is seen by who reads from now on. */
  end(by: object): void {
    const decided = this.#open.get(by);
    if (decided === undefined) return;
    this.#open.delete(by);
    this.#now += 1;
    const atMs = performance.now();
    const isOld = (this.#over[0]?.atMs ?? atMs) < atMs - 2 * keptMilliseconds;
    if (isOld) this.#over = this.#over.filter((each) => each.atMs >= atMs - keptMilliseconds);
    for (const each of decided) this.#over.push({ endedAt: this.#now, atMs, decided: each });
  }

  /** What others had decided that is not in what was read after `lookedAt`. */
  since(lookedAt: number, by: object): T[] {
    const found: T[] = [];
    for (const [owner, decided] of this.#open) {
      if (owner !== by) for (const { what } of decided) found.push(...what);
    }
    // Those that ended last are at the end.
    const first = this.#over.findLastIndex(({ endedAt }) => endedAt <= lookedAt) + 1;
    for (const { decided } of this.#over.slice(first)) {
      if (decided.by !== by) found.push(...decided.what);
    }
    return found;
  }
}
