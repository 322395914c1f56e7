import { useEffect, useRef, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { NativeSelect, SegmentedControl } from '@mantine/core';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { queries } from '../api/queries.ts';
import { formatBytes } from '../format/quantity.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import classes from './job-log.module.css';

/** Logs are asked of the site and not pushed; this often while the job runs. */
const refreshMilliseconds = 2000;

/** The tail of a job's stdout or stderr; follows while the job runs. */
export function JobLog(props: { job: Schemas['Job']; attempts: Schemas['JobAttempt'][] }) {
  const { job, attempts } = props;
  const [stream, setStream] = useState<'stdout' | 'stderr'>(
    job.state === 'failed' ? 'stderr' : 'stdout',
  );
  const newest = attempts.at(-1)?.number ?? 1;
  const [chosen, setChosen] = useState<number | null>(null);
  const attempt = chosen ?? newest;
  const isRunning = job.state === 'active' && attempt === newest;
  const log = useQuery({
    ...queries.jobLog(job.id, stream, attempt),
    refetchInterval: isRunning ? refreshMilliseconds : false,
  });
  const place = useRef<HTMLPreElement>(null);
  const text = log.data?.text;
  useEffect(() => {
    const element = place.current;
    if (element !== null && isRunning) element.scrollTop = element.scrollHeight;
  }, [text, isRunning]);
  const isCut = log.data !== undefined && log.data.sizeBytes > log.data.text.length * 4;
  return (
    <>
      <div className={classes.bar}>
        <h2 className="ip-heading">Log{isRunning ? ', followed while it runs' : ''}</h2>
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
        {isCut && <span className="ip-dim">the end of {formatBytes(log.data.sizeBytes)}</span>}
      </div>
      {log.isLoadingError ? (
        <ProblemNotice error={log.error} onRetry={() => void log.refetch()} />
      ) : (
        <pre ref={place} className={`ip-pre ${classes.text}`} role="log" aria-label={stream}>
          {text === '' ? 'empty' : (text ?? '…')}
        </pre>
      )}
    </>
  );
}
