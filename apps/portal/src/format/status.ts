/** How a status looks: six tones for all kinds of things, each with its own mark. */
export type Tone = 'waiting' | 'active' | 'good' | 'late' | 'bad' | 'off';

/** A status as a word with a tone. */
export interface StatusLook {
  word: string;
  tone: Tone;
}

const looks: Record<string, StatusLook> = {
  // flow runs, in Globus' words
  ACTIVE: { word: 'active', tone: 'active' },
  INACTIVE: { word: 'waiting', tone: 'waiting' },
  SUCCEEDED: { word: 'completed', tone: 'good' },
  FAILED: { word: 'failed', tone: 'bad' },
  ENDED: { word: 'canceled', tone: 'off' },
  // jobs
  waiting: { word: 'waiting for parents', tone: 'waiting' },
  queued: { word: 'queued', tone: 'waiting' },
  placed: { word: 'placed', tone: 'waiting' },
  stagingIn: { word: 'staging in', tone: 'active' },
  ready: { word: 'ready', tone: 'waiting' },
  active: { word: 'active', tone: 'active' },
  stagingOut: { word: 'staging out', tone: 'active' },
  completed: { word: 'completed', tone: 'good' },
  failed: { word: 'failed', tone: 'bad' },
  canceled: { word: 'canceled', tone: 'off' },
  // steps, transfers, attempts
  succeeded: { word: 'succeeded', tone: 'good' },
  lost: { word: 'lost', tone: 'bad' },
  timedOut: { word: 'out of time', tone: 'bad' },
  preempted: { word: 'preempted', tone: 'late' },
  released: { word: 'given back', tone: 'off' },
  // sites, instruments
  up: { word: 'up', tone: 'good' },
  silent: { word: 'silent', tone: 'bad' },
  closed: { word: 'closed', tone: 'off' },
  // questions to people
  open: { word: 'open', tone: 'waiting' },
  answered: { word: 'answered', tone: 'good' },
  expired: { word: 'expired', tone: 'late' },
  // pilots
  wanted: { word: 'wanted', tone: 'waiting' },
  submitted: { word: 'submitted', tone: 'waiting' },
  running: { word: 'running', tone: 'active' },
  ended: { word: 'ended', tone: 'off' },
};

/** The look of any status word of the API; an unknown word is shown as it is. */
export function lookOf(status: string): StatusLook {
  return looks[status] ?? { word: status, tone: 'off' };
}
