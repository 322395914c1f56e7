import { useMemo } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { WhoMayWork } from '../access/who-may-work.tsx';
import { hub } from '../api/hub.ts';
import { jobQueries } from '../api/job-queries.ts';
import { formatCount } from '../format/quantity.ts';
import { BulkButton } from '../jobs/bulk-button.tsx';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { DurationsPlot } from './durations-plot.tsx';
import { countEnded } from './ensemble-progress.ts';
import { EnsembleSummary } from './ensemble-summary.tsx';
import { FailureGroups } from './failure-groups.tsx';
import { JobGrid } from './job-grid.tsx';
import { SitesOfEnsemble } from './sites-of-ensemble.tsx';
import classes from './ensemble-page.module.css';

const route = getRouteApi('/ensembles/$ensembleId');

/** One ensemble: how far it is, every job of it, how long they took, what failed and why. */
export function EnsemblePage() {
  const { ensembleId } = route.useParams();
  const { data, isLoadingError, error, refetch } = useQuery(jobQueries.ensemble(ensembleId));
  if (isLoadingError) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <p className="ip-dim">…</p>;
  const { ensemble, failures, bySite, runSeconds } = data;
  return (
    <>
      <PageHeader title={ensemble.label} above={<Link to="/ensembles">Ensembles</Link>}>
        <span className="ip-dim">
          {ensemble.owner}, project {ensemble.project}, submitted{' '}
          <TimeText at={ensemble.createdAt} />
          {tagWords(ensemble.tags)}
        </span>
        <WhoMayWork project={ensemble.project}>
          <Actions ensemble={ensemble} />
        </WhoMayWork>
      </PageHeader>
      <div className="ip-stack">
        <EnsembleSummary key={ensembleId} ensemble={ensemble} />
        <GridAndTimes ensembleId={ensembleId} summary={runSeconds}>
          <section className="ip-panel">
            <h2>By site</h2>
            <SitesOfEnsemble bySite={bySite} />
          </section>
        </GridAndTimes>
        <section className="ip-panel">
          <h2>What failed, by reason</h2>
          <FailureGroups {...{ ensembleId, failures }} project={ensemble.project} />
        </section>
      </div>
    </>
  );
}

function Actions(props: { ensemble: Schemas['Ensemble'] }) {
  const { id, total, counts, endedAt } = props.ensemble;
  const queryClient = useQueryClient();
  const open = total - countEnded(counts);
  const failed = counts.failed ?? 0;
  const cancel = async () => {
    const path = { ensembleId: id };
    await unwrap(hub.POST('/api/v1/ensembles/{ensembleId}/cancel', { params: { path } }));
    await queryClient.invalidateQueries({ queryKey: jobQueries.ensemble(id).queryKey });
    await queryClient.invalidateQueries({ queryKey: jobQueries.ensembleGrid(id).queryKey });
  };
  return (
    <>
      <Link to="/jobs" search={{ ensemble: id }}>
        Its jobs
      </Link>
      {failed > 0 && (
        <BulkButton
          action="retry"
          choice={{ filter: { ensemble: id, state: 'failed' } }}
          label="Run failed ones again…"
          size="sm"
        />
      )}
      {endedAt === null && (
        <ConfirmButton
          label="Cancel ensemble"
          question={
            `${formatCount(open)} jobs that have not ended are canceled; ` +
            'what runs is asked to end, and stopped a few seconds later.'
          }
          confirm={`Cancel ${formatCount(open)} jobs`}
          onConfirm={cancel}
        />
      )}
    </>
  );
}

function GridAndTimes(props: {
  ensembleId: string;
  summary: { p50: number; p90: number; longest: number } | null;
  children: React.ReactNode;
}) {
  const { data: grid, isLoadingError, error } = useQuery(jobQueries.ensembleGrid(props.ensembleId));
  const runs = useMemo(
    () =>
      grid?.runSeconds.filter(
        (seconds, index): seconds is number =>
          seconds !== null && grid.states[index] === 'completed',
      ) ?? [],
    [grid],
  );
  return (
    <div className={classes.columns}>
      <section className="ip-panel">
        <h2>Every job, in the order of the request</h2>
        {isLoadingError && <ProblemNotice error={error} />}
        {grid && grid.jobIds.length > 0 && <JobGrid grid={grid} />}
      </section>
      <div className="ip-stack">
        <section className="ip-panel">
          <h2>Run times of the completed</h2>
          <DurationsPlot runSeconds={runs} summary={props.summary} />
        </section>
        {props.children}
      </div>
    </div>
  );
}

function tagWords(tags: Record<string, string>): string {
  return Object.entries(tags)
    .map(([name, value]) => `, ${name}: ${value}`)
    .join('');
}
