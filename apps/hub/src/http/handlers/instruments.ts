import { sumUpTiming } from '@interpulse/domain/instrument/sum-up-timing.ts';
import { timeShot } from '@interpulse/domain/instrument/time-shot.ts';
import { readShotFacts } from '@interpulse/store/instruments/read-shot-facts.ts';
import { listInstruments, listShots } from '@interpulse/store/instruments/instruments.ts';
import { demand, hubThing, page, type Handlers } from '../handler.ts';
import { numberCursor } from '../number-cursor.ts';
import { seenInstrument } from './seen-instrument.ts';

/** Instruments and their shots. */
export const instrumentHandlers: Handlers<
  'listInstruments' | 'getInstrument' | 'listShots' | 'getInstrumentTiming'
> = {
  async listInstruments(_, { hub, who }) {
    demand(who, 'read', hubThing, 'list of instruments');
    return { items: await listInstruments(hub.db), next: null };
  },

  async getInstrument({ params }, call) {
    const { siteId: _, ...instrument } = await seenInstrument(call, params.instrument);
    return instrument;
  },

  async getInstrumentTiming({ params, query }, call) {
    const { name, periodSeconds } = await seenInstrument(call, params.instrument);
    const facts = await readShotFacts(call.hub.db, name, query.shots);
    return sumUpTiming(name, periodSeconds, facts.map(timeShot));
  },

  async listShots({ params, query }, call) {
    const { name } = await seenInstrument(call, params.instrument);
    const before = numberCursor(query.cursor, 'shots');
    const rows = await listShots(call.hub.db, { instrument: name, before, limit: query.limit + 1 });
    return page(rows, query.limit, (shot) => String(shot.number));
  },
};
