import type { AgentState } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { AgentLog } from '../agent-log.ts';
import type { Tell } from '../hub/tell-hub.ts';
import type { Collections } from '../collections/collections.ts';
import type { AgentConfig, InstrumentConfig } from '../config/agent-config.ts';

/** What the instrument role works with. */
export interface InstrumentSurroundings {
  config: AgentConfig;
  collections: Collections;
  tell: Tell;
  log: AgentLog;
}

/** Watches the folders of the configured instruments. */
export class InstrumentRole {
  readonly #with: InstrumentSurroundings;

  constructor(surroundings: InstrumentSurroundings) {
    this.#with = surroundings;
  }

  /** What the hub is told of the instruments. */
  offers(): AgentState['instruments'] {
    return this.#with.config.instruments.map(offerOf);
  }

  /** Begins to watch. */
  async start(): Promise<void> {}

  /** Stops. */
  async close(): Promise<void> {}
}

function offerOf(instrument: InstrumentConfig): AgentState['instruments'][number] {
  const { name, title, collection, returnTo, periodSeconds, simulate } = instrument;
  const period = periodSeconds ?? simulate?.periodSeconds ?? null;
  return { name, title, collection, returnTo, periodSeconds: period };
}
