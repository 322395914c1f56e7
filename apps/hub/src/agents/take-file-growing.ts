import type { FileGrowing } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { findInstrument } from '@interpulse/store/instruments/instruments.ts';
import type { Hub } from '../hub.ts';
import { fireTriggers } from '../triggers/fire-triggers.ts';
import { growingEvent } from '../triggers/file-event.ts';
import { refuseForeignInstrument } from './refuse-foreign-instrument.ts';

/**
 * Takes the word that a file grows: triggers of that stage fire, once for each size that is told.
 * Nothing is registered: there is a dataset when the file is whole.
 */
export async function takeFileGrowing(
  hub: Hub,
  siteId: string,
  message: FileGrowing,
): Promise<void> {
  await hub.transaction(async (tx) => {
    const instrument = await findInstrument(tx, message.instrument);
    refuseForeignInstrument(instrument, message.instrument, siteId);
    await fireTriggers(hub, tx, [growingEvent({ ...message, instrument })]);
  });
}
