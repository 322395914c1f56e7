import type { PilotReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { AgentLog } from '../agent-log.ts';
import type { Tell } from '../hub/tell-hub.ts';
import type { KnownPilot } from './known-pilot.ts';
import type { JobRelay } from './job-relay.ts';

/** Tells the hub of pilots, each one's words in order. */
export class PilotWords {
  readonly #with: { tell: Tell; relay: JobRelay; log: AgentLog };

  constructor(surroundings: { tell: Tell; relay: JobRelay; log: AgentLog }) {
    this.#with = surroundings;
  }

  /** Tells a report; that it is gone, after everything that was said of its attempts. */
  say(pilot: KnownPilot, report: PilotReport): Promise<void> {
    const isGone = report.event !== 'running' && report.event !== 'submitted';
    const before = isGone ? this.#with.relay.drained() : Promise.resolve();
    pilot.words = pilot.words.then(async () => {
      await before;
      await this.#tell(report);
    });
    return pilot.words;
  }

  async #tell(report: PilotReport): Promise<void> {
    try {
      await this.#with.tell({ type: 'pilotReports', reports: [report] });
    } catch (error) {
      this.#with.log.error({ err: error }, 'the hub refused a report of a pilot');
    }
  }
}
