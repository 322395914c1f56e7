import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { AgentToPilot, PilotToAgent } from '@interpulse/api/agent-messages/pilot-messages.ts';
import type { Session } from '@interpulse/api/session/session.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { pilotLimits } from './pilot-limits.ts';

/**
 * What a pilot has to say of its tasks, until the hub knows it. Reports made in one turn of the
 * event loop travel in one message; those that nobody has acknowledged outlive an agent.
 */
export class ReportOutlet {
  readonly #session: Pick<Session<AgentToPilot, PilotToAgent>, 'send' | 'room'>;
  readonly #log: (message: string) => void;
  readonly #waiting: JobReport[] = [];
  #underWay = 0;
  #flushing = false;
  #drained: (() => void)[] = [];

  constructor(
    session: Pick<Session<AgentToPilot, PilotToAgent>, 'send' | 'room'>,
    log: (message: string) => void,
  ) {
    this.#session = session;
    this.#log = log;
  }

  /** Reports that the hub does not know yet. */
  get pending(): number {
    return this.#waiting.length + this.#underWay;
  }

  /** Sends a report, with others of the same turn. */
  add(report: JobReport): void {
    this.#waiting.push(report);
    this.#flushSoon();
  }

  /** Resolves when everything reported so far has been acknowledged. */
  drained(): Promise<void> {
    if (this.pending === 0) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => void this.#flush());
  }

  async #flush(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        await this.#session.room();
        this.#send(takeBatch(this.#waiting));
      }
    } catch {
      // The session has ended for good: another pilot has this one's identity.
    } finally {
      this.#flushing = false;
    }
  }

  #send(reports: JobReport[]): void {
    this.#underWay += reports.length;
    this.#session.send({ type: 'jobReports', reports }).then(
      () => this.#settle(reports.length),
      (error: unknown) => this.#takeBack(reports, error),
    );
  }

  #takeBack(reports: JobReport[], error: unknown): void {
    const isFinal = !(error instanceof DomainError) || error.kind !== 'unavailable';
    if (isFinal) {
      const why = error instanceof Error ? error.message : String(error);
      this.#log(`${reports.length} reports were refused: ${why}`);
    } else {
      this.#waiting.unshift(...reports);
      setTimeout(() => this.#flushSoon(), pilotLimits.reportAgainMs);
    }
    this.#settle(reports.length);
  }

  #settle(count: number): void {
    this.#underWay -= count;
    if (this.pending > 0) return;
    for (const resolve of this.#drained.splice(0)) resolve();
  }
}

/** Takes from the front what one message may hold: at least one report. */
function takeBatch(waiting: JobReport[]): JobReport[] {
  let characters = 0;
  let count = 0;
  for (const report of waiting) {
    if (count >= pilotLimits.reportsPerMessage) break;
    characters += JSON.stringify(report).length;
    if (count > 0 && characters > pilotLimits.reportCharactersPerMessage) break;
    count += 1;
  }
  return waiting.splice(0, count);
}
