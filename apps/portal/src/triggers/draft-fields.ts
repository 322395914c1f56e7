import type { Fault } from '@interpulse/domain/error.ts';
import type { TriggerDraft } from './trigger-draft.ts';

/** What the parts of the form are given. */
export interface DraftFields {
  draft: TriggerDraft;
  onChange: (change: Partial<TriggerDraft>) => void;
  /** What is wrong at a place of the request, such as `source.cron`; null where nothing is. */
  faultAt: (place: string) => string | null;
}

/**
 * Tells faults to their fields. What is only missing is no fault until one tries to save: `typed`
 * says whether something stands in a field.
 */
export function faultTeller(faults: readonly Fault[], showsMissing: boolean) {
  return (place: string, typed = ''): string | null => {
    if (!showsMissing && typed === '') return null;
    const found = faults.find(({ loc }) => {
      const at = loc.filter((step, index) => index > 0 || step !== 'body').join('.');
      return at === place || at.startsWith(`${place}.`);
    });
    return found?.msg ?? null;
  };
}
