import type { TimingPiece } from '@interpulse/domain/instrument/shot-timing.ts';

/** The parts of a shot's time, for people. */
export const pieceWords: Record<TimingPiece, string> = {
  recording: 'taking the data',
  noticing: 'noticing the file',
  starting: 'starting the flow',
  transferring: 'transfers',
  waiting: 'waiting for a pilot',
  running: 'running',
  publishing: 'publishing',
  returning: 'returning results',
  acting: 'other actions',
  pausing: 'waits of the flow',
  overhead: 'between steps',
};

/** In the order of a usual shot. */
export const pieceOrder = Object.keys(pieceWords) as TimingPiece[];
