import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { AgentLog } from '../agent-log.ts';

interface Entry {
  reports: JobReport[];
  characters: number;
  resolve: () => void;
}

/** Bounds of one message and of what is under way; a message must stay below 2 MiB. */
const relayLimits = {
  reportsPerMessage: 1000,
  charactersPerMessage: 1024 * 1024,
  messagesUnderWay: 8,
};

/**
 * Passes job reports on to the hub. Reports of all pilots that come in one turn of the event loop,
 * or while enough messages are under way, travel in one message.
 */
export class ReportRelay {
  readonly #send: (reports: JobReport[]) => Promise<void>;
  readonly #log: AgentLog;
  readonly #waiting: Entry[] = [];
  #underWay = 0;
  #planned = false;
  readonly #untold = new Set<Promise<void>>();

  constructor(send: (reports: JobReport[]) => Promise<void>, log: AgentLog) {
    this.#send = send;
    this.#log = log;
  }

  /** Resolves when the hub has acknowledged the reports, or refused them for good. */
  add(reports: JobReport[]): Promise<void> {
    if (reports.length === 0) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const characters = reports.reduce((sum, each) => sum + JSON.stringify(each).length, 0);
    this.#waiting.push({ reports, characters, resolve });
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
    while (this.#waiting.length > 0 && this.#underWay < relayLimits.messagesUnderWay) {
      void this.#pass(takeEntries(this.#waiting));
    }
  }

  async #pass(entries: Entry[]): Promise<void> {
    this.#underWay += 1;
    await this.#tell(entries.flatMap(({ reports }) => reports));
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

/** Takes from the front what one message may hold: at least one entry. */
function takeEntries(waiting: Entry[]): Entry[] {
  let [count, reports, characters] = [0, 0, 0];
  for (const entry of waiting) {
    reports += entry.reports.length;
    characters += entry.characters;
    const isFull =
      reports > relayLimits.reportsPerMessage || characters > relayLimits.charactersPerMessage;
    if (count > 0 && isFull) break;
    count += 1;
  }
  return waiting.splice(0, count);
}
