import { useEffect, useRef, useState } from 'react';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { hub } from '../api/hub.ts';
import { appendLog, emptyLog, shownLog, type LogText } from './log-text.ts';

/** Characters of a log kept on the screen; older lines are let go. */
const shownCharacters = 512 * 1024;
/** Between an answer without news, or a refused question, and the next question. */
const restMilliseconds = { quiet: 500, refused: 4000 };

/** A log as it is shown. */
export interface LogTail {
  text: string;
  /** There is more before what is shown. */
  isCut: boolean;
  sizeBytes: number;
  /** Nothing more will come. */
  hasEnded: boolean;
  /** Null before the first answer. */
  isKnown: boolean;
  error: unknown;
}

/** Which log. */
export interface LogAddress {
  jobId: string;
  stream: 'stdout' | 'stderr';
  attempt: number;
}

const unknown: LogTail = {
  text: '',
  isCut: false,
  sizeBytes: 0,
  hasEnded: false,
  isKnown: false,
  error: null,
};

/**
 * Follows a log: the hub holds each question until there is something new. Paused, it asks nothing
 * and goes on later where it stopped. For another log, mount anew.
 */
export function useLogTail(address: LogAddress, isPaused: boolean): LogTail {
  const { jobId, stream, attempt } = address;
  const [tail, setTail] = useState(unknown);
  const place = useRef<{ log: LogText; next: number | null }>({ log: emptyLog, next: null });

  useEffect(() => {
    if (isPaused) return;
    const stopping = new AbortController();
    const { signal } = stopping;

    const askOnce = async (): Promise<'more' | 'quiet' | 'over'> => {
      const { log, next } = place.current;
      const held = next === null ? {} : { after: next, wait: limits.logWaitSeconds };
      const query = { stream, attempt, ...held };
      const path = { jobId };
      const answer = await unwrap(
        hub.GET('/api/v1/jobs/{jobId}/log', { params: { path, query }, signal }),
      );
      if (signal.aborted) return 'over';
      const grown = appendLog(log, answer.text, shownCharacters);
      // The first answer is the end of what there is; what came before it is not shown.
      const isTail = next === null && byteLength(answer.text) < answer.next;
      const isCut = grown.isCut || isTail;
      place.current = { log: { ...grown, isCut }, next: answer.next };
      const hasEnded = answer.ended && answer.next >= answer.sizeBytes;
      const { sizeBytes } = answer;
      setTail({ text: shownLog(grown), isCut, sizeBytes, hasEnded, isKnown: true, error: null });
      if (hasEnded) return 'over';
      return answer.text === '' ? 'quiet' : 'more';
    };

    void followUntil(signal, askOnce, (error) => setTail((before) => ({ ...before, error })));
    return () => stopping.abort();
  }, [jobId, stream, attempt, isPaused]);

  return tail;
}

async function followUntil(
  signal: AbortSignal,
  askOnce: () => Promise<'more' | 'quiet' | 'over'>,
  onError: (error: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    let rest = 0;
    try {
      const outcome = await askOnce();
      if (outcome === 'over') return;
      if (outcome === 'quiet') rest = restMilliseconds.quiet;
    } catch (error) {
      if (signal.aborted) return;
      onError(error);
      rest = restMilliseconds.refused;
    }
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
  }
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
