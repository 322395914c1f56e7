import { parseLocation } from '@interpulse/domain/location.ts';
import type { InstrumentConfig } from '../config/agent-config.ts';

/**
 * Folders of its collection that are not watched: answers that are put back must not start
 * anything.
 */
export function answersFolder(instrument: InstrumentConfig): string[] {
  const { collection, path } = parseLocation(instrument.returnTo);
  const folder = path.replace(/\/+$/, '');
  return collection === instrument.collection && folder !== '' ? [folder] : [];
}
