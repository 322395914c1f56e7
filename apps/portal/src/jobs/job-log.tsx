import { useEffect, useRef, useState } from 'react';
import { Button, Checkbox, NativeSelect, SegmentedControl } from '@mantine/core';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { formatBytes } from '../format/quantity.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useLogTail, type LogAddress, type LogTail } from './use-log-tail.ts';
import classes from './job-log.module.css';

/** A job's stdout or stderr, live. */
export function JobLog(props: { job: Schemas['Job']; attempts: Schemas['JobAttempt'][] }) {
  const { job, attempts } = props;
  const [stream, setStream] = useState<LogAddress['stream']>(
    job.state === 'failed' ? 'stderr' : 'stdout',
  );
  const newest = attempts.at(-1)?.number ?? 1;
  const [chosen, setChosen] = useState<number | null>(null);
  const attempt = chosen ?? newest;
  return (
    <Follower key={`${job.id} ${stream} ${attempt}`} address={{ jobId: job.id, stream, attempt }}>
      <SegmentedControl
        aria-label="Stream"
        size="xs"
        value={stream}
        data={['stdout', 'stderr']}
        onChange={(value) => setStream(value)}
      />
      {attempts.length > 1 && (
        <NativeSelect
          aria-label="Attempt"
          size="xs"
          value={String(attempt)}
          data={attempts.map(({ number }) => ({
            value: String(number),
            label: `attempt ${number}`,
          }))}
          onChange={(event) => setChosen(Number(event.currentTarget.value))}
        />
      )}
    </Follower>
  );
}

/** Nearer to the end than this counts as at the end, in pixels. */
const endPixels = 24;

function Follower(props: { address: LogAddress; children: React.ReactNode }) {
  const [isPaused, setPaused] = useState(false);
  const [isWrapped, setWrapped] = useState(true);
  const [isAtEnd, setAtEnd] = useState(true);
  const tail = useLogTail(props.address, isPaused);
  const place = useRef<HTMLPreElement>(null);
  const toEnd = () => {
    const element = place.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
  };
  useEffect(() => {
    if (isAtEnd) toEnd();
  }, [tail.text, isAtEnd, isWrapped]);
  const onScroll = (event: React.UIEvent<HTMLPreElement>) => {
    const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
    setAtEnd(scrollHeight - scrollTop - clientHeight < endPixels);
  };
  return (
    <>
      <div className={classes.bar}>
        <h2 className="ip-heading">Log</h2>
        {props.children}
        <Checkbox
          size="xs"
          label="Wrap"
          checked={isWrapped}
          onChange={(event) => setWrapped(event.currentTarget.checked)}
        />
        {!tail.hasEnded && (
          <Button variant="default" size="compact-sm" onClick={() => setPaused(!isPaused)}>
            {isPaused ? 'Go on' : 'Pause'}
          </Button>
        )}
        {!isAtEnd && (
          <Button variant="default" size="compact-sm" onClick={toEnd}>
            Jump to the end
          </Button>
        )}
        <span className="ip-dim">{tailWords(tail, isPaused)}</span>
      </div>
      {tail.error !== null && <ProblemNotice error={tail.error} />}
      <pre
        ref={place}
        className={`ip-pre ${classes.text}`}
        data-wrap={isWrapped}
        role="log"
        aria-label={props.address.stream}
        aria-live="off"
        onScroll={onScroll}
      >
        {logWords(tail)}
      </pre>
    </>
  );
}

function logWords(tail: LogTail): string {
  if (!tail.isKnown) return '…';
  if (tail.text !== '') return tail.text;
  return tail.hasEnded ? 'Nothing was written.' : 'Nothing has been written yet.';
}

function tailWords(tail: LogTail, isPaused: boolean): string {
  const size = tail.isCut ? `the end of ${formatBytes(tail.sizeBytes)}` : '';
  const state = tail.hasEnded ? 'ended' : isPaused ? 'paused' : 'live';
  return [tail.isKnown ? state : '', size].filter((word) => word !== '').join(', ');
}
