import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { jobQueries } from '../api/job-queries.ts';
import { appendLog, emptyLog, shownLog } from '../jobs/log-text.ts';

const shownLines = 12;

/** The last lines that a job wrote, where its failure is read: most often they say why. */
export function LogEnd(props: { jobId: string }) {
  const { data, isLoadingError, error } = useQuery(jobQueries.logEnd(props.jobId));
  if (isLoadingError) return <p className="ip-dim">Its log cannot be read now: {error.message}</p>;
  if (data === undefined) return <p className="ip-dim">…</p>;
  const { stream, text } = data;
  const lines = shownLog(appendLog(emptyLog, text, Infinity))
    .trimEnd()
    .split('\n');
  if (text === '') return <p className="ip-dim">It wrote nothing.</p>;
  return (
    <>
      <p style={{ margin: '4px 0' }}>
        <b style={{ fontWeight: 600 }}>The end of {stream}</b>{' '}
        <Link to="/jobs/$jobId" params={{ jobId: props.jobId }}>
          all of it
        </Link>
      </p>
      <pre className="ip-pre" style={{ marginBottom: 10 }} aria-label={`The end of ${stream}`}>
        {lines.slice(-shownLines).join('\n')}
      </pre>
    </>
  );
}
