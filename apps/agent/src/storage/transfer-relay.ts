import type { TransferReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { AgentLog } from '../agent-log.ts';

/** Bounds of one message and of what is under way; a message must stay below 2 MiB. */
const relayLimits = { reportsPerMessage: 100, charactersPerMessage: 1024 * 1024, underWay: 2 };

interface Entry {
  report: TransferReport;
  characters: number;
  resolve: () => void;
}

/**
 * Passes reports of transfers on to the hub: those that come in one turn of the event loop, or
 * while enough messages are under way, travel in one message.
 */
export class TransferRelay {
  readonly #send: (reports: TransferReport[]) => Promise<void>;
  readonly #log: AgentLog;
  #waiting: Entry[] = [];
  #underWay = 0;

  constructor(send: (reports: TransferReport[]) => Promise<void>, log: AgentLog) {
    this.#send = send;
    this.#log = log;
  }

  /** Resolves when the hub has acknowledged the report, or refused it for good. */
  add(report: TransferReport): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ report, characters: JSON.stringify(report).length, resolve });
    setImmediate(() => this.#flush());
    return promise;
  }

  #flush(): void {
    while (this.#waiting.length > 0 && this.#underWay < relayLimits.underWay) {
      void this.#pass(this.#take());
    }
  }

  /** From the front what one message may hold: at least one. */
  #take(): Entry[] {
    let [count, characters] = [0, 0];
    for (const entry of this.#waiting) {
      characters += entry.characters;
      if (count > 0 && characters > relayLimits.charactersPerMessage) break;
      count += 1;
      if (count === relayLimits.reportsPerMessage) break;
    }
    return this.#waiting.splice(0, count);
  }

  async #pass(entries: Entry[]): Promise<void> {
    this.#underWay += 1;
    await this.#tell(entries.map(({ report }) => report));
    for (const { resolve } of entries) resolve();
    this.#underWay -= 1;
    this.#flush();
  }

  /** Never rejects. A report that the hub refuses must not take others down with it. */
  async #tell(reports: TransferReport[]): Promise<void> {
    try {
      await this.#send(reports);
    } catch (error) {
      const [only] = reports;
      if (reports.length === 1 && only !== undefined) {
        const { transferId, attempt } = only;
        this.#log.error({ err: error, transferId, attempt }, 'the hub refused a report');
        return;
      }
      for (const report of reports) await this.#tell([report]);
    }
  }
}
