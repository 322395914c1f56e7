import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { jobQueries } from '../api/job-queries.ts';
import { queries } from '../api/queries.ts';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { draftOfJob, emptyDraft } from './job-draft.ts';
import { SubmitForm } from './submit-form.tsx';

const route = getRouteApi('/jobs/new');

/** A form that submits a job: of an app, as another job was, or a plain command. */
export function SubmitPage() {
  const { app, from } = route.useSearch();
  const apps = useQuery(queries.apps());
  const job = useQuery({ ...jobQueries.job(from ?? ''), enabled: from !== undefined });
  const error = apps.error ?? job.error;
  const isReady = apps.data !== undefined && (from === undefined || job.data !== undefined);
  const known = apps.data?.items ?? [];
  const before = job.data?.job;
  const draft =
    before === undefined
      ? { ...emptyDraft, app: app ?? '' }
      : draftOfJob(
          before,
          known.find((each) => each.name === before.app),
        );
  return (
    <>
      <PageHeader title="Submit a job" above={<Link to="/jobs">Jobs</Link>}>
        {before && (
          <span className="ip-dim">
            as{' '}
            <Link to="/jobs/$jobId" params={{ jobId: before.id }}>
              {before.label || before.id}
            </Link>
          </span>
        )}
      </PageHeader>
      {error !== null && <ProblemNotice error={error} />}
      {isReady && <SubmitForm key={`${app} ${from}`} start={draft} apps={known} />}
    </>
  );
}
