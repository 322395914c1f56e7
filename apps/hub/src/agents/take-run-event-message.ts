import type { RunEventMessage } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { findInstrument } from '@interpulse/store/instruments/instruments.ts';
import type { Hub } from '../hub.ts';
import { takeRunEvent } from '../services/take-run-event.ts';
import { refuseForeignInstrument } from './refuse-foreign-instrument.ts';

/** Takes what an agent read of its control system's words: a run started, ended, and so on. */
export async function takeRunEventMessage(
  hub: Hub,
  siteId: string,
  message: RunEventMessage,
): Promise<void> {
  const { type: _, instrument: name, ...event } = message;
  await hub.transaction(async (tx) => {
    const instrument = await findInstrument(tx, name);
    refuseForeignInstrument(instrument, name, siteId);
    await takeRunEvent(hub, tx, instrument, event, null);
  });
}
