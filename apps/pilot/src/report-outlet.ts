import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { AgentToPilot, PilotToAgent } from '@interpulse/api/agent-messages/pilot-messages.ts';
import type { Session } from '@interpulse/api/session/session.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { pilotLimits } from './pilot-limits.ts';
import { attemptKey } from './seen-attempts.ts';

type OutletSession = Pick<Session<AgentToPilot, PilotToAgent>, 'send' | 'room'>;

/**
 * What a pilot has to say of its tasks, until the hub knows it. An end goes at once when nothing
 * was sent just before, and else with what else comes within a few milliseconds. A start is held
 * back for a moment: the word of a task that ends in it is one report, which tells both. Reports
 * that nobody has acknowledged outlive an agent.
 */
export class ReportOutlet {
  readonly #session: OutletSession;
  readonly #log: (message: string) => void;
  readonly #waiting: JobReport[] = [];
  readonly #starts = new Map<string, { report: JobReport; dueMs: number }>();
  #underWay = 0;
  #isFlushing = false;
  #sentMs = 0;
  #startTimer: NodeJS.Timeout | undefined;
  #drained: (() => void)[] = [];

  constructor(session: OutletSession, log: (message: string) => void) {
    this.#session = session;
    this.#log = log;
  }

  /** Reports that the hub does not know yet. */
  get pending(): number {
    return this.#waiting.length + this.#starts.size + this.#underWay;
  }

  /** Sends the report of a start, unless its end comes soon. */
  addStart(report: JobReport): void {
    const dueMs = performance.now() + pilotLimits.startHeldMs;
    this.#starts.set(attemptKey(report), { report, dueMs });
    if (this.#startTimer !== undefined) return;
    this.#startTimer = setTimeout(() => this.#releaseStarts(), pilotLimits.startHeldMs);
  }

  /** Sends a report; that of an end takes the place of a start that was not sent yet. */
  add(report: JobReport): void {
    const key = attemptKey(report);
    const start = this.#starts.get(key);
    this.#starts.delete(key);
    this.#waiting.push(start === undefined ? report : { ...report, argv: start.report.argv });
    this.#flushSoon();
  }

  /** Resolves when everything reported so far has been acknowledged. */
  drained(): Promise<void> {
    if (this.pending === 0) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  #releaseStarts(): void {
    this.#startTimer = undefined;
    const now = performance.now();
    // In the order in which they came, which is that in which they are due.
    for (const [key, { report, dueMs }] of this.#starts) {
      if (dueMs > now) {
        this.#startTimer = setTimeout(() => this.#releaseStarts(), dueMs - now);
        break;
      }
      this.#starts.delete(key);
      this.#waiting.push(report);
    }
    if (this.#waiting.length > 0) this.#flushSoon();
  }

  #flushSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    const pauseMs = this.#sentMs + pilotLimits.reportPauseMs - performance.now();
    if (pauseMs <= 0) setImmediate(() => void this.#flush());
    else setTimeout(() => void this.#flush(), pauseMs);
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
      this.#isFlushing = false;
      this.#sentMs = performance.now();
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
    characters += sizeOf(report);
    if (count > 0 && characters > pilotLimits.reportCharactersPerMessage) break;
    count += 1;
  }
  return waiting.splice(0, count);
}

/** About its JSON; exact where a report may be long. */
function sizeOf(report: JobReport): number {
  const isShort =
    report.outputs.length === 0 && report.stderrTail === null && report.argv.length < 4;
  return isShort ? 4 * pilotLimits.argumentCharactersTold : JSON.stringify(report).length;
}
