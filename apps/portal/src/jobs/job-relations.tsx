import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { jobQueries } from '../api/job-queries.ts';
import { formatCount } from '../format/quantity.ts';
import { StatusMark } from '../parts/status-mark.tsx';
import classes from './job-relations.module.css';

type Job = Schemas['Job'];

/** Parents that are asked for by name; of more, only the number is said. */
const namedParents = 12;

/** The jobs that a job waits for, and those that wait for it. */
export function JobRelations(props: { job: Job }) {
  const { job } = props;
  const children = useQuery(jobQueries.children(job.id));
  const parents = useQueries({
    queries: job.parents.slice(0, namedParents).map((id) => jobQueries.job(id)),
  });
  const after = children.data?.items ?? [];
  if (job.parents.length === 0 && after.length === 0 && job.createdByJobId === null) return null;
  const more = job.parents.length - namedParents;
  return (
    <section className="ip-panel">
      <h2>What comes before and after</h2>
      <div className={classes.sides}>
        {job.parents.length > 0 && (
          <Side title={parentsTitle(job)}>
            {parents.map((parent, place) => (
              <JobLine key={job.parents[place]} job={parent.data?.job} />
            ))}
            {more > 0 && <li className="ip-dim">and {formatCount(more)} more</li>}
          </Side>
        )}
        {after.length > 0 && (
          <Side title="These wait for it">
            {after.map((child) => (
              <JobLine key={child.id} job={child} />
            ))}
            <li>
              <Link to="/jobs" search={{ parent: job.id }}>
                All that wait for it
              </Link>
            </li>
          </Side>
        )}
        {job.createdByJobId !== null && (
          <Side title="Submitted by">
            <li>
              <Link to="/jobs/$jobId" params={{ jobId: job.createdByJobId }}>
                another job
              </Link>
            </li>
          </Side>
        )}
      </div>
    </section>
  );
}

function parentsTitle(job: Job): string {
  const verb = job.state === 'waiting' ? 'waits' : 'waited';
  return `It ${verb} for ${countWords(job.parents.length)}`;
}

function Side(props: { title: string; children: React.ReactNode }) {
  return (
    <div>
      <h3>{props.title}</h3>
      <ul>{props.children}</ul>
    </div>
  );
}

function JobLine(props: { job: Job | undefined }) {
  if (props.job === undefined) return <li className="ip-dim">…</li>;
  const { id, label, state } = props.job;
  return (
    <li>
      <StatusMark status={state} />{' '}
      <Link to="/jobs/$jobId" params={{ jobId: id }}>
        {label || id}
      </Link>
    </li>
  );
}

function countWords(count: number): string {
  return count === 1 ? '1 job' : `${formatCount(count)} jobs`;
}
