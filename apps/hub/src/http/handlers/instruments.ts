import { DomainError } from '@interpulse/domain/error.ts';
import { sumUpTiming } from '@interpulse/domain/instrument/sum-up-timing.ts';
import { timeShot } from '@interpulse/domain/instrument/time-shot.ts';
import { readShotFacts } from '@interpulse/store/instruments/read-shot-facts.ts';
import {
  findInstrument,
  listInstruments,
  listShots,
} from '@interpulse/store/instruments/instruments.ts';
import { demand, hubThing, page, type Handlers } from '../handler.ts';
import { existing } from './existing.ts';

/** Instruments and their shots. */
export const instrumentHandlers: Handlers<
  'listInstruments' | 'getInstrument' | 'listShots' | 'getInstrumentTiming'
> = {
  async listInstruments(_, { hub, who }) {
    demand(who, 'read', hubThing, 'list of instruments');
    return { items: await listInstruments(hub.db), next: null };
  },

  async getInstrument({ params }, { hub, who }) {
    demand(who, 'read', hubThing, 'list of instruments');
    const found = await findInstrument(hub.db, params.instrument);
    const { siteId: _, ...instrument } = existing(found, `instrument "${params.instrument}"`);
    return instrument;
  },

  async getInstrumentTiming({ params, query }, { hub, who }) {
    demand(who, 'read', hubThing, 'list of instruments');
    const found = await findInstrument(hub.db, params.instrument);
    const instrument = existing(found, `instrument "${params.instrument}"`);
    const facts = await readShotFacts(hub.db, instrument.name, query.shots);
    return sumUpTiming(instrument.name, instrument.periodSeconds, facts.map(timeShot));
  },

  async listShots({ params, query }, { hub, who }) {
    demand(who, 'read', hubThing, 'list of instruments');
    existing(await findInstrument(hub.db, params.instrument), `instrument "${params.instrument}"`);
    const before = query.cursor === undefined ? undefined : Number(query.cursor);
    if (before !== undefined && !Number.isSafeInteger(before)) {
      throw new DomainError('invalid', 'the cursor is not one of a list of shots');
    }
    const rows = await listShots(hub.db, {
      instrument: params.instrument,
      before,
      limit: query.limit + 1,
    });
    return page(rows, query.limit, (shot) => String(shot.number));
  },
};
