import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { WhoMayWork } from '../access/who-may-work.tsx';
import { jobQueries } from '../api/job-queries.ts';
import { commandLine } from '../format/command-line.ts';
import { JsonView } from '../parts/json-view.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { JobActions } from './job-actions.tsx';
import { JobAttempts } from './job-attempts.tsx';
import { JobExplanation } from './job-explanation.tsx';
import { JobFacts } from './job-facts.tsx';
import { JobFiles } from './job-files.tsx';
import { JobHistory } from './job-history.tsx';
import { JobLife } from './job-life.tsx';
import { JobLog } from './job-log.tsx';
import { JobRelations } from './job-relations.tsx';
import classes from './job-page.module.css';

const route = getRouteApi('/jobs/$jobId');

/** One job: where it stands and why, its log, its attempts, its files, its relations. */
export function JobPage() {
  const { jobId } = route.useParams();
  const { data, isLoadingError, error, refetch } = useQuery(jobQueries.job(jobId));
  if (isLoadingError) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <p className="ip-dim">…</p>;
  const { job, attempts } = data;
  return (
    <>
      <PageHeader title={job.label || job.id} above={<Above job={job} />}>
        <WhoMayWork project={job.project}>
          <JobActions key={jobId} job={job} />
        </WhoMayWork>
      </PageHeader>
      <JobLife job={job} />
      <div className="ip-beside">
        <section className={`ip-panel ${classes.facts}`}>
          <h2>Job</h2>
          <JobFacts job={job} />
        </section>
        <div className="ip-stack">
          <JobExplanation job={job} />
          <JobRelations job={job} />
          {attempts.length > 0 && (
            <section className="ip-panel">
              <JobLog key={jobId} job={job} attempts={attempts} />
            </section>
          )}
          {attempts.length === 0 && (
            <section className="ip-panel">
              <h2>Command, before its values are filled in</h2>
              <pre className="ip-pre">{commandLine(job.command.flat())}</pre>
            </section>
          )}
        </div>
        {attempts.length > 0 && (
          <section className="ip-panel ip-whole">
            <h2>Attempts</h2>
            <JobAttempts key={jobId} attempts={attempts} />
          </section>
        )}
        <section className="ip-panel ip-whole">
          <h2>Files</h2>
          <JobFiles job={job} />
        </section>
        <section className="ip-panel ip-whole">
          <JsonView title="Parameters" value={job.parameters} />
        </section>
        <section className="ip-panel ip-whole">
          <h2>History</h2>
          <JobHistory jobId={jobId} />
        </section>
      </div>
    </>
  );
}

function Above(props: { job: Schemas['Job'] }) {
  const { ensembleId } = props.job;
  return (
    <>
      <Link to="/jobs">Jobs</Link>
      {ensembleId !== null && (
        <>
          {' / '}
          <Link to="/ensembles/$ensembleId" params={{ ensembleId }}>
            Its ensemble
          </Link>
        </>
      )}
    </>
  );
}
