import type { AgentLog } from '../agent-log.ts';

/** What reports of one kind have of their own. */
export interface Relayed<T> {
  /** Most reports of one message. */
  reportsPerMessage: number;
  /** Roughly the length of one as JSON: thousands a second are not written twice for it. */
  charactersOf: (report: T) => number;
  /** What is told of those that travel together. */
  combine: (reports: readonly T[]) => T[];
  /** What the log says of one that the hub refused. */
  nameOf: (report: T) => Record<string, unknown>;
}

const relayLimits = {
  /** A message must stay below 2 MiB. */
  charactersPerMessage: 1024 * 1024,
  messagesUnderWay: 8,
  /** A message follows those under way when it has so many reports for each of them. */
  reportsForEach: 16,
  /** And when the last left so long ago for each: a hub nearby has taken it by then. */
  pauseMillisecondsForEach: 15,
  /** Places of entries that were taken are kept so far: cutting them off costs a copy. */
  entriesTaken: 10_000,
};

interface Entry<T> {
  reports: readonly T[];
  characters: number;
  resolve: () => void;
}

/**
 * Passes reports on to the hub. Those that come in one turn of the event loop travel in one
 * message, and the more messages are under way, the more gather for the next: each is a transaction
 * of the hub, and what a transaction costs hardly depends on how many reports it takes.
 */
export class ReportRelay<T> {
  readonly #kind: Relayed<T>;
  readonly #send: (reports: T[]) => Promise<void>;
  readonly #log: AgentLog;
  #waiting: Entry<T>[] = [];
  /** Entries before it have been taken. */
  #next = 0;
  #waitingReports = 0;
  #underWay = 0;
  #leftAtMs = -Infinity;
  #isPlanned = false;
  #pause: NodeJS.Timeout | undefined;
  readonly #untold = new Set<Promise<void>>();

  constructor(kind: Relayed<T>, send: (reports: T[]) => Promise<void>, log: AgentLog) {
    this.#kind = kind;
    this.#send = send;
    this.#log = log;
  }

  /** Resolves when the hub has acknowledged the reports, or refused them for good. */
  add(reports: readonly T[]): Promise<void> {
    if (reports.length === 0) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const characters = reports.reduce((sum, each) => sum + this.#kind.charactersOf(each), 0);
    this.#waiting.push({ reports, characters, resolve });
    this.#waitingReports += reports.length;
    this.#untold.add(promise);
    void promise.then(() => this.#untold.delete(promise));
    this.#flushSoon();
    return promise;
  }

  /** Resolves when everything that came so far has been told. */
  async drained(): Promise<void> {
    await Promise.all(this.#untold);
  }

  #flushSoon(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    setImmediate(() => {
      this.#isPlanned = false;
      this.#flush();
    });
  }

  #flush(): void {
    clearTimeout(this.#pause);
    while (this.#next < this.#waiting.length && this.#underWay < relayLimits.messagesUnderWay) {
      const pauseMs = this.#pauseMs();
      if (pauseMs > 0) {
        this.#pause = setTimeout(() => this.#flush(), pauseMs);
        return;
      }
      void this.#pass(this.#takeEntries());
    }
  }

  /** How long the next message waits for more, or for those under way. */
  #pauseMs(): number {
    const { reportsForEach, pauseMillisecondsForEach } = relayLimits;
    const enough = Math.min(this.#kind.reportsPerMessage, this.#underWay * reportsForEach);
    if (this.#waitingReports >= enough) return 0;
    return this.#leftAtMs + this.#underWay * pauseMillisecondsForEach - performance.now();
  }

  /** Takes from the front what one message may hold: at least one entry. */
  #takeEntries(): Entry<T>[] {
    const from = this.#next;
    let [reports, characters] = [0, 0];
    for (; this.#next < this.#waiting.length; this.#next += 1) {
      const entry = this.#waiting[this.#next];
      if (entry === undefined) break;
      reports += entry.reports.length;
      characters += entry.characters;
      const isFull =
        reports > this.#kind.reportsPerMessage || characters > relayLimits.charactersPerMessage;
      if (this.#next > from && isFull) break;
    }
    const taken = this.#waiting.slice(from, this.#next);
    for (const entry of taken) this.#waitingReports -= entry.reports.length;
    if (this.#next === this.#waiting.length || this.#next > relayLimits.entriesTaken) {
      this.#waiting = this.#waiting.slice(this.#next);
      this.#next = 0;
    }
    return taken;
  }

  async #pass(entries: Entry<T>[]): Promise<void> {
    this.#underWay += 1;
    this.#leftAtMs = performance.now();
    await this.#tell(this.#kind.combine(entries.flatMap(({ reports }) => reports)));
    for (const { resolve } of entries) resolve();
    this.#underWay -= 1;
    this.#flush();
  }

  /** Never rejects. A report that the hub refuses must not take others down with it. */
  async #tell(reports: T[]): Promise<void> {
    try {
      await this.#send(reports);
    } catch (error) {
      const [only] = reports;
      if (reports.length === 1 && only !== undefined) {
        this.#log.error({ err: error, ...this.#kind.nameOf(only) }, 'the hub refused a report');
        return;
      }
      for (const report of reports) await this.#tell([report]);
    }
  }
}
