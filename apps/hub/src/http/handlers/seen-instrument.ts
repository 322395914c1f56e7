import type { Instrument } from '@interpulse/domain/instrument/instrument.ts';
import { findInstrument } from '@interpulse/store/instruments/instruments.ts';
import { demand, hubThing, type Call } from '../handler.ts';
import { existing } from './existing.ts';

/**
 * An instrument that the caller may see.
 * @throws DomainError forbidden or notFound.
 */
export async function seenInstrument(
  { hub, who }: Pick<Call, 'hub' | 'who'>,
  name: string,
): Promise<Instrument & { siteId: string }> {
  demand(who, 'read', hubThing, 'list of instruments');
  return existing(await findInstrument(hub.db, name), `instrument "${name}"`);
}
