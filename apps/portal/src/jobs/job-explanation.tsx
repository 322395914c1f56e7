import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { jobQueries } from '../api/job-queries.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { SiteComparison } from './site-comparison.tsx';

/** Why a job waits, runs where it runs, or failed, and what the placer saw. */
export function JobExplanation(props: { job: Schemas['Job'] }) {
  const { job } = props;
  const { data, isLoadingError, error } = useQuery(jobQueries.jobExplanation(job.id));
  return (
    <section className="ip-panel">
      <h2>{job.endedAt === null ? 'Why it is where it is' : 'What became of it'}</h2>
      {isLoadingError && <ProblemNotice error={error} />}
      {data && (
        <>
          <p style={{ margin: '0 0 4px', fontSize: '1.0625rem' }}>{data.summary}</p>
          {data.unblock !== null && <p style={{ margin: '0 0 8px' }}>{data.unblock}</p>}
          {data.sites.length > 0 && (
            <SiteComparison sites={data.sites} deadlineAt={job.deadlineAt} chosen={job.siteName} />
          )}
        </>
      )}
    </section>
  );
}
