import type { AgentState } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { AgentLog } from '../agent-log.ts';
import type { Collections } from '../collections/collections.ts';
import type { AgentConfig, InstrumentConfig } from '../config/agent-config.ts';
import type { Tell } from '../hub/tell-hub.ts';
import { RunEventFile } from './run-event-file.ts';
import { SimulatedInstrument } from './simulated-instrument.ts';
import { WatchedInstrument } from './watched-instrument.ts';

/** What the instrument role works with. */
export interface InstrumentSurroundings {
  config: AgentConfig;
  collections: Collections;
  tell: Tell;
  log: AgentLog;
}

/** Watches the folders of the configured instruments, and plays those that are simulated. */
export class InstrumentRole {
  readonly #with: InstrumentSurroundings;
  readonly #parts: { close(): Promise<void> }[] = [];

  constructor(surroundings: InstrumentSurroundings) {
    this.#with = surroundings;
  }

  /** What the hub is told of the instruments. */
  offers(): AgentState['instruments'] {
    return this.#with.config.instruments.map(offerOf);
  }

  /** Begins. @throws DomainError `invalid` for a bad configuration. */
  async start(): Promise<void> {
    const { config, collections, tell, log } = this.#with;
    for (const instrument of config.instruments) {
      const collection = collections.get(instrument.collection);
      const shared = { instrument, collection, folder: config.folder, tell, log };
      this.#parts.push(await WatchedInstrument.start(shared));
      const { simulate, runEvents } = instrument;
      if (runEvents !== null) {
        const { file } = runEvents;
        const { folder } = config;
        const events = new RunEventFile({ instrument: instrument.name, file, folder, tell, log });
        this.#parts.push(events);
        await events.start();
      }
      if (simulate === undefined) continue;
      const simulated = new SimulatedInstrument({ ...shared, simulate });
      // Closed first, so that its last file is still told.
      this.#parts.unshift(simulated);
      await simulated.start();
    }
  }

  /** Stops. */
  async close(): Promise<void> {
    for (const part of this.#parts) await part.close();
  }
}

function offerOf(instrument: InstrumentConfig): AgentState['instruments'][number] {
  const { name, title, collection, project, returnTo, periodSeconds, simulate } = instrument;
  const period = periodSeconds ?? simulate?.periodSeconds ?? null;
  return { name, title, collection, project, returnTo, periodSeconds: period };
}
