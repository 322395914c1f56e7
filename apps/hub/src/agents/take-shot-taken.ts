import type { ShotTaken } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { findInstrument, noteShotTaken } from '@interpulse/store/instruments/instruments.ts';
import { followShotClock } from '../flow-runs/move-deadlines.ts';
import { refuseForeignInstrument } from './refuse-foreign-instrument.ts';
import type { Hub } from '../hub.ts';

/** Takes the word that a shot was taken, and when the next is due: the shot clock. */
export async function takeShotTaken(hub: Hub, siteId: string, message: ShotTaken): Promise<void> {
  await hub.transaction(async (tx) => {
    refuseForeignInstrument(
      await findInstrument(tx, message.instrument),
      message.instrument,
      siteId,
    );
    const { instrument, shotNumber: number, nextShotAt } = message;
    const moveRuns = await followShotClock(hub, tx, { instrument, number, nextShotAt });
    await noteShotTaken(tx, { ...message, number: message.shotNumber });
    await moveRuns();
    tx.notify([eventsTopic]);
  });
}
