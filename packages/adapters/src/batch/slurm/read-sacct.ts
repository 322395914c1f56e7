import type { RememberedEnd } from '../batch-commands.ts';
import { explainEnd, readExit, readState, toldExit } from './slurm-state.ts';

/** The argument of `sacct --format` that {@link readSacct} reads. */
export const sacctFormat = 'jobidraw,state,exitcode,end';

/**
 * Reads the lines of `sacct --noheader --parsable2`, by job id. Of several attempts of a job,
 * which come in any order, the one counts that ended last; steps and what has not ended are passed
 * over. Times are seconds.
 */
export function readSacct(text: string): Map<string, RememberedEnd> {
  const ends = new Map<string, RememberedEnd & { endSeconds: number }>();
  for (const line of text.split('\n')) {
    const [id = '', stateWords = '', exit = '', end = ''] = line.split('|');
    // `CANCELLED by 1000`
    const state = stateWords.split(' ')[0] ?? '';
    if (!/^\d+$/.test(id) || readState([state]) !== 'ended') continue;
    const endSeconds = Number(end) || 0;
    if ((ends.get(id)?.endSeconds ?? -1) > endSeconds) continue;
    const reason = explainEnd(
      state,
      state === stateWords ? '' : stateWords.slice(state.length + 1),
    );
    ends.set(id, { ...toldExit(state, readExit(exit)), reason, endSeconds });
  }
  return ends;
}
