import { formatDuration } from '../format/duration.ts';
import type { Pipeline } from './pipeline-bars.ts';

/** When the answer is expected, in words, and whether that is too late. */
export interface ExpectedAnswer {
  text: string;
  isLate: boolean;
}

/**
 * `Answer expected in 12 s, 6 s before the next shot`.
 * @param due what the deadline is: `the next shot`, or `the deadline`
 */
export function expectedAnswer(
  { nowSeconds, finishSeconds, deadlineSeconds }: Pipeline,
  due: string,
): ExpectedAnswer | null {
  if (nowSeconds === null) return null;
  const left = deadlineSeconds === null ? null : deadlineSeconds - nowSeconds;
  if (finishSeconds === null) {
    if (left === null) return null;
    const text = `${whole(left)} ${left < 0 ? 'after' : 'until'} ${due}`;
    return { text, isLate: left < 0 };
  }
  const inSeconds = finishSeconds - nowSeconds;
  const when = inSeconds < 0.5 ? 'at any moment' : `in ${whole(inSeconds)}`;
  if (deadlineSeconds === null) return { text: `Answer expected ${when}`, isLate: false };
  const spare = deadlineSeconds - finishSeconds;
  const side = spare < 0 ? 'after' : 'before';
  return { text: `Answer expected ${when}, ${whole(spare)} ${side} ${due}`, isLate: spare < 0 };
}

/** Whole seconds where there are many: what is read across the room does not flicker. */
function whole(seconds: number): string {
  const size = Math.abs(seconds);
  return size < 9.5 ? formatDuration(size) : formatDuration(size).replace(/^(\d+)\.\d s$/, '$1 s');
}
