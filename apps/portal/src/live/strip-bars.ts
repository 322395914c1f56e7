import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { isAnswered } from './freshness.ts';

type Shot = Schemas['Shot'];

/** One shot on the strip: seconds to its answer against seconds to its deadline. */
export interface StripBar {
  shot: Shot;
  outcome: 'inTime' | 'late' | 'failed' | 'pending' | 'none';
  /** To the answer, or so far while pending; null when there is none. */
  seconds: number | null;
  /** To the deadline; null without one. */
  deadlineSeconds: number | null;
}

/** Bars of the strip, oldest first; `shots` come newest first. */
export function stripBars(shots: Shot[], nowMilliseconds: number): StripBar[] {
  return shots.toReversed().map((shot): StripBar => {
    const zero = zeroOf(shot);
    const toSeconds = (at: string | null) => (at === null ? null : (Date.parse(at) - zero) / 1000);
    const deadlineSeconds = toSeconds(shot.deadlineAt);
    if (isAnswered(shot)) {
      const outcome = shot.inTime === false ? 'late' : 'inTime';
      return { shot, outcome, seconds: toSeconds(shot.answeredAt), deadlineSeconds };
    }
    if (shot.flowStatus === 'FAILED' || shot.flowStatus === 'ENDED') {
      return { shot, outcome: 'failed', seconds: null, deadlineSeconds };
    }
    if (shot.flowRunId === null && shot.flowStatus === null) {
      return { shot, outcome: 'none', seconds: null, deadlineSeconds };
    }
    const seconds = Math.max(0, (nowMilliseconds - zero) / 1000);
    const isOver = deadlineSeconds !== null && seconds > deadlineSeconds;
    return { shot, outcome: isOver ? 'late' : 'pending', seconds, deadlineSeconds };
  });
}

/** Answer times count from the closed file; the deadline is put on the same scale. */
function zeroOf(shot: Shot): number {
  if (shot.answeredAt === null || shot.answerSeconds === null) return Date.parse(shot.takenAt);
  return Date.parse(shot.answeredAt) - shot.answerSeconds * 1000;
}

/** The strip in a few figures; pending shots are not counted. */
export function summarizeBars(bars: StripBar[]) {
  const ended = bars.filter((bar) => bar.outcome !== 'pending' && bar.outcome !== 'none');
  const answered = ended.flatMap((bar) =>
    isAnswered(bar.shot) && bar.seconds !== null ? [bar.seconds] : [],
  );
  answered.sort((a, b) => a - b);
  return {
    ended: ended.length,
    inTime: ended.filter((bar) => bar.outcome === 'inTime').length,
    medianSeconds: answered[Math.floor(answered.length / 2)] ?? null,
    slowestSeconds: answered.at(-1) ?? null,
  };
}
