import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { hub } from '../api/hub.ts';
import { queries } from '../api/queries.ts';
import { formatBytes } from '../format/quantity.ts';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { JsonView } from '../parts/json-view.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { JobAttempts } from './job-attempts.tsx';
import { JobExplanation } from './job-explanation.tsx';
import { JobFacts } from './job-facts.tsx';
import { JobHistory } from './job-history.tsx';
import { JobLog } from './job-log.tsx';
import classes from './job-page.module.css';

const route = getRouteApi('/jobs/$jobId');

/** One job: where it stands and why, its attempts, its command, its log, its files. */
export function JobPage() {
  const { jobId } = route.useParams();
  const queryClient = useQueryClient();
  const { data, isLoadingError, error, refetch } = useQuery(queries.job(jobId));
  if (isLoadingError) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <p className="ip-dim">…</p>;
  const { job, attempts } = data;
  const cancel = async () => {
    await unwrap(hub.POST('/api/v1/jobs/{jobId}/cancel', { params: { path: { jobId } } }));
    await queryClient.invalidateQueries({ queryKey: queries.job(jobId).queryKey });
  };
  return (
    <>
      <PageHeader title={job.label || job.id} above={<Link to="/jobs">Jobs</Link>}>
        {job.endedAt === null && (
          <ConfirmButton
            label="Cancel job"
            question="A job that runs is asked to end, and stopped a few seconds later."
            confirm="Cancel job"
            onConfirm={cancel}
          />
        )}
      </PageHeader>
      <div className={classes.grid}>
        <section className="ip-panel">
          <h2>Job</h2>
          <JobFacts job={job} />
        </section>
        <div className="ip-stack">
          <JobExplanation job={job} />
          <section className="ip-panel">
            <h2>History</h2>
            <JobHistory jobId={jobId} />
          </section>
          <section className="ip-panel">
            <h2>Command</h2>
            <pre className="ip-pre">{commandText(job, attempts)}</pre>
          </section>
        </div>
        <section className={`ip-panel ${classes.wide}`}>
          <h2>Attempts</h2>
          <JobAttempts attempts={attempts} />
        </section>
        {attempts.length > 0 && (
          <section className={`ip-panel ${classes.wide}`}>
            <JobLog job={job} attempts={attempts} />
          </section>
        )}
        <section className={`ip-panel ${classes.wide}`}>
          <h2>Files</h2>
          <Files job={job} />
          <JsonView title="Parameters" value={job.parameters} />
        </section>
      </div>
    </>
  );
}

/** The command of the newest attempt with its real paths; before that, the template. */
function commandText(job: Schemas['Job'], attempts: Schemas['JobAttempt'][]): string {
  const argv = attempts.at(-1)?.argv ?? [];
  const words = argv.length > 0 ? argv : job.command.flat();
  return words
    .map((word) => (/^[\w@%+=:,./{}-]+$/.test(word) ? word : JSON.stringify(word)))
    .join(' ');
}

function Files(props: { job: Schemas['Job'] }) {
  const inputs = Object.entries(props.job.inputs);
  const { outputs } = props.job;
  if (inputs.length + outputs.length === 0) return <p className="ip-dim">none</p>;
  return (
    <ul className={classes.files}>
      {inputs.map(([name, location]) => (
        <li key={`in ${name}`}>
          <span>input {name}</span>
          <span className="ip-mono">{location}</span>
        </li>
      ))}
      {outputs.map((output) => (
        <li key={`out ${output.location}`}>
          <span>output {output.name}</span>
          <span className="ip-mono">{output.location}</span>
          <span className="ip-dim">{formatBytes(output.sizeBytes)}</span>
        </li>
      ))}
    </ul>
  );
}
