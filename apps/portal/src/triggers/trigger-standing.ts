import type { Schemas } from '@interpulse/api/client/create-client.ts';
import type { Tone } from '../format/status.ts';

/** How a trigger stands: a word, a tone, and why where it does not fire. */
export interface TriggerStanding {
  word: string;
  tone: Tone;
  why: string | null;
  /** Who paused it and since when; null when it is on, or paused itself. */
  by: string | null;
  at: string | null;
}

/** How a trigger stands. */
export function standingOf(trigger: Schemas['TriggerReport']): TriggerStanding {
  const { pause, lastProblem } = trigger;
  if (pause !== null) {
    const word = pause.by === null ? 'paused itself' : 'paused';
    const tone = pause.by === null ? 'bad' : 'off';
    return { word, tone, why: pause.reason, by: pause.by, at: pause.at };
  }
  if (lastProblem !== null) {
    return { word: 'on, failing', tone: 'late', why: lastProblem.reason, by: null, at: null };
  }
  return { word: 'on', tone: 'good', why: null, by: null, at: null };
}

const looks: Record<string, { word: string; tone: Tone; meaning: string }> = {
  fired: { word: 'fired', tone: 'good', meaning: 'started a flow run' },
  queued: { word: 'waits', tone: 'waiting', meaning: 'waits for room under the rate limit' },
  superseded: { word: 'superseded', tone: 'off', meaning: 'a newer event took its place' },
  limited: { word: 'limited', tone: 'late', meaning: 'was beyond the rate limit' },
  filtered: { word: 'filtered', tone: 'off', meaning: 'the condition was not true' },
  failed: { word: 'failed', tone: 'bad', meaning: 'the flow could not be started' },
  paused: { word: 'while paused', tone: 'off', meaning: 'came while the trigger was paused' },
  missed: { word: 'missed', tone: 'late', meaning: 'passed while no hub was at work' },
  refused: { word: 'refused', tone: 'bad', meaning: 'had a wrong signature or an old timestamp' },
  duplicate: { word: 'duplicate', tone: 'off', meaning: 'had the key of an event before it' },
};

/** The look of what became of an event, with its meaning. */
export function outcomeLook(outcome: string): { word: string; tone: Tone; meaning: string } {
  return looks[outcome] ?? { word: outcome, tone: 'off', meaning: '' };
}

/** What may become of an event that is kept, in the order in which it is shown. */
export const outcomes = [
  'fired',
  'queued',
  'superseded',
  'limited',
  'filtered',
  'failed',
  'paused',
  'missed',
  'refused',
] as const;
