import type { JobState } from '@interpulse/domain/job/job-state.ts';

/**
 * Colours of states where thousands stand side by side: what waits is grey, what runs blue-green,
 * what failed red and the strongest, so that few failures among many are seen. Lightness differs as
 * well as hue.
 */
export const stateColours: Record<'light' | 'dark', Record<JobState, string>> = {
  light: {
    waiting: '#e3e8ea',
    queued: '#d0d8dc',
    placed: '#bcc7cd',
    stagingIn: '#9fc3d1',
    ready: '#9aa8b0',
    active: '#1c6a81',
    stagingOut: '#5aa0b5',
    completed: '#9bd0ae',
    failed: '#c0261c',
    canceled: '#5d6469',
  },
  dark: {
    waiting: '#273035',
    queued: '#343f45',
    placed: '#414e55',
    stagingIn: '#3b6675',
    ready: '#5a6972',
    active: '#6fc3dc',
    stagingOut: '#4d93a8',
    completed: '#2c6a45',
    failed: '#ff7d73',
    canceled: '#a9b3b9',
  },
};
