import type { Settle } from '../../config/watch-config.ts';

/** A version of a file or folder, and since when it has been like this. */
export interface Sighting {
  /** When this version was first seen, by a clock that never jumps. */
  seenAtMs: number;
  /**
   * How old its last write was then, by the clocks of this machine and of the file: 0 where they
   * cannot be compared, or where the write lies ahead.
   */
  ageAtSightMs: number;
}

/** What else is known of it. */
export interface Evidence {
  /** Whether the sentinel is there; false where the rule has none. */
  hasSentinel: boolean;
  /** A file without content, which may just have been made; never true of a folder. */
  isEmpty: boolean;
  /** Files in it; 1 for a file. A folder with none is never whole. */
  files: number;
  /** What an HDF5 file says of its writer; `unread` where it was not asked. */
  writer: WriterState;
}

/** What is known of the program that writes an HDF5 file. */
export type WriterState =
  /** It closed the file, and the file says so. */
  | 'closed'
  /** It has the file open, or holds it locked, or the file is not complete. */
  | 'open'
  /** The file is complete, and its format does not say more. */
  | 'silent'
  | 'unread';

/** Whether something is whole, and if not, what to wait for. */
export type Settled =
  | { kind: 'whole' }
  /** It may be whole after this time without another write. */
  | { kind: 'wait'; forMs: number }
  /** Something else must happen first. */
  | { kind: 'notYet' };

/** An empty file beside a sentinel that came first may be about to be written. */
const emptyFileMs = 1000;

/** A quiet file that is still open is looked at again after this part of its silence. */
const openShare = 16;
/** But at least this often: closing it may change nothing in it. */
const openMostMs = 15_000;

/** How long a version has been quiet, whatever the wall clock did since it was first seen. */
export function silenceMs(sighting: Sighting, nowMs: number): number {
  return Math.max(0, sighting.ageAtSightMs) + Math.max(0, nowMs - sighting.seenAtMs);
}

/**
 * Decides whether a version is whole. Clocks are those of {@link Sighting}; a rule that asks for
 * no silence never makes anyone wait.
 */
export function decideSettle(
  rule: Settle,
  sighting: Sighting,
  evidence: Evidence,
  nowMs: number,
): Settled {
  if (evidence.files === 0) return { kind: 'notYet' };
  if (rule === 'rename') return { kind: 'whole' };
  if ('sentinel' in rule) {
    if (!evidence.hasSentinel) return { kind: 'notYet' };
    return evidence.isEmpty ? afterSilence(emptyFileMs, sighting, nowMs) : { kind: 'whole' };
  }
  if ('files' in rule && evidence.files < rule.files) return { kind: 'notYet' };
  if ('hdf5' in rule) {
    if (evidence.writer === 'closed') return { kind: 'whole' };
    // A lock that is given back is no change of the file: nobody tells of it.
    if (evidence.writer !== 'silent')
      return { kind: 'wait', forMs: againMs(rule, sighting, nowMs) };
  }
  return afterSilence(rule.quietSeconds * 1000, sighting, nowMs);
}

/** One that nobody closed, or that is torn, is looked at ever less often: there may be many. */
function againMs(rule: { quietSeconds: number }, sighting: Sighting, nowMs: number): number {
  const rareMs = Math.min(silenceMs(sighting, nowMs) / openShare, openMostMs);
  return Math.max(rule.quietSeconds * 1000, rareMs);
}

function afterSilence(quietMs: number, sighting: Sighting, nowMs: number): Settled {
  const restMs = quietMs - silenceMs(sighting, nowMs);
  return restMs <= 0 ? { kind: 'whole' } : { kind: 'wait', forMs: Math.ceil(restMs) };
}

/** How long nothing may happen before something may be whole; 0 where silence is not asked for. */
export function quietMsOf(rule: Settle): number {
  return typeof rule === 'object' && 'quietSeconds' in rule && !('hdf5' in rule)
    ? rule.quietSeconds * 1000
    : 0;
}
