import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { AgentLog } from '../agent-log.ts';
import { mergeStarts } from './merge-starts.ts';

interface Entry {
  reports: readonly JobReport[];
  characters: number;
  resolve: () => void;
}

/** Bounds of one message and of what is under way; a message must stay below 2 MiB. */
const relayLimits = {
  reportsPerMessage: 1000,
  charactersPerMessage: 1024 * 1024,
  messagesUnderWay: 8,
  /** While so many are under way, only a full message follows: the others gather until then. */
  smallMessagesUnderWay: 2,
  /** Places of entries that were taken are kept so far: cutting them off costs a copy. */
  entriesTaken: 10_000,
};

/**
 * Passes job reports on to the hub. Reports of all pilots that come in one turn of the event loop,
 * or while enough messages are under way, travel in one message; there a start whose end is told
 * too travels within it.
 */
export class ReportRelay {
  readonly #send: (reports: JobReport[]) => Promise<void>;
  readonly #log: AgentLog;
  #waiting: Entry[] = [];
  /** Entries before it have been taken. */
  #next = 0;
  #waitingReports = 0;
  #underWay = 0;
  #planned = false;
  readonly #untold = new Set<Promise<void>>();

  constructor(send: (reports: JobReport[]) => Promise<void>, log: AgentLog) {
    this.#send = send;
    this.#log = log;
  }

  /** Resolves when the hub has acknowledged the reports, or refused them for good. */
  add(reports: readonly JobReport[]): Promise<void> {
    if (reports.length === 0) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const characters = reports.reduce((sum, each) => sum + estimateCharacters(each), 0);
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
    if (this.#planned) return;
    this.#planned = true;
    setImmediate(() => {
      this.#planned = false;
      this.#flush();
    });
  }

  #flush(): void {
    while (this.#next < this.#waiting.length && this.#underWay < relayLimits.messagesUnderWay) {
      const isFull = this.#waitingReports >= relayLimits.reportsPerMessage;
      if (!isFull && this.#underWay >= relayLimits.smallMessagesUnderWay) return;
      void this.#pass(this.#takeEntries());
    }
  }

  /** Takes from the front what one message may hold: at least one entry. */
  #takeEntries(): Entry[] {
    const from = this.#next;
    let [reports, characters] = [0, 0];
    for (; this.#next < this.#waiting.length; this.#next += 1) {
      const entry = this.#waiting[this.#next];
      if (entry === undefined) break;
      reports += entry.reports.length;
      characters += entry.characters;
      const isFull =
        reports > relayLimits.reportsPerMessage || characters > relayLimits.charactersPerMessage;
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

  async #pass(entries: Entry[]): Promise<void> {
    this.#underWay += 1;
    await this.#tell(mergeStarts(entries.flatMap(({ reports }) => reports)));
    for (const { resolve } of entries) resolve();
    this.#underWay -= 1;
    this.#flush();
  }

  /** Never rejects. A report that the hub refuses must not take others down with it. */
  async #tell(reports: JobReport[]): Promise<void> {
    try {
      await this.#send(reports);
    } catch (error) {
      await this.#tellApart(reports, error);
    }
  }

  async #tellApart(reports: JobReport[], error: unknown): Promise<void> {
    const [only] = reports;
    if (reports.length === 1 && only !== undefined) {
      const { jobId, attempt, event } = only;
      this.#log.error({ err: error, jobId, attempt, event }, 'the hub refused a report');
      return;
    }
    for (const report of reports) await this.#tell([report]);
  }
}

/** Roughly its length as JSON: thousands a second are not written twice for it. */
function estimateCharacters(report: JobReport): number {
  const { argv, outputs, hosts, stderrTail, reason, preview } = report;
  const words = argv.reduce((sum, word) => sum + word.length + 3, 0);
  const files = outputs.reduce((sum, { location, value }) => {
    const characters = value === undefined ? 0 : JSON.stringify(value).length;
    return sum + location.length + 200 + characters;
  }, 0);
  const fields = 600 + hosts.length * 40 + (reason?.length ?? 0) + 2 * (stderrTail?.length ?? 0);
  return words + files + fields + (preview === null ? 0 : JSON.stringify(preview).length);
}
